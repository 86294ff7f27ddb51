// Installs Firefox and WebKitGTK for their smoke test, where that is easy; without them it is skipped, and this says why.
import { ENGINES, missing, packages } from '../e2e/engines/programs.mjs'
import { install } from './debian.mjs'

const lacking = () => ENGINES.filter((engine) => missing(engine).length)

if (lacking().length) install(...packages)
for (const engine of lacking())
  console.log(`The smoke test on ${engine} is skipped: no ${missing(engine).join(', no ')} on this machine.`)
if (lacking().length) console.log(`On Debian: sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`)
