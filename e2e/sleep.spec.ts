import { expect, isIn, isOut, MIN, type Page, S, test } from './world.ts'

const HOUR = 60 * MIN

/** Notes whether a warning or anything private ever shows once an hour has passed at a stroke. */
async function watch(page: Page): Promise<void> {
  await expect(page.getByRole('table')).toBeVisible()
  await page.evaluate(() => {
    const shown: string[] = []
    Object.assign(window, { shown })
    const asleep = Date.now() + 3_600_000
    const look = () => {
      // The session's drawing changes by the second, and may until then.
      if (Date.now() < asleep) return
      if (document.querySelector('dialog[open]')) shown.push('warning')
      const gate = document.querySelector<HTMLElement>('[data-stillhere="gate"]')
      if (gate && getComputedStyle(gate.querySelector('h1')!).visibility !== 'hidden') shown.push('private')
    }
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true })
  })
}
const shown = (page: Page) => page.evaluate(() => (window as unknown as { shown: string[] }).shown)

test('sleep past the deadline: signed out on waking, nothing sent or shown, no warning', async ({ world }) => {
  const pages = await world.openMany(2)
  for (const page of pages) await watch(page)
  const before = (await world.sent(world.system.list)).length
  await world.pass(2 * HOUR)
  for (const page of pages) {
    await isOut(page)
    expect(await shown(page)).toEqual([])
    await expect(page.getByText('not been active')).toBeVisible()
  }
  expect(await world.sent(world.system.list)).toHaveLength(before)
  expect(await world.refreshes()).toEqual([])
})

test('sleep past the deadline: the first mouse move signs out before any timer rings', async ({ world, context }) => {
  const page = await world.open()
  await world.signIn(page)
  await watch(page)
  // Only the wall clock jumps; no timer fires.
  await world.control('clock', { advance: 2 * HOUR })
  await context.clock.setSystemTime(Date.now() + 2 * HOUR)
  await page.mouse.move(400, 400, { steps: 5 })
  await isOut(page)
  expect(await shown(page)).toEqual([])
  expect(await world.refreshes()).toEqual([])
})

test('sleep short of the deadline goes on', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await world.pass(0.7 * world.idle)
  await isIn(page)
  await page.keyboard.press('Shift')
  await expect(page.locator('dd').nth(3)).toHaveText('1')
  await world.pass(world.idle - 3 * MIN)
  await isIn(page)
})

for (const days of [-1, 1]) {
  test(`a device clock ${days} day wrong makes no difference`, async ({ world, context }) => {
    await context.clock.setSystemTime(Date.now() + days * 24 * HOUR)
    const [page, other] = await world.openMany(2)
    await expect(page!.locator('dd').nth(2)).toHaveText(new RegExp(`^${world.idle / MIN}:00|^${world.idle / MIN - 1}:`))
    await world.pass(61 * S)
    await page!.keyboard.press('Shift')
    await expect(other!.locator('dd').nth(3)).toHaveText('1')
    await world.passUntilWarned()
    await expect(page!.getByRole('alertdialog')).toBeVisible()
    await page!.getByRole('button', { name: 'Stay signed in' }).click()
    await expect(other!.getByRole('alertdialog')).toBeHidden()
    await world.pass(world.system.life)
    await isOut(page!)
    await isOut(other!)
  })
}

test('a page that was put away and comes back is where it was: scroll, focus and half-typed text', async ({
  world,
}) => {
  const page = await world.open()
  await world.signIn(page)
  await page.setViewportSize({ width: 320, height: 500 })
  const note = page.getByLabel(/^Note on/)
  await note.fill('half-typed')
  const where = () => page.evaluate(() => [Math.round(scrollY), document.activeElement!.id])
  const before = await where()
  expect(before[0]).toBeGreaterThan(100)
  await page.evaluate(() => document.dispatchEvent(new Event('freeze')))
  await expect(note).toBeHidden()
  await page.evaluate(() => document.dispatchEvent(new Event('resume')))
  await expect(note).toBeFocused()
  expect(await where()).toEqual(before)
  await page.keyboard.type('!')
  await expect(note).toHaveValue('half-typed!')
})
