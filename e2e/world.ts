import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { Server, serveDemo } from './server.ts'
import { MIN, S, type SystemId } from './systems.ts'

export { freePort } from './server.ts'
export type { BrowserContext, Page }
export { expect, MIN, S }

export const ANALYST = { username: 'analyst@example.com', password: 'bug#1' }
export const LEAD = { username: 'lead@example.com', password: 'bug#2' }

/** The demo's server, and the clock that it and every page of the context go by. */
export class World extends Server {
  readonly context: BrowserContext

  constructor(url: string, context: BrowserContext, system?: SystemId, site?: string) {
    super(url, system, site)
    this.context = context
  }

  /** How long nobody may be here: the token's life less a minute. */
  get idle(): number {
    return this.system.life - MIN
  }

  /** Time passes until the warning has been open for ten seconds, if nobody has been here since the last token was given. */
  passUntilWarned = () => this.pass(this.idle - 2 * MIN + 10 * S)

  /** Time passes for the server and for every page: what is due in a page rings once, as after a sleep. */
  async pass(ms: number): Promise<void> {
    await this.control('clock', { advance: ms })
    await this.context.clock.fastForward(ms)
  }

  /** From here on time passes by `pass` alone. */
  async stopClock(page: Page): Promise<void> {
    await this.context.clock.pauseAt((await page.evaluate(() => Date.now())) + S)
  }

  async open(address = ''): Promise<Page> {
    const page = await this.context.newPage()
    await page.goto(this.urlOf(address))
    return page
  }

  async signIn(page: Page, { username, password } = ANALYST): Promise<void> {
    await page.getByLabel('User name').fill(username)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
  }

  /** Round after round somebody is active in all of these tabs at once: one refresh each, and every tab has what it brought. */
  async refreshInRounds(pages: readonly Page[], rounds: number): Promise<void> {
    for (let round = 1; round <= rounds; round++) {
      await this.pass(61 * S)
      await Promise.all(pages.map((page) => page.keyboard.press('Shift')))
      for (const page of pages) await expect(page.locator('dd').nth(3)).toHaveText(String(round))
      expect(await this.refreshes()).toHaveLength(round)
    }
  }

  /** Begins a refresh in this tab whose answer takes 4 s. */
  async beginSlowRefresh(page: Page): Promise<void> {
    await this.pass(61 * S)
    await this.faults({ latency: 4_000, match: this.system.refresh, times: 1 })
    await page.keyboard.press('Shift')
    await expect.poll(async () => (await this.refreshes()).length).toBe(1)
  }

  /** So many tabs, all signed in by one sign-in. */
  async openMany(count: number, path = ''): Promise<Page[]> {
    const first = await this.open(path)
    await this.signIn(first)
    const others = await Promise.all(Array.from({ length: count - 1 }, () => this.open(path)))
    for (const page of others) await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
    return [first, ...others]
  }
}

/** Each worker has a server of its own, and each test finds it new. */
export const test = base.extend<
  { world: World; system: SystemId; hostname: string; clock: 'moved' | 'real' },
  { server: string }
>({
  system: ['eclecticiq', { option: true }],
  /** The name by which pages know the server. */
  hostname: ['127.0.0.1', { option: true }],
  /** `moved`: time passes in pages as the test says. `real`: as it passes. */
  clock: ['moved', { option: true }],
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures this one needs from its first parameter.
    async ({}, use) => {
      const server = await serveDemo()
      await use(server.url)
      await server.stop()
    },
    { scope: 'worker' },
  ],
  world: async ({ server, context, system, hostname, clock }, use) => {
    const world = new World(server, context, system, server.replace('127.0.0.1', hostname))
    await world.control('reset', {})
    if (clock === 'moved') await context.clock.install()
    await use(world)
  },
})

export const dialog = (page: Page) => page.getByRole('alertdialog')
export const stay = (page: Page) => page.getByRole('button', { name: 'Stay signed in' })
export const isIn = (page: Page) => expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
export const isOut = (page: Page) => expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
