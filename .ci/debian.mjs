// Installs Debian's packages, where that is easy.
import { spawnSync } from 'node:child_process'

/** Runs a command line of the shell; whether it went well. */
export const run = (command) => spawnSync(command, { stdio: 'inherit', shell: true }).status === 0

/** Installs packages as root on Debian, and does nothing elsewhere; what is there afterwards is for the caller to see. */
export function install(...packages) {
  if (process.getuid?.() !== 0 || !run('command -v apt-get >/dev/null')) return
  console.log(`Installing ${packages.join(', ')} (once) …`)
  // RUNLEVEL=1: what is a service is not to be started as well.
  const quietly = 'DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends'
  run(`apt-get update -qq && ${quietly} ${packages.join(' ')}`)
}
