// Finds a Chromium for the browser tests, or installs one.
import { chromium, findChromium } from '../e2e/chromium.mjs'
import { install, run } from './debian.mjs'

if (!findChromium()) install('chromium', 'fonts-dejavu-core')
if (!findChromium()) {
  console.log('No Chromium found: installing one (once) …')
  run('npx playwright install chromium')
}
if (!findChromium()) {
  console.error(`No Chromium could be installed. Type this, then try again:\n\n  ${chromium.remedy}\n`)
  process.exit(1)
}
