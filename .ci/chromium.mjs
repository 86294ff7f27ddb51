// Finds a Chromium for the browser tests, or installs one.
import { spawnSync } from 'node:child_process'
import { chromium, findChromium } from '../e2e/chromium.mjs'

const run = (command) => spawnSync(command, { stdio: 'inherit', shell: true }).status === 0
const isDebianRoot = () => process.getuid?.() === 0 && run('command -v apt-get >/dev/null')

if (!findChromium()) {
  console.log('No Chromium found: installing one (once) …')
  if (isDebianRoot())
    run('apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core')
  if (!findChromium()) run('npx playwright install chromium')
}
if (!findChromium()) {
  console.error(`No Chromium could be installed. Type this, then try again:\n\n  ${chromium.remedy}\n`)
  process.exit(1)
}
