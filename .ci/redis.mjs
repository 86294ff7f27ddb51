// Installs a redis-server for the tests of several instances, where that is easy; without one they are skipped, and say so.
import { spawnSync } from 'node:child_process'

const run = (command) => spawnSync(command, { stdio: 'inherit', shell: true }).status === 0

if (
  !run('redis-server --version >/dev/null 2>&1') &&
  process.getuid?.() === 0 &&
  run('command -v apt-get >/dev/null')
) {
  console.log('No redis-server found: installing one (once) …')
  // RUNLEVEL=1: the package is not to start the server as well.
  run('apt-get update -qq && RUNLEVEL=1 apt-get install -y -qq --no-install-recommends redis-server')
}
