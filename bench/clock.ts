import type { Page } from '@playwright/test'
import type { Api } from './api.ts'
import type { Pages, World } from './pages.ts'

export const S = 1_000
export const MIN = 60 * S
export const HOUR = 60 * MIN

/** Real ms for answers that are on their way. */
const REST = 4
/** Real ms after which an answer is not to be waited for any more. */
const LONGEST = 10_000

/** A subject's page with a clock that stands, and passes as it is told. */
export interface Timed {
  readonly page: Page
  readonly world: World
  now(): Promise<number>
  /** Waits until what the page has begun is over: requests, messages, rendering. */
  settle(): Promise<void>
  /** Time passes for page and server in steps, and in each all timers ring in their order. */
  pass(ms: number, step: number): Promise<void>
  /** The machine sleeps: on waking, the page's timers are where they were, or each that is due rings once. */
  sleep(ms: number, timers: 'frozen' | 'fired'): Promise<void>
  close(): Promise<void>
}

/** Runs in the page before all else. */
function countRequests(): void {
  const { fetch } = globalThis
  const counted = Object.assign(globalThis, { onTheirWay: 0 })
  globalThis.fetch = async (...args) => {
    counted.onTheirWay++
    try {
      return await fetch(...args)
    } finally {
      counted.onTheirWay--
    }
  }
}

/** Whether requests are on their way, once all that waited its turn in the page has had it. */
async function isBusy(): Promise<boolean> {
  // Twice, as an answer may begin something.
  for (let turn = 0; turn < 2; turn++)
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = resolve
      port2.postMessage(null)
    })
  return (globalThis as unknown as { onTheirWay: number }).onTheirWay > 0
}

type Part = { readonly [part: string]: () => Promise<void> | void }

/** Opens a subject's page, and lets someone sign in. */
export async function openTimed(pages: Pages, subject: string, part: string, api: Api): Promise<Timed> {
  const world = await pages.openWorld(subject, api.handle)
  const { clock } = world.context
  await clock.install()
  await world.context.addInitScript(countRequests)
  const page = await world.open()
  const errors: Error[] = []
  page.on('pageerror', (error) => errors.push(error))
  await page.evaluate((part) => (globalThis as unknown as { subject: Part }).subject[part]!(), part)
  await page.locator('#protected').waitFor()
  const now = () => page.evaluate(() => Date.now())
  await clock.pauseAt((await now()) + S)

  async function settle(): Promise<void> {
    const start = performance.now()
    do {
      if (performance.now() - start > LONGEST) throw new Error(`${subject}: a request is not answered`)
      await new Promise((resolve) => setTimeout(resolve, REST))
    } while (await page.evaluate(isBusy))
    if (errors.length) throw new Error(`${subject}: its page broke`, { cause: errors[0] })
  }
  await settle()

  return {
    page,
    world,
    now,
    settle,
    async pass(ms, step) {
      for (let passed = 0; passed < ms; passed += step) {
        const part = Math.min(step, ms - passed)
        api.pass(part)
        await clock.runFor(part)
        await settle()
      }
    },
    async sleep(ms, timers) {
      api.pass(ms)
      if (timers === 'fired') await clock.fastForward(ms)
      else await clock.setSystemTime((await now()) + ms)
      await settle()
    },
    close: () => world.close(),
  }
}
