import { test as inWindow } from './browser.ts'
import { expect, isIn, isOut, LEAD, type Page, S, test } from './world.ts'

// Pages that lack what tabs share with each other, or what a reload is remembered by.

const without = {
  indexedDB: () => Reflect.deleteProperty(window, 'indexedDB'),
  BroadcastChannel: () => Reflect.deleteProperty(window, 'BroadcastChannel'),
  sessionStorage: () =>
    Object.defineProperty(window, 'sessionStorage', {
      get() {
        throw new DOMException('Access is denied for this document.', 'SecurityError')
      },
    }),
}
const tabs = (page: Page) => page.locator('dd').nth(4)

test('without session storage a reload is given the session by another tab, and asks where there is none', async ({
  world,
  context,
}) => {
  await context.addInitScript(without.sessionStorage)
  const [page, other] = await world.openMany(2)
  await expect(tabs(page!)).toHaveText('one session for all')
  await world.pass(61 * S)
  await page!.keyboard.press('Shift')
  for (const each of [page!, other!]) await expect(each.locator('dd').nth(3)).toHaveText('1')
  await page!.reload()
  await isIn(page!)
  await other!.close()
  await page!.reload()
  await isOut(page!)
  await world.signIn(page!)
  await page!.getByRole('button', { name: 'Sign out' }).click()
  await expect(page!.getByText('at the server: revoked')).toBeVisible()
})

test('without all of them one tab works by itself, and says so', async ({ world, context }) => {
  for (const take of Object.values(without)) await context.addInitScript(take)
  const page = await world.open()
  await world.signIn(page)
  await expect(tabs(page)).toHaveText('each for itself')
  await world.pass(61 * S)
  await page.keyboard.press('Shift')
  await expect(page.locator('dd').nth(3)).toHaveText('1')
  await isOut(await world.open())
  await world.passUntilWarned()
  await page.keyboard.press('Escape')
  await expect(page.locator('dd').nth(3)).toHaveText('2')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('at the server: revoked')).toBeVisible()
  await world.signIn(page)
  await page.reload()
  await isOut(page)
})

test('without BroadcastChannel someone else who signs in replaces the session of every other tab', async ({
  world,
}) => {
  const page = await world.open()
  await world.signIn(page)
  const deaf = await world.context.newPage()
  await deaf.addInitScript(without.BroadcastChannel)
  await deaf.goto(world.urlOf())
  await isOut(deaf)
  await world.signIn(deaf, LEAD)
  await world.pass(11 * S)
  await isOut(page)
  await expect(page.getByText('someone signed in again')).toBeVisible()
  await world.pass(20 * S)
  await isIn(deaf)
  await expect(deaf.getByText(LEAD.username)).toBeVisible()
})

inWindow.describe('where people block all site data in the settings', () => {
  inWindow.use({ preferences: { profile: { default_content_setting_values: { cookies: 2 } } } })

  inWindow('each tab works by itself, and says so', async ({ world }) => {
    const page = await world.open()
    const denied = () =>
      page.evaluate(async () => {
        try {
          return String(sessionStorage)
        } catch (error) {
          return (error as Error).name
        }
      })
    expect(await denied()).toBe('SecurityError')
    await world.signIn(page)
    await expect(tabs(page)).toHaveText('each for itself')
    await world.pass(61 * S)
    await page.keyboard.press('Shift')
    await expect(page.locator('dd').nth(3)).toHaveText('1')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByText('at the server: revoked')).toBeVisible()
    await world.signIn(page)
    await page.reload()
    await isOut(page)
  })
})

test('an IndexedDB that answers too late is done without, and leaves no connection open', async ({
  world,
  context,
}) => {
  await context.addInitScript(() => {
    const open = new Set<IDBDatabase>()
    const seen = new WeakSet<IDBDatabase>()
    Object.assign(window, { openConnections: open })
    const { close } = IDBDatabase.prototype
    IDBDatabase.prototype.close = function () {
      open.delete(this)
      close.call(this)
    }
    const result = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'result')!
    Object.defineProperty(IDBRequest.prototype, 'result', {
      get() {
        const value = result.get!.call(this)
        if (value instanceof IDBDatabase && value.name === 'stillhere' && !seen.has(value)) {
          seen.add(value)
          open.add(value)
        }
        return value
      },
    })
  })
  const connections = () =>
    page.evaluate(() => (window as unknown as { openConnections: Set<IDBDatabase> }).openConnections.size)
  const page = await world.open()
  await world.signIn(page)
  expect(await connections()).toBe(1)
  // A transaction that does not end holds up all that come after it.
  const release = await page.evaluateHandle(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('stillhere')
      request.onsuccess = () => resolve(request.result)
    })
    let isHeld = true
    const transaction = database.transaction('records', 'readwrite')
    const ended = new Promise((resolve) => {
      transaction.oncomplete = resolve
    })
    const hold = () => {
      if (isHeld) transaction.objectStore('records').get('none').onsuccess = hold
    }
    hold()
    return async () => {
      isHeld = false
      await ended
      database.close()
    }
  })
  await expect(tabs(page)).toHaveText('one session for all')
  for (let round = 1; round <= 2; round++) {
    await world.pass(61 * S)
    await page.keyboard.press('Shift')
    await expect(page.locator('dd').nth(3)).toHaveText(String(round))
  }
  await expect(tabs(page)).toHaveText('each for itself')
  await release.evaluate((release) => release())
  await world.pass(61 * S)
  await page.keyboard.press('Shift')
  await expect(tabs(page)).toHaveText('one session for all')
  await expect.poll(connections).toBe(1)
})
