import { freeze, test } from './browser.ts'
import { ANALYST, expect, isIn, isOut, LEAD, type Page, S } from './world.ts'

// Pages that the browser itself puts out of view, freezes, or keeps for the back button.

interface Noted {
  readonly shown: string[]
  readonly events: string[]
}

/** Notes, from here on, what becomes of the page, and whether anything private is painted in it while it is in view, once it was put away. */
async function note(page: Page): Promise<void> {
  await expect(page.getByRole('table')).toBeVisible()
  await page.evaluate(() => {
    const noted = { shown: [] as string[], events: [] as string[] }
    Object.assign(window, { noted })
    const look = () => {
      const heading = document.querySelector('[data-stillhere="gate"] h1, [data-stillhere="gate"] .who')
      const isPainted = heading && getComputedStyle(heading).visibility !== 'hidden'
      if (isPainted && document.visibilityState === 'visible') noted.shown.push(heading.textContent!)
    }
    // Until then it may show what it likes, and the session's drawing changes by the second.
    for (const name of ['freeze', 'pagehide']) addEventListener(name, () => noted.shown.splice(0), { capture: true })
    addEventListener('pageshow', ({ persisted }) => noted.events.push(persisted ? 'restored' : 'shown'))
    for (const name of ['freeze', 'resume']) document.addEventListener(name, () => noted.events.push(name))
    for (const name of ['pageshow', 'resume', 'visibilitychange']) {
      // The frame that is painted next is the first that anybody sees.
      addEventListener(name, () => requestAnimationFrame(look), { capture: true })
    }
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true })
  })
}
const noted = (page: Page): Promise<Noted> =>
  page.evaluate(() => (window as unknown as { noted: Noted }).noted ?? { shown: [], events: [] })

test('a frozen tab thawed after a sign-out elsewhere shows nothing private, and says who ended it', async ({
  world,
}) => {
  const [away, here] = await world.openMany(2)
  await note(away!)
  const thaw = await freeze(away!)
  await here!.getByRole('button', { name: 'Sign out' }).click()
  await isOut(here!)
  await away!.bringToFront()
  await thaw()
  await isOut(away!)
  await expect(away!.getByText('You have signed out in another tab.')).toBeVisible()
  expect(await noted(away!)).toEqual({ events: ['freeze', 'resume'], shown: [] })
})

test('a frozen tab thawed after a refresh elsewhere follows it, where it was, and ends nothing', async ({ world }) => {
  const [away, here] = await world.openMany(2)
  await away!.bringToFront()
  await away!.getByLabel(/^Note on/).fill('half-typed')
  await here!.bringToFront()
  await world.pass(61 * S)
  const thaw = await freeze(away!)
  await here!.keyboard.press('Shift')
  await expect(here!.locator('dd').nth(3)).toHaveText('1')
  await away!.bringToFront()
  await thaw()
  await expect(away!.locator('dd').nth(3)).toHaveText('1')
  await expect(away!.getByLabel(/^Note on/)).toHaveValue('half-typed')
  await world.pass(61 * S)
  await away!.keyboard.press('Shift')
  for (const page of [away!, here!]) await expect(page.locator('dd').nth(3)).toHaveText('2')
  expect((await world.refreshes()).map(({ status }) => status)).toEqual([200, 200])
  expect(await world.signIns()).toHaveLength(1)
})

test('a frozen tab thawed after a change of users shows nothing of the first, nor keeps what they typed', async ({
  world,
}) => {
  const [away, here] = await world.openMany(2)
  await away!.bringToFront()
  await away!.getByLabel(/^Note on/).fill('half-typed by the analyst')
  await note(away!)
  await here!.bringToFront()
  const thaw = await freeze(away!)
  await here!.getByRole('button', { name: 'Sign out' }).click()
  await world.signIn(here!, LEAD)
  await away!.bringToFront()
  await thaw()
  await expect(away!.getByText(LEAD.username)).toBeVisible()
  await expect(away!.getByLabel(/^Note on/)).toHaveValue('')
  const { events, shown } = await noted(away!)
  expect(events).toEqual(['freeze', 'resume'])
  expect(shown.join()).not.toContain(ANALYST.username)
})

/** Goes back to a page that the browser has kept alive, as it does for our users; fails with the browser's reasons if it was not. */
async function goBack(page: Page): Promise<void> {
  await page.goBack({ waitUntil: 'commit' })
  const kept = async () =>
    (await noted(page)).events.includes('restored') ||
    page.evaluate(() => {
      const [entry] = performance.getEntriesByType('navigation') as { notRestoredReasons?: unknown }[]
      return JSON.stringify(entry?.notRestoredReasons)
    })
  await expect.poll(kept, 'the page came from the back-forward cache').toBe(true)
}

for (const engine of ['with a freeze event', 'without one']) {
  test(`the back-forward cache after a sign-out in another tab, in an engine ${engine}: nothing private`, async ({
    world,
    context,
  }) => {
    if (engine === 'without one') {
      await context.addInitScript(() => {
        document.addEventListener('freeze', (event) => event.stopImmediatePropagation(), { capture: true })
      })
    }
    const [page, other] = await world.openMany(2)
    await page!.bringToFront()
    await note(page!)
    await page!.goto(`${world.url}/favicon.svg`)
    await other!.bringToFront()
    await other!.getByRole('button', { name: 'Sign out' }).click()
    await isOut(other!)
    await page!.bringToFront()
    await goBack(page!)
    await isOut(page!)
    expect((await noted(page!)).shown).toEqual([])
  })
}

test('the back-forward cache after a sign-out in the same tab: nothing private, and forward neither', async ({
  world,
}) => {
  const page = await world.open()
  await world.signIn(page)
  await note(page)
  // Another document of the same session.
  await page.goto(world.urlOf('?ttl=90'))
  await expect(page.getByText('Tokens live 90 s here')).toBeVisible()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page)
  await goBack(page)
  await isOut(page)
  expect((await noted(page)).shown).toEqual([])
  await page.goForward({ waitUntil: 'commit' })
  await isOut(page)
})

test('the back-forward cache while the session goes on: the page is where it was', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await note(page)
  await page.getByLabel(/^Note on/).fill('half-typed')
  await page.goto(`${world.url}/favicon.svg`)
  await goBack(page)
  await expect(page.getByLabel(/^Note on/)).toHaveValue('half-typed')
  await isIn(page)
})
