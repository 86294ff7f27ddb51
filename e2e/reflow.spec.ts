import { lost, unread, untabbed } from './fit.ts'
import { reach, STATES } from './states.ts'
import { expect, type Page, S, test } from './world.ts'

// SC 1.4.4, 1.4.10, 1.4.12, 1.3.4, 2.4.11, 2.5.8: however small the window and however large the words, nothing is lost.

test.setTimeout(120 * S)

/** 1280 × 1024 at 400 %, a small phone upright and on its side. */
const WINDOWS = [
  { width: 320, height: 256 },
  { width: 320, height: 640 },
  { width: 568, height: 320 },
]

const LANGUAGES = {
  en: {},
  'en-XA': {
    lang: 'en-XA',
    name: 'somebody-with-a-name-that-no-line-is-long-enough-for@department.of.long.names.example.com',
  },
  'ar-XB': { lang: 'ar-XB', name: 'דנה כהן-לוי (analyst, 2) דנה@example.com' },
}

async function isFine(page: Page, what: string): Promise<void> {
  expect.soft(await lost(page), what).toEqual([])
  expect.soft(await unread(page), what).toEqual([])
  expect.soft(await untabbed(page), what).toEqual([])
}

/** As set in the browser, so that media queries know, too. */
async function makeWordsTwiceAsLarge(page: Page): Promise<void> {
  const wire = await page.context().newCDPSession(page)
  await wire.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
  await expect.poll(() => page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('32px')
}

const wordsStandApart = () => {
  // A sheet made by script: the page's policy takes no other.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(
    `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }`,
  )
  document.adoptedStyleSheets.push(sheet)
}

for (const state of STATES) {
  for (const [language, query] of Object.entries(LANGUAGES)) {
    test(`in small windows, in ${language}, nothing is lost: ${state.name}`, async ({ world }) => {
      const page = await reach(world, state, query)
      for (const size of WINDOWS) {
        await page.setViewportSize(size)
        await isFine(page, `${size.width} × ${size.height}`)
      }
    })
  }

  test(`with words twice as large, or further apart, nothing is lost: ${state.name}`, async ({ world }) => {
    const page = await reach(world, state)
    await page.evaluate(wordsStandApart)
    await page.setViewportSize({ width: 320, height: 640 })
    await isFine(page, 'apart')
    await makeWordsTwiceAsLarge(page)
    for (const size of [
      { width: 1280, height: 720 },
      { width: 640, height: 512 },
    ]) {
      await page.setViewportSize(size)
      await isFine(page, `apart, twice as large, ${size.width} × ${size.height}`)
    }
  })
}

test.describe('for fingers', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } })

  for (const name of ['login', 'new-password-pin-sent', 'warning', 'warning-final', 'lock']) {
    test(`all that can be pressed is 44 px high and wide: ${name}`, async ({ world }) => {
      const page = await reach(world, STATES.find((state) => state.name === name)!)
      expect(await page.evaluate(() => matchMedia('(pointer: coarse)').matches)).toBe(true)
      expect(await lost(page)).toEqual([])
    })
  }
})
