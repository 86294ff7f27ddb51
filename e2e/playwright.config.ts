import { defineConfig } from '@playwright/test'
import { chromium, findChromium } from './chromium.mjs'
import { ENGINES, type EngineName } from './engines/programs.mjs'
import { S, SYSTEMS, type SystemId } from './systems.ts'

const executablePath = findChromium()
if (!executablePath) throw new Error(`No Chromium found. Type: ${chromium.remedy}`)

// What does not depend on the system is tried with one.
const WITH_ONE = ['start', 'particular', 'secrets', 'forged', 'policy', 'next'].map((name) => `${name}.spec.ts`)

export default defineConfig<{ system: SystemId; engineName: EngineName }>({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  projects: [
    ...(Object.keys(SYSTEMS) as SystemId[]).map((system) => ({
      name: system,
      use: { system },
      testIgnore: ['engines/*', ...(system === 'eclecticiq' ? [] : WITH_ONE)],
    })),
    // In these, time passes by itself.
    ...ENGINES.map((engineName) => ({
      name: engineName,
      testDir: 'engines',
      timeout: 120 * S,
      expect: { timeout: 15 * S },
      use: { engineName },
    })),
  ],
  use: {
    // Playwright switches the back-forward cache off, which users have on.
    launchOptions: { executablePath, args: chromium.args, ignoreDefaultArgs: ['--disable-back-forward-cache'] },
    trace: 'retain-on-failure',
  },
})
