import type { Page } from '@playwright/test'
import type { Api } from './api.ts'
import { installPageClock, type PageClock } from './page-clock.ts'
import type { Pages, World } from './pages.ts'

export const S = 1_000
export const MIN = 60 * S
export const HOUR = 60 * MIN

/** A subject's page with a clock that stands, and passes as it is told. */
export interface Timed extends PageClock {
  readonly page: Page
  readonly world: World
  now(): Promise<number>
  close(): Promise<void>
}

declare const clock: PageClock

/** Opens a subject's page, and lets someone sign in; page and server go by one clock. */
export async function openTimed(pages: Pages, subject: string, part: string, api: Api): Promise<Timed> {
  const world = await pages.openWorld(subject, api.handle)
  await world.context.exposeFunction('tellTime', (now: number) => api.pass(now - api.now()))
  await world.context.addInitScript(installPageClock)
  const page = await world.open()
  const errors: Error[] = []
  page.on('pageerror', (error) => errors.push(error))
  /** Throws what a page has thrown meanwhile. */
  async function check(work: Promise<void>): Promise<void> {
    await work
    if (errors.length) throw new Error(`${subject}: its page broke`, { cause: errors[0] })
  }
  const timed: Timed = {
    page,
    world,
    now: () => page.evaluate(() => Date.now()),
    settle: () => check(page.evaluate(() => clock.settle())),
    pass: (ms) => check(page.evaluate((ms) => clock.pass(ms), ms)),
    sleep: (ms, timers) => check(page.evaluate(([ms, timers]) => clock.sleep(ms, timers), [ms, timers] as const)),
    close: () => world.close(),
  }
  await page.evaluate((part) => {
    void (globalThis as unknown as { subject: Record<string, () => unknown> }).subject[part]!()
  }, part)
  for (let waited = 0; !(await page.locator('#protected').isVisible()); waited += S) {
    if (waited > MIN) throw new Error(`${subject}: nobody is signed in`)
    await timed.pass(S)
  }
  await timed.pass(S)
  return timed
}
