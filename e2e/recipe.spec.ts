// How an app that uses Stillhere is tested in a real browser: against the mock backend, with time moved and not waited for.
import {
  type APIRequestContext,
  type Browser,
  type BrowserContext,
  test as base,
  expect,
  type Page,
} from '@playwright/test'
import { serveDemo } from './server.ts'

const MIN = 60_000

/** Of an app: `webServer: { command: 'vite', url }` and `baseURL` in playwright.config.ts. */
const test = base.extend<{ mock: (path: string, body: object) => Promise<void> }, { app: string }>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures this one needs from its first parameter.
    async ({}, use) => {
      const { url, stop } = await serveDemo()
      await use(url)
      await stop()
    },
    { scope: 'worker' },
  ],
  baseURL: ({ app }, use) => use(app),
  mock: async ({ request }, use) => {
    await tell(request, 'reset', {})
    await use((path, body) => tell(request, path, body))
  },
})

/** Tells the mock backend something by its control endpoint. */
async function tell(request: APIRequestContext, path: string, data: object): Promise<void> {
  const response = await request.post(`/__stillhere/${path}`, { headers: { 'x-stillhere-mock': '1' }, data })
  expect(response.ok(), await response.text()).toBe(true)
}

async function signIn(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByLabel('User name').fill('analyst@example.com')
  await page.getByLabel('Password', { exact: true }).fill('bug#1')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
}

/** What a browser needs to be signed in: IndexedDB has what tabs share, session storage the token. */
async function keep(page: Page) {
  return {
    storageState: await page.context().storageState({ indexedDB: true }),
    session: await page.evaluate(() => ({ ...sessionStorage })),
  }
}

/** A new browser context in which that person is signed in. */
async function reuse(
  browser: Browser,
  { storageState, session }: Awaited<ReturnType<typeof keep>>,
): Promise<BrowserContext> {
  const context = await browser.newContext({ storageState })
  await context.addInitScript((stored) => {
    // Once in each tab: what the app stores later is newer.
    if (sessionStorage.getItem('kept')) return
    for (const [key, value] of Object.entries(stored)) sessionStorage.setItem(key, value)
    sessionStorage.setItem('kept', 'yes')
  }, session)
  return context
}

test('signs in by the page', async ({ page, mock }) => {
  await signIn(page)
  await mock('faults', {})
})

test('signs in once, and reuses that in other contexts', async ({ page, browser, mock, baseURL }) => {
  await signIn(page)
  const kept = JSON.parse(JSON.stringify(await keep(page)))
  for (let n = 0; n < 2; n++) {
    const context = await reuse(browser, kept)
    const other = await context.newPage()
    await other.goto(baseURL!)
    await expect(other.getByRole('button', { name: 'Sign out' })).toBeVisible()
    await other.reload()
    await expect(other.getByRole('button', { name: 'Sign out' })).toBeVisible()
    await context.close()
  }
  await mock('faults', {})
})

test('storageState alone does not do: the token is in session storage', async ({ page, browser, mock, baseURL }) => {
  await signIn(page)
  const context = await browser.newContext({ storageState: await page.context().storageState({ indexedDB: true }) })
  const other = await context.newPage()
  await other.goto(baseURL!)
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await context.close()
  await mock('faults', {})
})

test('neither does session storage alone: without the record in IndexedDB it is no session', async ({
  page,
  browser,
  mock,
  baseURL,
}) => {
  await signIn(page)
  const { session } = await keep(page)
  const context = await reuse(browser, { storageState: { cookies: [], origins: [] }, session })
  const other = await context.newPage()
  await other.goto(baseURL!)
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await context.close()
  await mock('faults', {})
})

test('moves time in the page and at the server, to the warning and to the end', async ({ page, mock }) => {
  await page.clock.install()
  const pass = async (ms: number) => {
    await mock('clock', { advance: ms })
    await page.clock.fastForward(ms)
  }
  await signIn(page)
  await pass(27 * MIN + 5_000)
  await expect(page.getByRole('alertdialog')).toContainText('signed out')
  await page.getByRole('button', { name: 'Stay signed in' }).click()
  await expect(page.getByRole('alertdialog')).toBeHidden()
  await pass(60 * MIN)
  await expect(page.getByText('You were signed out because you had not been active for a while.')).toBeVisible()
})

test('breaks the server, and mends it', async ({ page, mock }) => {
  await page.goto('/')
  await mock('faults', { match: '/auth', status: 503 })
  await page.getByLabel('User name').fill('analyst@example.com')
  await page.getByLabel('Password', { exact: true }).fill('bug#1')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText('can not be reached')
  await mock('faults', {})
  await signIn(page)
  await mock('revoke-all', {})
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})
