import { existsSync } from 'node:fs'
import { chromium as playwright } from '@playwright/test'

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export const chromium = {
  remedy: process.platform === 'linux' ? 'sudo apt-get install -y chromium' : 'npx playwright install chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** The path of a Chromium on this machine: `CHROMIUM_PATH`, Playwright's own, or the system's. */
export function findChromium() {
  return [process.env.CHROMIUM_PATH, playwright.executablePath(), ...SYSTEM].find((path) => path && existsSync(path))
}
