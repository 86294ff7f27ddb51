import { freeze, test as inWindow } from './browser.ts'
import { dialog, expect, isIn, isOut, type Page, S, test, type World } from './world.ts'

// What takes many tabs, or real minutes.

test('twenty tabs, ten rounds with someone in all of them at once: one refresh a round, and one sign-out for all', async ({
  world,
}) => {
  test.setTimeout(300_000)
  const pages = await world.openMany(20)
  await world.refreshInRounds(pages, 10)
  expect((await world.refreshes()).every(({ status }) => status === 200)).toBe(true)
  expect(await world.signIns()).toHaveLength(1)
  await pages[7]!.getByRole('button', { name: 'Sign out' }).click()
  for (const page of pages) await isOut(page)
  await expect(pages[7]!.getByText('at the server: revoked')).toBeVisible()
  expect((await world.sent(world.system.signOut!)).map(({ status }) => status)).toEqual([204])
})

test('twenty tabs are warned together, and one answer closes all', async ({ world }) => {
  test.setTimeout(300_000)
  const pages = await world.openMany(20)
  await world.passUntilWarned()
  for (const page of pages) await expect(dialog(page)).toBeVisible()
  await pages[19]!.keyboard.press('Escape')
  for (const page of pages) await expect(dialog(page)).toBeHidden()
  expect(await world.refreshes()).toHaveLength(1)
})

inWindow.describe('in one window, in real time', () => {
  inWindow.use({ clock: 'real', throttledAfter: 5 })

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

  /** One after the other: a tab out of view that no other has answered within a second asks again only when it is shown. */
  async function openInTurn(
    world: World,
    count: number,
    address: string,
    use: (page: Page) => Promise<void> = async () => {},
  ): Promise<Page[]> {
    const pages = await world.openMany(1, address)
    while (pages.length < count) {
      const page = await world.open(address)
      await isIn(page)
      await use(page)
      pages.push(page)
    }
    return pages
  }

  /** Starts a timer in the page that asks to be called ten times a second. */
  const count = (page: Page) =>
    page.evaluate(() => {
      const calls = [performance.now()]
      Object.assign(window, { calls })
      const call = () => {
        calls.push(performance.now())
        setTimeout(call, 100)
      }
      call()
    })
  /** The longest that this timer had to wait, in ms. */
  const longest = (page: Page) =>
    page.evaluate(() => {
      const calls = [...(window as unknown as { calls: number[] }).calls, performance.now()]
      return Math.max(...calls.slice(1).map((at, i) => at - calls[i]!))
    })

  /** Notes whether anything private is in the first picture of the page that anybody sees. */
  const watch = (page: Page) =>
    page.evaluate(() => {
      const shown: string[] = []
      Object.assign(window, { shown })
      document.addEventListener('visibilitychange', () =>
        requestAnimationFrame(() => {
          const who = document.querySelector('.who')
          if (who && getComputedStyle(who).visibility !== 'hidden') shown.push(who.textContent!)
          if (document.querySelector('dialog[open]')) shown.push('warning')
        }),
      )
    })
  const shown = (page: Page) => page.evaluate(() => (window as unknown as { shown: string[] }).shown)

  inWindow(
    'twenty hidden tabs whose timers run once a minute: each is over when it is shown, and none has refreshed',
    async ({ world, context }) => {
      inWindow.setTimeout(300_000)
      const pages = await openInTurn(world, 20, '?ttl=180')
      for (const page of pages) await watch(page)
      await count(pages[0]!)
      const inView = await context.newPage()
      await inView.bringToFront()
      for (const page of pages) await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden')
      // Nobody is anywhere: it ends 135 s after the sign-in.
      await pause(136 * S)
      // A minute, or what is left of it: more than the second that hidden tabs get at first.
      expect(await longest(pages[0]!)).toBeGreaterThan(5 * S)
      for (const page of pages) {
        await page.bringToFront()
        await isOut(page)
        expect(await shown(page)).toEqual([])
      }
      expect(await world.refreshes()).toEqual([])
      await expect(pages[0]!.getByText('not been active')).toBeVisible()
    },
  )

  inWindow(
    'hidden tabs follow the one in view, where someone is, and refresh nothing themselves',
    async ({ world }) => {
      inWindow.setTimeout(300_000)
      const pages = await openInTurn(world, 20, '?ttl=60', (page) => page.keyboard.press('Shift'))
      const inView = pages.at(-1)!
      await inView.bringToFront()
      const before = (await world.refreshes()).length
      for (let second = 0; second < 80; second += 5) {
        await pause(5 * S)
        await inView.keyboard.press('Shift')
      }
      const refreshes = (await world.refreshes()).length
      // At most one in 15 s, a quarter of the token's life.
      expect(refreshes - before).toBeGreaterThanOrEqual(4)
      expect(refreshes - before).toBeLessThanOrEqual(6)
      for (const page of pages.slice(0, 3)) {
        await page.bringToFront()
        await isIn(page)
        await expect(dialog(page)).toBeHidden()
        await expect(page.locator('dd').nth(3)).toHaveText(String(refreshes))
      }
      expect(await world.signIns()).toHaveLength(1)
    },
  )

  inWindow(
    'a tab frozen past the deadline it knows of, while someone is active elsewhere, ends nothing',
    async ({ world }) => {
      inWindow.setTimeout(120_000)
      const [away, here] = await world.openMany(2, '?ttl=20')
      const thaw = await freeze(away!)
      for (let second = 0; second < 24; second += 3) {
        await pause(3 * S)
        await here!.keyboard.press('Shift')
      }
      await away!.bringToFront()
      await thaw()
      await isIn(away!)
      await here!.bringToFront()
      await isIn(here!)
      await here!.keyboard.press('Shift')
      await isIn(away!)
      expect(await world.signIns()).toHaveLength(1)
    },
  )

  inWindow('a tab frozen past the deadline, while nobody is anywhere, is over when it is thawed', async ({ world }) => {
    inWindow.setTimeout(120_000)
    const [away, here] = await world.openMany(2, '?ttl=20')
    await watch(away!)
    const thaw = await freeze(away!)
    await here!.goto('about:blank')
    await pause(16 * S)
    await away!.bringToFront()
    await thaw()
    await isOut(away!)
    expect(await shown(away!)).toEqual([])
    expect(await world.refreshes()).toEqual([])
  })
})
