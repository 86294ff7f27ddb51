import type { Page } from '@playwright/test'
import { createRotatingServer, type Reuse, type RotatingServer } from '../dialects.ts'
import type { Measure, Result, Setting } from '../measure.ts'
import type { World } from '../pages.ts'
import { median } from '../statistics.ts'

const LIFE = 5 * 60_000
const LATENCY = 60
const OURS = 'stillhere'
/** Real ms between the word that a run begins and its beginning. */
const LEAD = 150
const SPREAD = 300

const EXTENTS = {
  full: { tabs: [1, 5, 20], runs: 20 },
  quick: { tabs: [1, 5, 20], runs: 3 },
  smoke: { tabs: [1, 3], runs: 1 },
}
const STARTS = ['together', 'staggered'] as const
type Start = (typeof STARTS)[number]

/** Servers that a subject's documents count on, each a row of its own. */
const ITS_OWN: Readonly<Record<string, Reuse>> = {
  'supabase-auth-js': 'gotrue',
  'supertokens-website': 'supertokens',
}

interface Subject {
  readonly name: string
  readonly file: string
  readonly reuse: Reuse
}

/** One subject with so many tabs. */
interface Cell extends Subject {
  readonly tabs: number
}

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
  readonly start: Start
  readonly refreshes: number
  readonly refused: number
  /** Tabs whose request was not answered with 200. */
  readonly failed: number
  readonly signedOut: number
  /** Between the first request and the last: ms. */
  readonly spread: number
}

interface Office {
  readonly server: RotatingServer
  readonly world: World
  readonly opened: readonly Page[]
}

async function openOffice({ pages }: Setting, { file, reuse, tabs }: Cell): Promise<Office> {
  const server = createRotatingServer({ life: LIFE, latency: LATENCY, reuse })
  const world = await pages.openWorld(file, server.handle)
  await world.context.addInitScript(moveClock)
  const opened: Page[] = []
  for (let i = 0; i < tabs; i++) opened.push(await world.open())
  return { server, world, opened }
}

/** Signs in where nobody is, and tells whether each tab has a good token and the refresh token that is good now. */
async function signInAll({ opened, server }: Office): Promise<boolean> {
  for (const page of opened)
    await page.evaluate(async () => {
      if (!(await subject.refreshing.isSignedIn())) await subject.refreshing.signIn()
    })
  server.read()
  const statuses = await Promise.all(
    opened.map((page) => page.evaluate(() => subject.refreshing.request().catch(() => 0))),
  )
  return statuses.every((status) => status === 200) && server.read().outdated === 0
}

/** The token has run out, and all tabs need one. */
async function runOnce({ turns }: Setting, { opened, server }: Office, start: Start): Promise<Run> {
  const begins = opened.map(() => (start === 'together' ? 0 : turns.random() * SPREAD))
  server.read()
  server.pass(LIFE + 1_000)
  await Promise.all(opened.map((page) => page.evaluate((ms) => passTime(ms), LIFE + 1_000)))
  const begin = (await opened[0]!.evaluate(() => realNow())) + LEAD
  const done = await Promise.all(
    opened.map((page, i) =>
      page.evaluate(async (at) => {
        await new Promise((resolve) => setTimeout(resolve, at - realNow()))
        const began = realNow()
        return { began, status: await subject.refreshing.request().catch(() => 0) }
      }, begin + begins[i]!),
    ),
  )
  const { refreshes, refused } = server.read()
  const signedIn = await Promise.all(opened.map((page) => page.evaluate(() => subject.refreshing.isSignedIn())))
  const began = done.map(({ began }) => began)
  return {
    start,
    refreshes,
    refused,
    failed: done.filter(({ status }) => status !== 200).length,
    signedOut: signedIn.filter((isIn) => !isIn).length,
    spread: Math.max(...began) - Math.min(...began),
  }
}

/** One after the other, each in the tabs of the one before where all of these are well again. */
async function runAll(setting: Setting, cell: Cell, runs: number): Promise<Run[]> {
  const done: Run[] = []
  const starts = setting.turns.shuffle(STARTS.flatMap((start) => Array<Start>(runs).fill(start)))
  let office = await openOffice(setting, cell)
  try {
    for (const start of starts) {
      if (!(await signInAll(office))) {
        await office.world.close()
        office = await openOffice(setting, cell)
        if (!(await signInAll(office))) throw new Error(`${cell.name}: not signed in in ${cell.tabs} fresh tabs`)
      }
      done.push(await runOnce(setting, office, start))
    }
  } finally {
    await office.world.close()
  }
  if (cell.tabs === 1 && done.every(({ failed }) => failed)) throw new Error(`${cell.name}: no refresh in one tab`)
  return done
}

const range = (values: readonly number[]) => {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? String(least) : `${least} … ${most}`
}
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

async function run(setting: Setting): Promise<Result> {
  const { tabs, runs } = EXTENTS[setting.extent]
  const subjects = setting.pages.namesOf('refreshing').flatMap((file): Subject[] => {
    const reuse = ITS_OWN[file]
    return [{ name: file, file, reuse: 'never' }, ...(reuse ? [{ name: `${file}, its server`, file, reuse }] : [])]
  })
  const names = subjects.map(({ name }) => name)
  const cells = subjects.flatMap((subject) => tabs.map((count) => ({ ...subject, tabs: count })))
  const done = new Map<string, Run[]>()
  const key = (name: string, count: number, start: Start) => `${name}, ${count} tabs ${start}`
  for (const cell of setting.turns.shuffle(cells)) {
    setting.say(`refresh: ${cell.name}, ${cell.tabs} tabs`)
    const all = await runAll(setting, cell, runs)
    for (const start of STARTS)
      done.set(
        key(cell.name, cell.tabs, start),
        all.filter((run) => run.start === start),
      )
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
  const spread = (start: Start) => median(names.flatMap((name) => of(name, most, start).map((run) => run.spread)))
  const wrong = (what: 'refused' | 'failed' | 'signedOut') => total(ours.map((run) => run[what]))

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
      `Counted at a server that takes each refresh token once, and answers after ${LATENCY} ms; the others of a family live on, where many servers would end them all. The rows “its server” are the same clients at servers like those that they are made for: Supabase’s takes the refresh token before the current one again, and any within 10 s, which is what its client’s documents count on; SuperTokens’ takes one until what replaced it is used.`,
      `With ${most} tabs the requests went out within ${spread('together').toFixed(0)} ms (together) and ${spread('staggered').toFixed(0)} ms (staggered), medians of the runs. Wall clocks are moved on by ${(LIFE + 1_000) / 1_000} s at once and timers are not, as after a sleep; what a timer of oidc-client-ts or Supabase’s client renews in that moment is counted too.`,
      `Signed out: nobody is signed in in that tab once all requests are answered. Each run begins with a request of each tab that was answered with 200, and one refresh token for all of them.`,
    ],
  }
}

/** How many refreshes one expired token leads to. */
export const refresh: Measure = { name: 'refresh', title: 'One expired token, many tabs', run }
