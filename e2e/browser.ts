import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page } from '@playwright/test'
import { chromium, findChromium } from './chromium.mjs'
import { test as base, expect } from './world.ts'

/**
 * A browser as people have it: one window, of whose tabs one is in view. Playwright's own pages are all in view for ever, so
 * this one is started by hand, and left as it is.
 */
export const test = base.extend<{ throttledAfter: number; preferences: object }>({
  /** After so many seconds out of view a page's timers run once a minute; five minutes as Chromium is shipped. */
  throttledAfter: [300, { option: true }],
  /** What people set in Chromium's settings. */
  preferences: [{}, { option: true }],
  context: async ({ playwright, throttledAfter, preferences }, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'stillhere-'))
    await mkdir(join(profile, 'Default'))
    await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences))
    const browser = spawn(
      findChromium()!,
      [
        ...chromium.args,
        '--headless',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        `--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/${throttledAfter}`,
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    const endpoint = await new Promise<string>((resolve, reject) => {
      browser.stderr.on('data', (text) => {
        said += text
        const found = /listening on (ws:\S+)/.exec(said)
        if (found) resolve(found[1]!)
      })
      browser.on('exit', () => reject(new Error(`Chromium ended by itself: ${said}`)))
    })
    const connection = await playwright.chromium.connectOverCDP(endpoint, { noDefaults: true })
    const context = connection.contexts()[0]!
    await use(context)
    const ended = once(browser, 'exit')
    await (await connection.newBrowserCDPSession()).send('Browser.close')
    await ended
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  },
})

/** Freezes a page that is out of view, as Chromium does with tabs left alone for long. Returns how to thaw it. */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden')
  const wire: CDPSession = await page.context().newCDPSession(page)
  await wire.send('Page.setWebLifecycleState', { state: 'frozen' })
  return async () => {
    await wire.send('Page.setWebLifecycleState', { state: 'active' })
    await wire.detach()
  }
}
