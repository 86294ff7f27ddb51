import { expect, isIn, isOut, LEAD, MIN, type Page, S, test } from './world.ts'

// Storage that is cleared by hand under running pages.

const session = (page: Page) => page.evaluate(() => sessionStorage.clear())
const local = (page: Page) => page.evaluate(() => localStorage.clear())
const database = (page: Page) =>
  page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      await new Promise((resolve) => {
        const request = indexedDB.deleteDatabase(name!)
        request.onsuccess = resolve
        request.onblocked = resolve
      })
    }
  })
/** As a browser's own "clear site data" does. */
const everything = async (page: Page) => {
  const wire = await page.context().newCDPSession(page)
  await wire.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'all' })
  await wire.detach()
}

const WAYS = {
  'session storage': session,
  'local storage': local,
  'the database': database,
  'session storage and the database': async (page: Page) => {
    await session(page)
    await database(page)
  },
  'everything, by the browser itself': everything,
}

for (const [what, clear] of Object.entries(WAYS)) {
  test(`with ${what} cleared under them, running tabs go on, and end together`, async ({ world }) => {
    const [page, other] = await world.openMany(2)
    await clear(page!)
    await world.pass(61 * S)
    await page!.keyboard.press('Shift')
    for (const each of [page!, other!]) await expect(each.locator('dd').nth(3)).toHaveText('1')
    expect(await world.refreshes()).toHaveLength(1)

    // What was cleared is written anew, or handed over by the other tab.
    await page!.reload()
    await isIn(page!)
    const third = await world.open()
    await isIn(third)
    await expect(third.locator('dd').nth(4)).toHaveText('one session for all')
    expect(await world.signIns()).toHaveLength(1)

    await third.getByRole('button', { name: 'Sign out' }).click()
    for (const each of [page!, other!, third]) await isOut(each)
    await expect(third.getByText('at the server: revoked')).toBeVisible()
    await page!.reload()
    await isOut(page!)
  })
}

test('after everything was cleared someone else who signs in is the only one in any tab', async ({ world }) => {
  const [page, other] = await world.openMany(2)
  // Quicker than the other tab looks at the record, in which it would write its session anew.
  await world.stopClock(page!)
  await everything(page!)
  await page!.reload()
  await isOut(page!)
  await world.signIn(page!, LEAD)
  for (const each of [page!, other!]) await expect(each.getByText(LEAD.username)).toBeVisible()
  await world.pass(2 * MIN)
  for (const each of [page!, other!]) {
    await isIn(each)
    await expect(each.getByText(LEAD.username)).toBeVisible()
  }
})
