import { defineConfig } from '@playwright/test'
import { chromium, findChromium } from './chromium.mjs'

const executablePath = findChromium()
if (!executablePath) throw new Error(`No Chromium found. Type: ${chromium.remedy}`)

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  use: {
    // Playwright switches the back-forward cache off, which users have on.
    launchOptions: { executablePath, args: chromium.args, ignoreDefaultArgs: ['--disable-back-forward-cache'] },
    trace: 'retain-on-failure',
  },
})
