import { fileURLToPath } from 'node:url'
import { type BrowserContext, type CDPSession, chromium as playwright, type Request } from '@playwright/test'
import { preview } from 'vite'
import { chromium, findChromium } from '../../e2e/chromium.mjs'
import { ANALYST, dialog, freePort, type Page, expect as playwrightExpect, S, stay, World } from '../../e2e/world.ts'
import type { Plant } from './desk.ts'
import { type Flatness, judge } from './flat.ts'

/** Life of the tokens in seconds: idle after four minutes, warned after two. */
const TTL = 300
const STEP = 10 * S
const HOUR = 3_600 * S
/** In which everything in the page that answers may answer: real ms. */
const REST = 30
/** The demo's list of what happened is full after a hundred entries. */
const ENTRIES = 105
const SHARES = { JSHeapUsedSize: 0.01, JSEventListeners: 0, Nodes: 0.01, Documents: 0 } as const
type Metric = keyof typeof SHARES

export interface PageReport {
  readonly figures: readonly Flatness[]
  readonly counts: Readonly<Record<string, number>>
  /** Simulated and real ms of the script, without the warm-up. */
  readonly simulated: number
  readonly took: number
}

export interface PageOptions {
  readonly hours: number
  readonly plant: Plant
  readonly say: (line: string) => void
}

/** Runs in the page before all else. */
const PLANTS: Record<string, () => void> = {
  listener: () => {
    EventTarget.prototype.removeEventListener = () => {}
  },
  memory: () => {
    const kept: string[] = []
    const { fetch } = globalThis
    globalThis.fetch = async (...args) => {
      kept.push(new Date().toString().repeat(100).split('').join('-'))
      return fetch(...args)
    }
  },
}

// A machine that is busy with the other half, or with others, is slow and not wrong.
const expect = playwrightExpect.configure({ timeout: 30_000 })
const signOutOf = (page: Page) => page.getByRole('button', { name: 'Sign out' })

const rest = (ms = REST) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Resolves once nothing is on its way: the time limit of what was sent goes by the page's clock, which is about to jump. */
function watchRequests(context: BrowserContext): () => Promise<void> {
  const sent = new Set<Request>()
  context.on('request', (request) => sent.add(request))
  context.on('requestfinished', (request) => sent.delete(request))
  context.on('requestfailed', (request) => sent.delete(request))
  // What a closed page has sent is not heard of again.
  context.on('page', (page) => page.on('close', () => sent.clear()))
  return async () => {
    do await rest()
    while (sent.size)
  }
}

async function measure(cdp: CDPSession): Promise<Record<Metric, number>> {
  for (let round = 0; round < 3; round++) {
    await cdp.send('HeapProfiler.collectGarbage')
    await rest()
  }
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name: Metric) => metrics.find((metric) => metric.name === name)!.value
  return {
    JSHeapUsedSize: of('JSHeapUsedSize'),
    JSEventListeners: of('JSEventListeners'),
    Nodes: of('Nodes'),
    Documents: of('Documents'),
  }
}

/** Somebody at the console, for as long as it takes: each call of `round` goes through all that a session can meet. */
async function createPerson(world: World) {
  const counts: Record<string, number> = {}
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  let simulated = 0
  const quiet = watchRequests(world.context)
  const page = await world.open(`?ttl=${TTL}`)

  async function pass(ms: number): Promise<void> {
    await quiet()
    await world.pass(ms)
    simulated += ms
  }
  async function passUntil(isThere: () => Promise<boolean>, most: number): Promise<void> {
    for (let waited = 0; !(await isThere()); waited += STEP) {
      if (waited > most) throw new Error(`Nothing happened within ${most / S} s of the page's time.`)
      await pass(STEP)
    }
  }

  const inputs = [
    (on: Page, i: number) => on.mouse.move(200 + ((i * 37) % 300), 150 + ((i * 53) % 300)),
    (on: Page) => on.keyboard.press('Shift'),
    (on: Page, i: number) =>
      on
        .locator('nav a')
        .nth(i % 3)
        .click(),
    (on: Page, i: number) => on.locator('textarea').fill(`Note ${i}`),
    (on: Page) => on.mouse.wheel(0, 40),
  ]
  async function work(on: Page, steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      await inputs[i % inputs.length]!(on, i)
      count('inputs')
      await pass(STEP)
    }
  }

  async function signIn(): Promise<void> {
    await page.getByLabel('User name').fill(ANALYST.username)
    await page.getByLabel('Password', { exact: true }).fill(ANALYST.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(signOutOf(page)).toBeVisible()
    count('sign-ins')
  }

  return {
    page,
    counts,
    simulated: () => simulated,
    signIn,
    /** Refreshes alone, as many as fill the demo's list of what happened. */
    async fillTheList(): Promise<void> {
      for (let refreshes = 1; refreshes <= ENTRIES; refreshes++) {
        await pass(61 * S)
        await page.keyboard.press('Shift')
        await expect(page.locator('dd').nth(3)).toHaveText(String(refreshes))
      }
      await expect(page.getByRole('button', { name: `Show all ${ENTRIES + 1}` })).toBeVisible()
      simulated = 0
    },
    async round(number: number): Promise<void> {
      await work(page, 10)

      const second = await world.open(`?ttl=${TTL}`)
      await expect(signOutOf(second)).toBeVisible()
      await work(second, 4)
      await second.close()
      count('tabs opened and closed')

      await passUntil(() => dialog(page).isVisible(), 240 * S)
      count('warnings')
      if (number % 2) await stay(page).click()
      else await page.keyboard.press('Escape')
      await expect(dialog(page)).toBeHidden()
      count('stays')

      if (number % 2) {
        await passUntil(() => page.getByRole('heading', { name: 'Sign in' }).isVisible(), 300 * S)
        count('idle ends')
      } else {
        await signOutOf(page).click()
        count('sign-outs')
      }
      await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
      await signIn()
      // Always the same page at the end.
      await page.locator('nav a').first().click()
      await expect(page.getByRole('table')).toBeVisible()
    },
  }
}

async function soak(world: World, context: BrowserContext, { hours, say }: PageOptions): Promise<PageReport> {
  const person = await createPerson(world)
  await person.signIn()
  await person.fillTheList()
  say('warmed up')

  const cdp = await context.newCDPSession(person.page)
  await cdp.send('Performance.enable')
  const samples: Record<Metric, number>[] = []
  const before = (await world.refreshes()).length
  const startedAt = performance.now()
  for (let round = 0; person.simulated() < hours * HOUR; round++) {
    await person.round(round)
    const sample = await measure(cdp)
    samples.push(sample)
    say(`${Math.round(person.simulated() / 60_000)} min: ${JSON.stringify(sample)}`)
  }
  const took = Math.round(performance.now() - startedAt)
  const refreshes = (await world.refreshes()).length - before
  return {
    figures: (Object.keys(SHARES) as Metric[]).map((name) =>
      judge(
        name,
        samples.map((sample) => sample[name]),
        SHARES[name],
      ),
    ),
    counts: { ...person.counts, refreshes },
    simulated: person.simulated(),
    took,
  }
}

/** Hours of work in the built demo, in a real browser whose clock runs many times as fast as ours. */
export async function soakPage(options: PageOptions): Promise<PageReport> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error(`No Chromium found. Type: ${chromium.remedy}`)
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const port = await freePort()
  const server = await preview({ root, preview: { port, strictPort: true }, logLevel: 'warn' })
  // Code that is compiled as it grows hot lies in the same heap, and is all that grew in it: 40 kB a round.
  const args = [...chromium.args, '--js-flags=--jitless']
  const browser = await playwright.launch({ executablePath, args })
  try {
    const context = await browser.newContext()
    await context.clock.install()
    if (options.plant) await context.addInitScript(PLANTS[options.plant]!)
    const world = new World(`http://127.0.0.1:${port}`, context)
    return await soak(world, context, options)
  } finally {
    await browser.close()
    await server.close()
  }
}
