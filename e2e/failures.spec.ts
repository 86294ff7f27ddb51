import { proxyTo, serveDemo } from './server.ts'
import { dialog, expect, isIn, isOut, MIN, type Page, S, stay, test, World } from './world.ts'

// Tabs that die, servers that are away or have forgotten everything, networks that are gone.

const locks = (page: Page) =>
  page.evaluate(async () => {
    const { held, pending } = await navigator.locks.query()
    return [...held!, ...pending!].map(({ name }) => name)
  })

const crash = async (page: Page) => {
  const crashed = page.waitForEvent('crash')
  const wire = await page.context().newCDPSession(page)
  // A page that is gone answers nothing.
  wire.send('Page.crash').catch(() => {})
  await crashed
  await page.close()
}
const close = (page: Page) => page.close({ runBeforeUnload: false })

const unreachable = (page: Page) => page.getByText('The server can not be reached.').first()

for (const [what, die] of Object.entries({ crashes: crash, 'is closed': close })) {
  test(`a tab that ${what} in the middle of a refresh takes nothing with it: another tab refreshes instead`, async ({
    world,
  }) => {
    const [dying, sibling] = await world.openMany(2)
    await world.beginSlowRefresh(dying!)
    expect(await locks(sibling!)).toHaveLength(1)
    await die(dying!)

    // Nobody touches the sibling: it knows that someone was here, and that nothing came of it.
    await world.pass(13 * S)
    await expect(sibling!.locator('dd').nth(3)).toHaveText('1')
    expect(await world.refreshes()).toHaveLength(2)
    await expect.poll(() => locks(sibling!)).toEqual([])
    await isIn(sibling!)
    await isIn(await world.open())
    expect(await world.signIns()).toHaveLength(1)
  })
}

test('a server that is away for a while ends nothing: what was due is done when it is back', async ({
  server,
  context,
}) => {
  const proxy = await proxyTo(server)
  const world = new World(server, context, 'eclecticiq', proxy.url)
  await world.control('reset', {})
  await context.clock.install()
  const pages = await world.openMany(2)
  await world.pass(61 * S)
  await proxy.cut()
  await pages[0]!.keyboard.press('Shift')
  await expect(pages[0]!.getByText('unreachable', { exact: true })).toBeVisible()
  await world.pass(10 * MIN)
  for (const page of pages) {
    await expect(unreachable(page)).toBeVisible()
    await isIn(page)
  }
  expect(await world.refreshes()).toEqual([])

  await proxy.mend()
  await world.pass(MIN)
  for (const page of pages) await expect(page.locator('dd').nth(3)).toHaveText('1')
  // The console's own lists ask again in a while.
  await expect(async () => {
    await world.pass(10 * S)
    for (const page of pages) await expect(unreachable(page)).toBeHidden({ timeout: S })
  }).toPass()
  expect(await world.refreshes()).toHaveLength(1)
  await proxy.cut()
})

test('a server that was restarted and has forgotten every session: refused in all tabs, and signing in works', async ({
  context,
}) => {
  const first = await serveDemo()
  await context.clock.install()
  const world = new World(first.url, context)
  const pages = await world.openMany(2)
  await first.stop()
  await world.pass(20 * S).catch(() => context.clock.fastForward(20 * S))
  for (const page of pages) {
    await expect(unreachable(page)).toBeVisible()
    await isIn(page)
  }
  const second = await serveDemo(first.port)
  try {
    await world.pass(20 * S)
    for (const page of pages) {
      await isOut(page)
      await expect(page.getByText('the server no longer accepted your session')).toBeVisible()
    }
    await world.signIn(pages[1]!)
    await isIn(pages[0]!)
  } finally {
    await second.stop()
  }
})

test('offline, activity and the warning say that the server can not be reached; online again, all is well at once', async ({
  world,
  context,
}) => {
  const pages = await world.openMany(2)
  await world.pass(10 * MIN)
  await context.setOffline(true)
  await pages[0]!.keyboard.press('Shift')
  await expect(pages[0]!.getByText('unreachable', { exact: true })).toBeVisible()
  await world.pass(world.system.life - 10 * MIN - 90 * S)
  for (const page of pages) await expect(dialog(page)).toContainText('The server can not be reached')
  await context.setOffline(false)
  for (const page of pages) await expect(dialog(page)).toBeHidden()
  for (const page of pages) await expect(page.locator('dd').nth(3)).toHaveText('1')
  expect(await world.refreshes()).toHaveLength(1)
})

test('offline, who asks to stay is told, and need not ask again once online', async ({ world, context }) => {
  const pages = await world.openMany(2)
  await world.passUntilWarned()
  await context.setOffline(true)
  await stay(pages[0]!).click()
  await expect(dialog(pages[0]!)).toContainText('can not be reached')
  await context.setOffline(false)
  for (const page of pages) await expect(dialog(page)).toBeHidden()
  for (const page of pages) await isIn(page)
})

test('offline, signing out is out at once in all tabs and pending at the server; online again, it is revoked', async ({
  world,
  context,
}) => {
  const pages = await world.openMany(2)
  await context.setOffline(true)
  await pages[0]!.getByRole('button', { name: 'Sign out' }).click()
  for (const page of pages) await isOut(page)
  await expect(pages[0]!.getByText('at the server: pending')).toBeVisible()
  expect(await world.sent(world.system.signOut!)).toEqual([])
  // No timer rings from here on: the network itself must tell.
  await world.stopClock(pages[0]!)
  await context.setOffline(false)
  await expect(pages[0]!.getByText('at the server: revoked')).toBeVisible()
  expect((await world.sent(world.system.signOut!)).map(({ status }) => status)).toEqual([204])
})
