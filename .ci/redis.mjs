// Installs a redis-server for the tests of several instances, where that is easy; without one they are skipped, and say so.
import { install, run } from './debian.mjs'

if (!run('redis-server --version >/dev/null 2>&1')) install('redis-server')
