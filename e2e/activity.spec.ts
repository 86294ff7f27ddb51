import { expect, isIn, isOut, MIN, S, test } from './world.ts'

test('a keystroke with a token older than a minute refreshes once, and both tabs go on with the new token', async ({
  world,
}) => {
  const [first, second] = await world.openMany(2)
  await world.pass(61 * S)
  await first!.keyboard.press('Shift')
  await expect(second!.locator('dd').nth(3)).toHaveText('1')
  await expect(first!.locator('dd').nth(3)).toHaveText('1')
  expect(await world.refreshes()).toHaveLength(1)

  // What both send from here on is the new token.
  const before = await world.sent('/')
  await first!.goto(world.urlOf(world.system.items[0]![0]))
  await second!.goto(world.urlOf(world.system.items[1]![0]))
  await expect(first!.getByRole('heading', { name: world.system.items[0]![1] })).toBeVisible()
  await expect(async () => {
    const later = (await world.sent('/')).slice(before.length)
    expect(later.length).toBeGreaterThan(1)
    expect(new Set(later.map(({ token }) => token)).size).toBe(1)
    expect(later[0]!.token).not.toBe(before.find(({ path }) => path === world.system.list)!.token)
  }).toPass()
})

test('ten thousand mouse moves in a minute are one refresh', async ({ world }) => {
  test.slow()
  const page = await world.open()
  await world.signIn(page)
  await world.pass(MIN)
  // The moves take real time, which must not count.
  await world.stopClock(page)
  // Not one by one through Playwright, which waits for each.
  const wire = await page.context().newCDPSession(page)
  const move = (x: number) => wire.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y: 400 })
  for (let second = 0; second < 50; second++) {
    await Promise.all(Array.from({ length: 200 }, (_, step) => move(10 + (second % 2 ? step : 200 - step))))
    await world.pass(S)
  }
  await expect.poll(async () => (await world.refreshes()).length).toBe(1)
  await expect(page.locator('dd').nth(3)).toHaveText('1')
})

test('without activity nothing is refreshed, and a page that polls does not stay signed in', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await expect(page.getByRole('table')).toBeVisible()
  for (let minute = 0; minute < world.idle / MIN - 1; minute++) await world.pass(MIN)
  // The console looks for news every 15 seconds of its clock, unless it waits for the last ones still.
  expect((await world.sent(world.system.list)).length).toBeGreaterThan(world.idle / MIN / 3)
  await world.pass(MIN + S)
  await isOut(page)
  await expect(page.getByText('not been active')).toBeVisible()
  expect(await world.refreshes()).toEqual([])
})

test('what a script pretends to do counts for nothing', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await expect(page.getByRole('table')).toBeVisible()
  await world.pass(5 * MIN)
  await page.evaluate(() => {
    for (const type of ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart', 'click', 'input', 'paste']) {
      document.body.dispatchEvent(new Event(type, { bubbles: true }))
      document.body.dispatchEvent(new PointerEvent(type, { bubbles: true, movementX: 5 }))
    }
    document.querySelector('h1')!.click()
    document.querySelector<HTMLElement>('.scroll')!.scrollBy(50, 0)
  })
  await isIn(page)
  expect(await world.refreshes()).toEqual([])
  await page.mouse.wheel(0, 100)
  await expect.poll(async () => (await world.refreshes()).length).toBe(1)
})
