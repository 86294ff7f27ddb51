import { openHost } from './host.ts'
import { ANALYST, dialog, expect, isIn, isOut, MIN, type Page, stay, test, type World } from './world.ts'

// How the warning and the login form look to whoever needs them larger, stiller or in colours of their own.

const lines = () => {
  const work = document.querySelector('#work')!
  for (let n = 0; n < 100; n++) work.append(Object.assign(document.createElement('p'), { textContent: `Line ${n}` }))
  scrollTo(0, 700)
}

async function openWarned(world: World, warning = {}): Promise<Page> {
  const page = await openHost(world, { warning })
  await world.signIn(page)
  await world.passUntilWarned()
  await expect(stay(page)).toBeFocused()
  return page
}

test('with reduced motion nothing moves, and no ring drains', async ({ world }) => {
  const page = await openWarned(world)
  const moving = () =>
    page.evaluate(() => ({
      running: document.getAnimations().length,
      transitions: [...document.querySelectorAll('[data-stillhere="warning"], [data-stillhere="warning"] *')]
        .map((element) => getComputedStyle(element).transitionDuration)
        .filter((duration) => duration.split(', ').some((each) => each !== '0s')).length,
    }))
  expect((await moving()).transitions).toBeGreaterThan(0)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1000, height: 700 })
  expect(await moving()).toEqual({ running: 0, transitions: 0 })
  const dashes = () =>
    page.evaluate(
      () => getComputedStyle(document.querySelectorAll('[data-stillhere="progress"] circle')[1]!).strokeDasharray,
    )
  expect(await dashes()).toBe('none')
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  expect(await dashes()).not.toBe('none')
})

test('in forced colours the dialog has an edge, its backdrop is painted, and the focus is seen', async ({ world }) => {
  const page = await openWarned(world)
  await page.emulateMedia({ forcedColors: 'active' })
  const found = await page.evaluate(() => {
    const shown = document.querySelector('[data-stillhere="warning"]')!
    const { borderTopStyle, borderTopWidth, borderLeftStyle, borderLeftWidth } = getComputedStyle(shown)
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!)
    return {
      edges: [borderTopStyle, borderLeftStyle].filter((style) => style === 'none'),
      edge: Math.min(Number.parseFloat(borderTopWidth), Number.parseFloat(borderLeftWidth)),
      backdrop: getComputedStyle(shown, '::backdrop').backgroundColor,
      outlineStyle,
      outline: Number.parseFloat(outlineWidth),
    }
  })
  expect(found).toMatchObject({ edges: [], outlineStyle: 'solid' })
  expect(found.edge).toBeGreaterThanOrEqual(1)
  expect(found.outline).toBeGreaterThanOrEqual(2)
  expect(found.backdrop).not.toMatch(/transparent|, 0\)$/)
})

for (const unsaved of ['kept', 'lost'])
  test(`what becomes of unsaved work, ${unsaved}, is a line of its own above the buttons`, async ({ world }) => {
    const plain = await openWarned(world, {})
    const title = (page: Page) => page.locator('[data-stillhere="warning"] [data-stillhere="title"]').boundingBox()
    const widths: number[] = []
    for (const width of [320, 1280]) {
      await plain.setViewportSize({ width, height: 800 })
      widths.push((await title(plain))!.width)
    }
    await plain.close()
    const page = await openWarned(world, { unsaved })
    for (const [i, width] of [320, 1280].entries()) {
      await page.setViewportSize({ width, height: 800 })
      expect((await title(page))!.width).toBeCloseTo(widths[i]!, 0)
      const line = (await page.locator('[data-stillhere="unsaved"]').boundingBox())!
      expect(line.y + line.height).toBeLessThanOrEqual((await stay(page).boundingBox())!.y)
    }
  })

test('in a window as low as at 400 %, and in a phone’s on its side, everything is reached', async ({ world }) => {
  const page = await openWarned(world, { unsaved: 'lost' })
  for (const size of [
    { width: 320, height: 256 },
    { width: 480, height: 270 },
  ]) {
    await page.setViewportSize(size)
    for (const part of ['title', 'why', 'unsaved', 'time', 'stay', 'sign-out']) {
      const element = page.locator(`[data-stillhere="warning"] [data-stillhere="${part}"]`)
      await element.scrollIntoViewIfNeeded()
      await expect(element).toBeInViewport({ ratio: 0.9 })
    }
    expect(await dialog(page).evaluate((shown) => shown.scrollWidth - shown.clientWidth)).toBeLessThanOrEqual(0)
  }
  await page.keyboard.press('Tab')
  await page.keyboard.press('Shift+Tab')
  await expect(stay(page)).toBeInViewport({ ratio: 0.9 })
})

test('the warning opens and closes without a change to the page below, and no address is loaded at the end', async ({
  world,
}) => {
  const page = await openHost(world)
  await world.signIn(page)
  await page.evaluate(lines)
  const loaded: string[] = []
  page.on('framenavigated', (frame) => loaded.push(frame.url()))
  const found = () =>
    page.evaluate(() => ({ html: document.querySelector('#root')!.outerHTML, scroll: scrollY, title: document.title }))
  const before = await found()
  expect(before.scroll).toBe(700)
  await world.passUntilWarned()
  await expect(dialog(page)).toBeVisible()
  expect(await found()).toEqual(before)
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
  expect(await found()).toEqual(before)
  await world.pass(world.idle + 10_000)
  await isOut(page)
  expect(loaded).toEqual([])
})

test('what is pasted goes into both fields, as it is', async ({ world }) => {
  const page = await world.open()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  for (const [label, text] of [
    ['User name', ANALYST.username],
    ['Password', ANALYST.password],
  ] as const) {
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
    await page.getByLabel(label, { exact: true }).focus()
    await page.keyboard.press('Control+V')
    await expect(page.getByLabel(label, { exact: true })).toHaveValue(text)
  }
  await page.keyboard.press('Enter')
  await isIn(page)
})

test('how long one may be away is told where the work begins, and what becomes of it at the end', async ({ world }) => {
  const page = await openHost(world, { timeLimit: { unsaved: 'lost' }, login: { unsaved: 'lost' } })
  await world.signIn(page)
  await expect(page.getByText('If you are not active for 29 minutes, you will be signed out.')).toBeVisible()
  await expect(page.getByText('What you have not saved will be lost.')).toBeVisible()
  await world.pass(30 * MIN)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toHaveAccessibleDescription(/saved was lost/)
})
