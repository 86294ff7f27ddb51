import type { Page } from '@playwright/test'
import { createRotatingServer } from '../dialects.ts'
import type { Measure, Result, Setting } from '../measure.ts'
import type { Pages, World } from '../pages.ts'

const LIFE = 5 * 60_000
const LATENCY = 60
const OURS = 'stillhere'
/** Real ms between the word that a run begins and its beginning. */
const LEAD = 150
const SPREAD = 300

const EXTENTS = {
  full: { tabs: [1, 5, 20], runs: 20 },
  quick: { tabs: [1, 5, 20], runs: 5 },
  smoke: { tabs: [1, 3], runs: 1 },
}
const STARTS = ['together', 'staggered'] as const
type Start = (typeof STARTS)[number]

interface Refreshing {
  /** Signs in, where no other tab has. */
  signIn(): Promise<void>
  /** A request as the subject's users make one: its status, 0 where none went out. */
  request(): Promise<number>
  isSignedIn(): boolean | Promise<boolean>
}
declare const subject: { refreshing: Refreshing }
declare const passTime: (ms: number) => void
declare const realNow: () => number

/** Runs in the page before all else: the wall clock is ahead by what was passed, and timers run as ever. */
function moveClock(): void {
  const Real = Date
  let ahead = Number(sessionStorage.getItem('ahead') ?? 0)
  class Moved extends Real {
    constructor(...args: unknown[]) {
      if (args.length) super(...(args as [number]))
      else super(Real.now() + ahead)
    }
    static override now() {
      return Real.now() + ahead
    }
  }
  Object.assign(globalThis, {
    Date: Moved,
    realNow: () => Real.now(),
    passTime: (ms: number) => {
      ahead += ms
      sessionStorage.setItem('ahead', String(ahead))
    },
  })
}

interface Run {
  readonly refreshes: number
  readonly refused: number
  /** Tabs whose request was not answered with 200. */
  readonly failed: number
  readonly signedOut: number
}

async function openTabs(world: World, tabs: number): Promise<Page[]> {
  const opened: Page[] = []
  for (let i = 0; i < tabs; i++) opened.push(await world.open())
  return opened
}

async function signInAll(opened: readonly Page[]): Promise<void> {
  const signedIn = (page: Page) => page.evaluate(() => subject.refreshing.isSignedIn())
  for (const page of opened) if (!(await signedIn(page))) await page.evaluate(() => subject.refreshing.signIn())
}

/** One after the other, the runs of one subject with so many tabs: in each the token has run out, and all tabs need one. */
async function runAll(pages: Pages, setting: Setting, name: string, tabs: number, start: Start, runs: number) {
  const server = createRotatingServer({ life: LIFE, latency: LATENCY })
  const world = await pages.openWorld(name, server.handle)
  await world.context.addInitScript(moveClock)
  const done: Run[] = []
  try {
    let opened = await openTabs(world, tabs)
    for (let i = 0; i < runs; i++) {
      await signInAll(opened)
      // Whoever was signed out may have signed in over the others, whose tokens are dead then.
      const stale = await Promise.all(opened.map((page) => page.evaluate(() => subject.refreshing.request())))
      if (stale.some((status) => status !== 200)) {
        await Promise.all(opened.map((page) => page.close()))
        await world.context.clearCookies()
        opened = [await world.open()]
        await opened[0]!.evaluate(() => {
          localStorage.clear()
          return subject.refreshing.signIn()
        })
        opened.push(...(await openTabs(world, tabs - 1)))
        await signInAll(opened)
      }
      server.read()
      server.pass(LIFE + 1_000)
      await Promise.all(opened.map((page) => page.evaluate((ms) => passTime(ms), LIFE + 1_000)))
      const begin = (await opened[0]!.evaluate(() => realNow())) + LEAD
      const statuses = await Promise.all(
        opened.map((page) =>
          page.evaluate(
            async (at) => {
              await new Promise((resolve) => setTimeout(resolve, at - realNow()))
              return subject.refreshing.request()
            },
            begin + (start === 'together' ? 0 : setting.turns.random() * SPREAD),
          ),
        ),
      )
      const signedIn = await Promise.all(opened.map((page) => page.evaluate(() => subject.refreshing.isSignedIn())))
      done.push({
        ...server.read(),
        failed: statuses.filter((status) => status !== 200).length,
        signedOut: signedIn.filter((isIn) => !isIn).length,
      })
    }
  } finally {
    await world.close()
  }
  return done
}

const range = (values: readonly number[]) => {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? String(least) : `${least} … ${most}`
}
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

async function run(setting: Setting): Promise<Result> {
  const { tabs, runs } = EXTENTS[setting.extent]
  const names = setting.pages.namesOf('refreshing')
  const cells = names.flatMap((name) => tabs.flatMap((count) => STARTS.map((start) => ({ name, count, start }))))
  const done = new Map<string, Run[]>()
  const key = (name: string, count: number, start: Start) => `${name}, ${count} tabs ${start}`
  for (const { name, count, start } of setting.turns.shuffle(cells)) {
    setting.say(`refresh: ${key(name, count, start)}`)
    done.set(key(name, count, start), await runAll(setting.pages, setting, name, count, start, runs))
  }

  const of = (name: string, count: number, start: Start) => done.get(key(name, count, start))!
  const figures: Record<string, number> = {}
  for (const [name, all] of done) {
    figures[`${name}: most refreshes`] = Math.max(...all.map(({ refreshes }) => refreshes))
    figures[`${name}: refused`] = total(all.map(({ refused }) => refused))
    figures[`${name}: failed`] = total(all.map(({ failed }) => failed))
    figures[`${name}: signed out`] = total(all.map(({ signedOut }) => signedOut))
  }
  const ours = tabs.flatMap((count) => STARTS.flatMap((start) => of(OURS, count, start)))
  const most = tabs.at(-1)!
  const wrong = (what: keyof Run) => total(ours.map((run) => run[what]))

  return {
    tables: [
      {
        title: `Refresh requests for one expired token, least … most of ${runs} runs`,
        columns: ['', ...tabs.flatMap((count) => STARTS.map((start) => `${count}, ${start}`))],
        rows: names.map((name) => [
          name,
          ...tabs.flatMap((count) => STARTS.map((start) => range(of(name, count, start).map((run) => run.refreshes)))),
        ]),
      },
      {
        title: `With ${most} tabs, ${2 * runs} runs: what it led to`,
        columns: ['', 'refused refreshes', 'requests that failed', 'tabs signed out'],
        rows: names.map((name) => {
          const all = STARTS.flatMap((start) => of(name, most, start))
          return [
            name,
            ...(['refused', 'failed', 'signedOut'] as const).map((what) => total(all.map((run) => run[what]))),
          ]
        }),
      },
    ],
    charts: [
      {
        name: 'refresh',
        title: `Refresh requests for one expired token in ${most} tabs, the most of all runs`,
        unit: '',
        bars: names.map((label) => ({
          label,
          value: Math.max(...STARTS.flatMap((start) => of(label, most, start).map((run) => run.refreshes))),
        })),
      },
    ],
    goals: [
      {
        text: 'exactly 1 refresh in every run',
        value: `${range(ours.map((run) => run.refreshes))} in ${ours.length} runs`,
        isMet: ours.every((run) => run.refreshes === 1),
      },
      {
        text: '0 refused, 0 errors, 0 signed out',
        value: `${wrong('refused')}, ${wrong('failed')}, ${wrong('signedOut')}`,
        isMet: wrong('refused') + wrong('failed') + wrong('signedOut') === 0,
      },
    ],
    figures,
    notes: [
      `Counted at a server that takes each refresh token once, at once, and answers after ${LATENCY} ms. Some servers take a token a second time for a few seconds (10 s for Supabase’s by default): there the refused ones would not be. Together: within some ms of each other; staggered: within ${SPREAD} ms. Each run begins with a request of each tab that was answered with 200.`,
    ],
  }
}

/** How many refreshes one expired token leads to. */
export const refresh: Measure = { name: 'refresh', title: 'One expired token, many tabs', run }
