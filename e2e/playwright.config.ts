import { defineConfig } from '@playwright/test'
import { chromium, findChromium } from './chromium.mjs'
import { SYSTEMS, type SystemId } from './systems.ts'

const executablePath = findChromium()
if (!executablePath) throw new Error(`No Chromium found. Type: ${chromium.remedy}`)

export default defineConfig<{ system: SystemId }>({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  projects: (Object.keys(SYSTEMS) as SystemId[]).map((system) => ({
    name: system,
    use: { system },
    // What does not depend on the system is tried with one.
    testIgnore:
      system === 'eclecticiq'
        ? []
        : [
            'start.spec.ts',
            'particular.spec.ts',
            'secrets.spec.ts',
            'forged.spec.ts',
            'policy.spec.ts',
            'next.spec.ts',
          ],
  })),
  use: {
    // Playwright switches the back-forward cache off, which users have on.
    launchOptions: { executablePath, args: chromium.args, ignoreDefaultArgs: ['--disable-back-forward-cache'] },
    trace: 'retain-on-failure',
  },
})
