import { defineConfig } from '@playwright/test'
import { chromium, findChromium } from './chromium.mjs'
import { ENGINES, type EngineName } from './engines/programs.mjs'
import { S, SYSTEMS, type SystemId } from './systems.ts'

const executablePath = findChromium()
if (!executablePath) throw new Error(`No Chromium found. Type: ${chromium.remedy}`)

// What does not depend on the system is tried with one.
const ONCE = [
  'start',
  'particular',
  'secrets',
  'forged',
  'policy',
  'next',
  'lifecycle',
  'lock',
  'failures',
  'cleared',
  'bare',
  'plain',
  'frames',
  'above',
  'display',
  'panel',
  'demo',
].map((name) => `${name}.spec.ts`)
// What the documents say, tried in a browser, and what takes long.
const DOCUMENTS = [
  'axios',
  'migration',
  'words',
  'recipe',
  'states',
  'colours',
  'reflow',
  'tree',
  'keyboard',
  'static',
  'looks',
].map((name) => `${name}.spec.ts`)
// What takes many tabs, or real minutes.
const MANY = 'many.spec.ts'
const ELSEWHERE = ['engines/*', 'package/*', MANY, ...DOCUMENTS]

export default defineConfig<{ system: SystemId; engineName: EngineName }>({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  // Real networks, processes and clocks on a busy machine: what passes only the second time is named as flaky.
  retries: 1,
  projects: [
    ...(Object.keys(SYSTEMS) as SystemId[]).map((system) => ({
      name: system,
      use: { system },
      testIgnore: system === 'eclecticiq' ? ELSEWHERE : [...ELSEWHERE, ...ONCE],
    })),
    {
      name: 'documents',
      testMatch: DOCUMENTS,
      // One file for each state, to be read.
      snapshotPathTemplate: '{testDir}/states/{arg}{ext}',
      expect: {
        toMatchAriaSnapshot: { children: 'deep-equal' as const },
        toHaveScreenshot: { pathTemplate: '{testDir}/looks/{arg}{ext}' },
      },
      use: { system: 'eclecticiq' as const },
    },
    // Traces of twenty tabs keep a machine so busy that the browser's database does not answer in time.
    { name: 'many', testMatch: MANY, workers: 1, use: { trace: 'off' as const } },
    // What npm pack gives, installed into apps of its own, which are built.
    { name: 'package', testDir: 'package', timeout: 400 * S, expect: { timeout: 15 * S } },
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
