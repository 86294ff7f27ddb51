import { holdRefresh, isIn, isOut, REFRESH, sides, signIn, sleep, statuses, test } from './migration.ts'
import { dialog, expect, MIN, S, stay } from './world.ts'

// The same app, with its session written by hand and with Stillhere, each in a browser before the mock's `rest` routes. What
// `before` does here is what docs/migration.md says of it.

const HOUR = 60 * MIN

for (const side of sides) {
  test(`${side}: signs in, warns, stays, and ends when nobody is there`, async ({ open, world }) => {
    const page = await open(side)
    await signIn(page)
    await world.pass(13 * MIN - 10 * S)
    await expect(dialog(page)).toBeHidden()
    await world.pass(15 * S)
    await stay(page).click()
    await expect(dialog(page)).toBeHidden()
    await isIn(page)
    await world.pass(13 * MIN + 5 * S)
    await expect(dialog(page)).toBeVisible()
    await world.pass(2 * MIN)
    await isOut(page)
  })

  test(`${side}: signing out in one tab signs out the other`, async ({ open }) => {
    const page = await open(side)
    await signIn(page)
    const other = await open(side)
    await isIn(other)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await isOut(page)
    await isOut(other)
  })

  test(`${side}: the first mouse move after a sleep signs out`, async ({ open, world }) => {
    const page = await open(side)
    await signIn(page)
    await sleep(world, page, 2 * HOUR)
    await page.mouse.move(200, 200, { steps: 3 })
    await isOut(page)
  })
}

test('before: polling after a sleep renews a session that was over for hours', async ({ open, world }) => {
  const page = await open('before')
  await signIn(page)
  await sleep(world, page, 2 * HOUR)
  await world.pass(31 * S)
  await expect.poll(() => statuses(world, REFRESH)).toEqual([200])
  await isIn(page)
})

test('after: polling after a sleep finds the session over, and sends no more than its sign-out', async ({
  open,
  world,
}) => {
  const page = await open('after')
  await signIn(page)
  const before = (await world.sent('/rest/orders')).length
  await sleep(world, page, 2 * HOUR)
  await world.pass(31 * S)
  await isOut(page)
  expect(await statuses(world, REFRESH)).toEqual([])
  expect(await world.sent('/rest/orders')).toHaveLength(before)
})

test('before: a warning that was open as the machine fell asleep can be answered hours later', async ({
  open,
  world,
}) => {
  const page = await open('before')
  await signIn(page)
  await world.pass(13 * MIN + 5 * S)
  await expect(dialog(page)).toBeVisible()
  await sleep(world, page, 2 * HOUR)
  await stay(page).click()
  await world.pass(31 * S)
  await expect.poll(() => statuses(world, REFRESH)).toEqual([200])
  await isIn(page)
})

test('after: a warning that was open as the machine fell asleep ends with its next second', async ({ open, world }) => {
  const page = await open('after')
  await signIn(page)
  await world.pass(13 * MIN + 5 * S)
  await expect(dialog(page)).toBeVisible()
  await sleep(world, page, 2 * HOUR)
  await world.pass(1 * S)
  await isOut(page)
  await expect(page.getByText('not been active')).toBeVisible()
})

test('before: two tabs refresh with the same token, which the server takes for theft, and both are out', async ({
  open,
  world,
}) => {
  const pages = [await open('before')]
  await signIn(pages[0]!)
  pages.push(await open('before'))
  await isIn(pages[1]!)
  await world.pass(10 * MIN)
  for (const page of pages) await page.mouse.move(200, 200, { steps: 3 })
  await world.faults({ latency: 300, match: REFRESH })
  await world.pass(4 * MIN + 5 * S)
  for (const page of pages) await isOut(page)
  expect((await statuses(world, REFRESH)).sort()).toEqual([200, 401])
})

test('after: two tabs refresh once for both', async ({ open, world }) => {
  const pages = [await open('after')]
  await signIn(pages[0]!)
  pages.push(await open('after'))
  await isIn(pages[1]!)
  await world.faults({ latency: 300, match: REFRESH })
  await world.pass(10 * MIN)
  await Promise.all(pages.map((page) => page.mouse.move(200, 200, { steps: 3 })))
  await expect.poll(() => statuses(world, REFRESH)).toEqual([200])
  await world.pass(10 * MIN)
  for (const page of pages) await isIn(page)
  // Both still have a token that the server takes.
  await expect.poll(async () => new Set(await statuses(world, '/rest/orders'))).toEqual(new Set([200]))
})

test('before: an answer that comes after the sign-out signs in again', async ({ open, world }) => {
  const page = await open('before')
  await signIn(page)
  const release = await holdRefresh(world)
  await world.pass(10 * MIN)
  await page.mouse.move(200, 200, { steps: 3 })
  await world.pass(4 * MIN + 5 * S)
  await expect.poll(() => statuses(world, REFRESH)).toEqual([200])
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page)
  release()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
})

test('after: an answer that comes after the sign-out is revoked', async ({ open, world }) => {
  const page = await open('after')
  await signIn(page)
  const release = await holdRefresh(world)
  await world.pass(10 * MIN)
  await page.mouse.move(200, 200, { steps: 3 })
  await expect.poll(() => statuses(world, REFRESH)).toEqual([200])
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page)
  release()
  await expect.poll(async () => (await statuses(world, '/rest/logout')).length).toBeGreaterThan(1)
  await isOut(page)
})

test('before: a sign-out that did not reach the server is never told to it', async ({ open, world }) => {
  const page = await open('before')
  await signIn(page)
  await world.faults({ down: true, match: '/rest/logout' })
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page)
  await expect.poll(async () => (await statuses(world, '/rest/logout')).length).toBeGreaterThan(0)
  await world.faults({})
  await world.pass(10 * MIN)
  await page.mouse.move(200, 200, { steps: 3 })
  expect(await statuses(world, '/rest/logout')).not.toContain(204)
})

test('after: a sign-out that did not reach the server is told to it once it is back', async ({ open, world }) => {
  const page = await open('after')
  await signIn(page)
  await world.faults({ down: true, match: '/rest/logout' })
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page)
  await world.faults({})
  await expect
    .poll(async () => {
      await world.pass(10 * S)
      return statuses(world, '/rest/logout')
    })
    .toContain(204)
})

test('before: a tab that comes back after the night is signed in', async ({ open, world }) => {
  const page = await open('before')
  await signIn(page)
  await page.goto('about:blank')
  await world.pass(10 * HOUR)
  await page.goto(`${world.url}/before`)
  await isIn(page)
})

test('after: a tab that comes back after the night is signed out, and says why', async ({ open, world }) => {
  const page = await open('after')
  await signIn(page)
  await page.goto('about:blank')
  await world.pass(10 * HOUR)
  await page.goto(`${world.url}/after`)
  await isOut(page)
  await expect(page.getByText('not been active')).toBeVisible()
})

test('before: a clock an hour ahead refreshes without end', async ({ open, world, context }) => {
  await context.clock.setSystemTime(Date.now() + HOUR)
  const page = await open('before')
  await signIn(page)
  await expect.poll(async () => (await world.sent(REFRESH)).length).toBeGreaterThan(20)
})

test('after: a clock an hour ahead makes no difference', async ({ open, world, context }) => {
  await context.clock.setSystemTime(Date.now() + HOUR)
  const page = await open('after')
  await signIn(page)
  await world.pass(13 * MIN - 10 * S)
  await expect(dialog(page)).toBeHidden()
  await world.pass(15 * S)
  await expect(dialog(page)).toBeVisible()
  // The one ahead of the token's end.
  expect((await world.sent(REFRESH)).length).toBeLessThan(2)
})
