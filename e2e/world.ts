import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'

export type { Page }
export { expect }

export const S = 1_000
export const MIN = 60 * S
export const ANALYST = { username: 'analyst@example.com', password: 'bug#1' }
export const LEAD = { username: 'lead@example.com', password: 'bug#2' }

interface Seen {
  readonly method: string
  readonly path: string
  readonly status: number | null
  readonly authorized: boolean
  readonly token?: string
}

/** The demo's server, and the clock that it and every page of the context go by. */
export class World {
  readonly url: string
  readonly context: BrowserContext

  constructor(url: string, context: BrowserContext) {
    this.url = url
    this.context = context
  }

  async control(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/__stillhere/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-stillhere-mock': '1', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? undefined : response.json()
  }

  /** What goes wrong at the server from now on; `{}` for nothing. */
  faults = (faults: Record<string, unknown>) => this.control('faults', faults)

  /** The requests the server has seen whose path contains `part`. */
  async sent(part: string): Promise<Seen[]> {
    const all = (await this.control('requests')) as Seen[]
    return all.filter((request) => request.path.includes(part))
  }

  /** Time passes for the server and for every page: what is due in a page rings once, as after a sleep. */
  async pass(ms: number): Promise<void> {
    await this.control('clock', { advance: ms })
    await this.context.clock.fastForward(ms)
  }

  /** From here on time passes by `pass` alone. */
  async stopClock(page: Page): Promise<void> {
    await this.context.clock.pauseAt((await page.evaluate(() => Date.now())) + S)
  }

  async open(path = '/'): Promise<Page> {
    const page = await this.context.newPage()
    await page.goto(this.url + path)
    return page
  }

  async signIn(page: Page, { username, password } = ANALYST): Promise<void> {
    await page.getByLabel('User name').fill(username)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
  }

  /** So many tabs, all signed in by one sign-in. */
  async openMany(count: number, path = '/'): Promise<Page[]> {
    const first = await this.open(path)
    await this.signIn(first)
    const others = await Promise.all(Array.from({ length: count - 1 }, () => this.open(path)))
    for (const page of others) await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
    return [first, ...others]
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`The demo's server ended with ${server.exitCode}.`)
    const response = await fetch(url).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Each worker has a server of its own, and each test finds it new. */
export const test = base.extend<{ world: World }, { server: string }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures this one needs from its first parameter.
    async ({}, use) => {
      const port = await freePort()
      const server = spawn(process.execPath, [vite, 'preview', '--port', String(port), '--strictPort'], {
        cwd: root,
        env: { ...process.env, PORT: String(port) },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const url = `http://127.0.0.1:${port}`
      await answers(url, server)
      await use(url)
      server.kill()
    },
    { scope: 'worker' },
  ],
  world: async ({ server, context }, use) => {
    const world = new World(server, context)
    await world.control('reset', {})
    await context.clock.install()
    await use(world)
  },
})

export const dialog = (page: Page) => page.getByRole('alertdialog')
export const stay = (page: Page) => page.getByRole('button', { name: 'Stay signed in' })
export const isIn = (page: Page) => expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
export const isOut = (page: Page) => expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
