import { readFile, writeFile } from 'node:fs/promises'
import { test as base, expect, type Page } from '@playwright/test'
import { bundleOf } from './servers.ts'

// How the parts look, by themselves: no demo around them, and a clock that stands still.

const MADE_WITH = new URL('./looks/made-with.json', import.meta.url)
const STYLES = new URL('../src/react/styles.css', import.meta.url)
const URL_HERE = 'http://looks.test/'

/** What a picture hangs on besides the code: the engine, and the fonts that are there. */
async function fingerprint(page: Page): Promise<Record<string, string>> {
  const widths = await page.evaluate(() =>
    ['400', '600', '650'].map((weight) => {
      const text = document.createElement('span')
      text.textContent = 'The quick brown fox is still here: 0123456789'
      text.style.cssText = `position: fixed; white-space: nowrap; font: ${weight} 16px var(--stillhere-font)`
      document.body.append(text)
      const { width, height } = text.getBoundingClientRect()
      text.remove()
      return `${width.toFixed(2)} × ${height.toFixed(2)}`
    }),
  )
  const [major = ''] = page.context().browser()!.version().split('.')
  return { chromium: major, text: widths.join(', ') }
}

const test = base.extend<{ show: (what: 'warning' | 'hurry' | 'trouble' | 'login' | 'lock') => Promise<void> }>({
  show: async ({ page }, use) => {
    const library = await bundleOf(
      'stillhere',
      `export * from './src/react/index.ts'
      export * from './src/testing/index.ts'
      export { createElement } from 'react'
      export { createRoot } from 'react-dom/client'`,
    )
    await page.route(URL_HERE, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Looks</title>
          <style>:root { color-scheme: light dark } body { margin: 0; background: var(--stillhere-page) }</style>
          <div id="root"></div>`,
      }),
    )
    await page.goto(URL_HERE)
    await page.addStyleTag({ content: await readFile(STYLES, 'utf8') })
    await page.addScriptTag({ content: library })
    const here = await fingerprint(page)
    if (test.info().config.updateSnapshots === 'all') await writeFile(MADE_WITH, `${JSON.stringify(here, null, 2)}\n`)
    const there = JSON.parse(await readFile(MADE_WITH, 'utf8'))
    const other = Object.keys(here).filter((key) => here[key] !== there[key])
    const why = `The pictures are of another machine: ${other.map((key) => `${key} ${there[key]}, here ${here[key]}`).join('; ')}`
    if (other.length) console.log(why)
    test.skip(other.length > 0, why)
    await use((what) =>
      page.evaluate(async (what) => {
        // biome-ignore lint/suspicious/noExplicitAny: the script that has just been loaded.
        const { createElement: h, ...lib } = (globalThis as any).stillhere
        const { session, warn, advance, expire, world, settle } = lib.createTestSession(
          what === 'login' ? { status: 'signed-out', reason: 'idle' } : { user: { name: 'Ada' } },
        )
        const login = h(lib.LoginPage, { forgotPasswordUrl: '/forgotten' })
        const gate = h(lib.RequireSession, { mode: what === 'lock' ? 'lock' : 'login', login }, 'Work')
        const root = lib.createRoot(document.querySelector('#root'))
        root.render(h(lib.SessionProvider, { session }, h(lib.SessionWarning), gate))
        const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        await painted()
        if (what === 'lock') await expire('idle')
        else if (what !== 'login') {
          await warn()
          // The ring is full when the warning opens.
          await painted()
          await advance(what === 'hurry' ? 103_000 : 72_000)
        }
        if (what === 'trouble') {
          await world.goOffline()
          void session.stay()
          await settle()
        }
      }, what),
    )
  },
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [320, 1440]) {
    test.describe(`${width} px, ${colorScheme}`, () => {
      test.use({ colorScheme, viewport: { width, height: 720 } })

      for (const what of ['warning', 'hurry', 'trouble', 'login', 'lock'] as const) {
        // What differs from the warning only in a part of it is pictured once.
        if (/hurry|trouble/.test(what) && (width === 320 || colorScheme === 'dark')) continue
        test(`the ${what} looks as it did`, async ({ page, show }) => {
          await show(what)
          const part = { hurry: 'warning', trouble: 'warning', login: 'card' }[what as string] ?? what
          const shown = page.locator(`[data-stillhere="${part}"]`)
          if (what === 'hurry') await expect(shown).toHaveAttribute('data-hurry', '')
          if (what === 'trouble') await expect(shown).toHaveAttribute('data-state', 'trouble')
          await expect(shown).toHaveScreenshot(`${what}-${width}-${colorScheme}.png`, {
            threshold: 0.05,
            maxDiffPixelRatio: 0.005,
          })
        })
      }
    })
  }

test('with reduced motion the ring is whole, and nothing moves', async ({ page, show }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await show('warning')
  const ring = page.locator('[stroke-dashoffset]')
  await expect(ring).toHaveCSS('stroke-dasharray', 'none')
  await expect(ring).toHaveCSS('transition-duration', '0s')
  await expect(page.getByRole('button').first()).toHaveCSS('transition-duration', '0s')
  await expect(page.locator('[data-stillhere="count"]')).toHaveText(/48\s+sec/)
})

test('without it, the ring takes a second to where the next one finds it', async ({ page, show }) => {
  await show('warning')
  const ring = page.locator('[stroke-dashoffset]')
  await expect(ring).toHaveCSS('transition', 'stroke-dashoffset 1s linear')
  await expect(ring).toHaveAttribute('stroke-dashoffset', String(1 - 47 / 120))
})
