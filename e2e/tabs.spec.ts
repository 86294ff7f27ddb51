import { expect, isIn, isOut, S, test } from './world.ts'

test('five tabs refreshing at once, ten rounds: exactly one request each round', async ({ world }) => {
  test.slow()
  const pages = await world.openMany(5)
  await world.refreshInRounds(pages, 10)
  expect((await world.refreshes()).every(({ status }) => status === 200)).toBe(true)
})

test('two sessions managers of different names on one origin do not mix', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await page.evaluate(() => {
    const channel = new BroadcastChannel('stillhere:another app')
    channel.postMessage({ v: 1, app: 'another app', kind: 'ended', sessionId: 'x', reason: 'user' })
  })
  await expect(page.locator('dd').first()).toHaveText('active')
})

test('without Web Locks, as on plain http, a lease takes their place: one request for five tabs', async ({
  world,
  context,
}) => {
  await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'))
  const pages = await world.openMany(5)
  expect(await pages[0]!.evaluate(() => 'locks' in navigator)).toBe(false)
  await world.refreshInRounds(pages, 3)
})

test('without IndexedDB each tab refreshes for itself, says so, and signing out still reaches all', async ({
  world,
  context,
}) => {
  await context.addInitScript(() => Reflect.deleteProperty(window, 'indexedDB'))
  const [first, second] = await world.openMany(2)
  await expect(first!.locator('dd').nth(4)).toHaveText('each for itself')
  await world.pass(61 * S)
  await first!.keyboard.press('Shift')
  await expect(first!.locator('dd').nth(3)).toHaveText('1')
  await first!.reload()
  await isIn(first!)
  await second!.getByRole('button', { name: 'Sign out' }).click()
  await isOut(first!)
})

test('without BroadcastChannel a tab learns from the record: within ten seconds, and before it sends anything', async ({
  world,
  context,
}) => {
  await context.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'))
  const first = await world.open()
  const second = await world.open()
  await world.signIn(first)
  await isOut(second)
  await world.pass(61 * S)
  await first.keyboard.press('Shift')
  await expect(first.locator('dd').nth(3)).toHaveText('1')
  await first.getByRole('button', { name: 'Sign out' }).click()
  await isOut(first)
})

test('nothing stays open while nobody is signed in: no lock held, none waited for', async ({ world }) => {
  const [first, second] = await world.openMany(2)
  await world.pass(61 * S)
  await first!.keyboard.press('Shift')
  await expect(second!.locator('dd').nth(3)).toHaveText('1')
  const locks = () =>
    first!.evaluate(async () => {
      const { held, pending } = await navigator.locks.query()
      return [...held!, ...pending!].map(({ name }) => name)
    })
  await expect.poll(locks).toEqual([])
  await first!.getByRole('button', { name: 'Sign out' }).click()
  await isOut(second!)
  await expect.poll(locks).toEqual([])
})
