import { readdir, readFile } from 'node:fs/promises'
import { complaintsOf } from './complaints.ts'
import { BUILT, FOLDER, serveFiles } from './files.ts'
import { SYSTEMS, type SystemId } from './systems.ts'
import { test as base, dialog, expect, isIn, isOut, MIN, type Page, S, stay, World } from './world.ts'

/** Asks the server within the browser, as scripts of the page do. */
const askIn = (page: Page, path: string, body?: unknown) =>
  page.evaluate(
    async ([path, body]) => {
      const response = await fetch(`/__stillhere/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'x-stillhere-mock': '1' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return text ? JSON.parse(text) : undefined
    },
    [path, body] as const,
  )

/** The demo on a host of files: its server is asked through whatever page is open. */
class StaticWorld extends World {
  /** Whether the server has a clock of its own, that pages do not move. */
  hasClock = true

  override async control(path: string, body?: unknown) {
    if (path === 'clock' && !this.hasClock) return undefined
    return askIn(this.context.pages().at(-1)!, path, body)
  }
}

const test = base.extend<{ host: Awaited<ReturnType<typeof serveFiles>>; world: StaticWorld }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures this one needs from its first parameter.
  host: async ({}, use) => {
    const host = await serveFiles()
    await use(host)
    host.close()
  },
  world: async ({ host, context, system }, use) => {
    await context.clock.install()
    await use(new StaticWorld(host.url + FOLDER.slice(0, -1), context, system))
  },
})

/** How far the server's clock is ahead of the page's: ms. */
const aheadOf = async (page: Page) => {
  const { now } = (await askIn(page, 'clock', { advance: 0 })) as { now: number }
  return now - (await page.evaluate(() => Date.now()))
}
const SAME = 10 * S
const refreshes = (page: Page) => page.locator('dd').nth(3)

/** The demo says where its server runs: under the sign-in, and within among what one can try. */
async function saysWhere(page: Page, text: string): Promise<void> {
  const within = page.getByRole('tab', { name: 'Try it' })
  await within.or(page.getByLabel('User name')).waitFor()
  if (await within.isVisible()) await within.click()
  await expect(page.getByText(text)).toBeVisible()
}

test('in a folder of a host that has but files the demo is whole, and nothing but those files is ever asked for', async ({
  world,
  host,
  context,
}) => {
  const complaints = await complaintsOf(context)
  const page = await world.open()
  await world.signIn(page)
  await expect(page.getByRole('heading', { name: /^Content blocks of feed/ })).toBeVisible()
  await saysWhere(page, 'The server runs inside this browser, one for all tabs.')
  await world.pass(61 * S)
  await page.keyboard.press('Shift')
  await expect(refreshes(page)).toHaveText('1')
  await world.passUntilWarned()
  await expect(dialog(page)).toBeVisible()
  await stay(page).click()
  await expect(dialog(page)).toBeHidden()
  await expect(refreshes(page)).toHaveText('2')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page)
  await expect(page.getByText('Your last token at the server: revoked.')).toBeVisible()
  expect(complaints).toEqual([])
  const files = (await readdir(BUILT, { recursive: true })).map((name) => FOLDER + name)
  for (const { method, url } of host.got) {
    expect(method).toBe('GET')
    expect([FOLDER, ...files]).toContain(url)
  }
})

test('all tabs share the server: one signs in and out for all of them, one refreshes, and what one is told holds in all', async ({
  world,
}) => {
  const [first, second] = (await world.openMany(2)) as [Page, Page]
  await world.pass(61 * S)
  await first.keyboard.press('Shift')
  for (const page of [first, second]) await expect(refreshes(page)).toHaveText('1')
  await askIn(first, 'faults', { down: true })
  expect(await askIn(second, 'faults')).toEqual([{ down: true }])
  await second.locator('.items a').nth(2).click()
  await expect(second.getByRole('alert')).toContainText('The server can not be reached.')
  await askIn(second, 'faults', {})
  await first.getByRole('button', { name: 'Sign out' }).click()
  for (const page of [first, second]) await isOut(page)
  await expect.poll(async () => (await world.sent('/logout/')).map(({ status }) => status)).toEqual([204])
})

/** The only tab is reloaded: session, clock and faults are as they were. */
async function liveThroughReload(world: StaticWorld) {
  const page = await world.open()
  await world.signIn(page)
  await world.pass(20 * MIN)
  await page.keyboard.press('Shift')
  await expect(refreshes(page)).toHaveText('1')
  await askIn(page, 'faults', { status: 503, retryAfter: 7, match: world.system.refresh })
  expect(Math.abs(await aheadOf(page))).toBeLessThan(SAME)
  await page.reload()
  await isIn(page)
  expect(Math.abs(await aheadOf(page))).toBeLessThan(SAME)
  await expect(page.getByRole('heading', { name: /^Content blocks of feed/ })).toBeVisible()
  expect(await askIn(page, 'faults')).toHaveLength(1)
  await world.pass(61 * S)
  await page.keyboard.press('Shift')
  await expect(page.locator('[data-type="failed"]').first()).toContainText('Refresh failed, unreachable (503)')
  await world.control('reset', {})
  expect(await askIn(page, 'faults')).toEqual([])
  await world.pass(MIN)
  await isOut(page)
}

test('what the server was told and knows is there after a reload of the only tab', ({ world }) =>
  liveThroughReload(world))

test('the same where the worker ends with its last tab, and begins anew', async ({ world, context }) => {
  await context.addInitScript(() => {
    const { SharedWorker } = window
    window.SharedWorker = class extends SharedWorker {
      constructor(address: string | URL, options?: string | WorkerOptions) {
        super(address, (options as WorkerOptions).name)
      }
    }
  })
  await liveThroughReload(world)
})

test('what a page sends as its last before it closes arrives', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await page.evaluate(() =>
    addEventListener('pagehide', () => fetch('/api/auth/logout/', { method: 'POST', body: 'by', keepalive: true })),
  )
  await page.close()
  await isOut(await world.open())
  expect(await world.sent('/logout/')).toHaveLength(1)
})

const runsByItself = (page: Page) => saysWhere(page, 'Tabs do not share the server here')

test('without SharedWorker each tab runs the server, says so, and the session is one all the same', async ({
  world,
  context,
}) => {
  await context.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'))
  world.hasClock = false
  const [first, second] = (await world.openMany(2)) as [Page, Page]
  for (const page of [first, second]) await runsByItself(page)
  await world.pass(61 * S)
  await first.keyboard.press('Shift')
  for (const page of [first, second]) await expect(refreshes(page)).toHaveText('1')
  await first.reload()
  await isIn(first)
  await askIn(first, 'faults', [{ down: true }, { status: 500, times: 1 }])
  expect(await askIn(second, 'faults')).toEqual([{ down: true }])
  await askIn(second, 'faults', [])
  expect(await askIn(first, 'faults')).toEqual([])
  await world.passUntilWarned()
  for (const page of [first, second]) await expect(dialog(page)).toBeVisible()
  await stay(second).click()
  for (const page of [first, second]) await expect(dialog(page)).toBeHidden()
  await askIn(first, 'clock', { advance: MIN })
  await askIn(second, 'clock', { advance: MIN })
  for (const page of [first, second]) expect(Math.abs((await aheadOf(page)) - 2 * MIN)).toBeLessThan(SAME)
  await second.getByRole('button', { name: 'Sign out' }).click()
  for (const page of [first, second]) await isOut(page)
})

test('left alone for an hour the server begins anew', async ({ world, context }) => {
  await context.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'))
  const page = await world.open()
  await runsByItself(page)
  await askIn(page, 'faults', { down: true })
  await page.reload()
  await runsByItself(page)
  expect(await askIn(page, 'faults')).toEqual([{ down: true }])
  await page.goto('about:blank')
  await context.clock.fastForward(61 * MIN)
  await page.goto(world.urlOf())
  await runsByItself(page)
  expect(await askIn(page, 'faults')).toEqual([])
})

test.describe('where the worker is not to be had', () => {
  test.use({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures this one needs from its first parameter.
    host: async ({}, use) => {
      const host = await serveFiles((name) => !name.includes('worker'))
      await use(host)
      host.close()
    },
  })

  test('the page runs the server itself, without waiting for the worker', async ({ world, context }) => {
    await context.clock.pauseAt(Date.now() + MIN)
    const page = await world.open()
    await runsByItself(page)
    await context.clock.resume()
    await world.signIn(page)
  })
})

test('a worker that says nothing is waited for no longer than four seconds', async ({ world, context }) => {
  await context.addInitScript(() =>
    Object.assign(window, {
      SharedWorker: class {
        port = new MessageChannel().port1
      },
    }),
  )
  const page = await world.open()
  await expect(page.getByText('Starting the pretend server …')).toBeVisible()
  await context.clock.fastForward(4 * S)
  await runsByItself(page)
})

test('where nothing can be kept the page says that a reload signs out, and it does', async ({ world, context }) => {
  await context.addInitScript(() => {
    Reflect.deleteProperty(window, 'SharedWorker')
    Reflect.deleteProperty(window, 'indexedDB')
  })
  world.hasClock = false
  const page = await world.open()
  await expect(page.getByText('a reload signs you out.')).toBeVisible()
  await world.signIn(page)
  await page.reload()
  await isOut(page)
})

test('without https there is no server to be had, and the page says so', async ({ host, context }) => {
  await context.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }))
  const page = await context.newPage()
  await page.goto(host.url + FOLDER)
  await expect(page.getByRole('alert')).toHaveText('The demo does not start here: it needs https.')
})

test('every system of the demo signs in, and the one by cookie is not on offer', async ({ host, context }) => {
  const page = await context.newPage()
  await page.goto(`${host.url}${FOLDER}?system=rest-cookie`)
  await expect(page.getByLabel('System', { exact: true })).toHaveValue('eclecticiq')
  await expect(page.getByRole('option', { name: /refresh by cookie/ })).toBeDisabled()
  for (const system of [...Object.keys(SYSTEMS), 'rest'] as SystemId[]) {
    await page.goto(`${host.url}${FOLDER}?system=${system}`)
    await expect(page.getByLabel('System', { exact: true })).toHaveValue(system)
    await new World(host.url, context).signIn(page)
    await expect(page.locator('.items a').first()).toBeVisible()
    await expect(page.getByRole('table')).toBeVisible()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await isOut(page)
  }
})

test('a PIN comes to the phone on the page', async ({ host, context }) => {
  const page = await context.newPage()
  await page.goto(`${host.url}${FOLDER}?system=eclipse`)
  await page.getByRole('button', { name: 'Forgotten your password?' }).click()
  await page.getByLabel('User name').fill('lead@example.com')
  await page.getByRole('button', { name: 'Send me a PIN' }).click()
  await expect(page.getByText('is your one-time PIN')).toBeVisible()
})

test('the build that has a server by network holds nothing of the mock', async () => {
  const holds = async (folder: string) => {
    const files = await readdir(new URL(`../dist/${folder}/assets/`, import.meta.url))
    const texts = await Promise.all(
      files.map((name) => readFile(new URL(`../dist/${folder}/assets/${name}`, import.meta.url), 'utf8')),
    )
    return ['A fault on demand.', 'SharedWorker', 'stillhere-demo-server'].filter((part) =>
      texts.some((text) => text.includes(part)),
    )
  }
  expect(await holds('static')).toHaveLength(3)
  expect(await holds('demo')).toEqual([])
})
