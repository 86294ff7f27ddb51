import type { Page } from '@playwright/test'
import { createApi } from '../api.ts'
import { MIN } from '../clock.ts'
import type { Goal, Measure, Result, Setting, Table } from '../measure.ts'
import type { World } from '../pages.ts'
import { type Interval, median, middle, withInterval } from '../statistics.ts'

const EXTENTS = {
  full: { rounds: 60, mounts: 30, signIns: 300 },
  quick: { rounds: 10, mounts: 20, signIns: 24 },
  smoke: { rounds: 2, mounts: 5, signIns: 2 },
}
const BASE = 'bare-context'
/** By which the goals allow it to be slower. */
const SHARE = 0.05

interface Opened {
  readonly name: string
  readonly page: Page
  readonly world: World
}

/** Each subject in a context of its own; the base once more, as what differs between the two can not be told from nothing. */
const AGAIN = `${BASE}, again`
async function open({ pages, turns }: Setting, part: string): Promise<Opened[]> {
  const names = [...pages.namesOf(part), AGAIN]
  const opened: Opened[] = []
  for (const name of turns.shuffle(names)) {
    const world = await pages.openWorld(name === AGAIN ? BASE : name, createApi({ ttl: 12 * 60 * MIN }).handle)
    opened.push({ name, world, page: await world.open() })
  }
  return opened
}
const close = async (opened: readonly Opened[]) => {
  for (const { world } of opened) await world.close()
}

/** What each subject took, round by round. */
type Costs = ReadonlyMap<string, readonly number[]>

type Mounting = Record<string, (times: number) => Promise<number[]>>

async function mountAll(setting: Setting, part: string): Promise<Costs> {
  const { rounds, mounts } = EXTENTS[setting.extent]
  const opened = await open(setting, part)
  const costs = new Map<string, number[]>(opened.map(({ name }) => [name, []]))
  const take = ({ page }: Opened) =>
    page.evaluate(([part, mounts]) => (globalThis as unknown as { subject: Mounting }).subject[part]!(mounts), [
      part,
      mounts,
    ] as const)
  for (let warmUp = 0; warmUp < 2; warmUp++) for (const one of opened) await take(one)
  for (let round = 0; round < rounds; round++) {
    if (round % 10 === 0) setting.say(`${part}: round ${round + 1} of ${rounds}`)
    for (const one of setting.turns.shuffle(opened)) costs.get(one.name)!.push(middle(await take(one)))
  }
  await close(opened)
  return costs
}

/** ms after the answer to the sign-in was read. */
interface Painted {
  /** Until the protected content is in the document. */
  readonly there: number
  /** Until the frame that shows it. */
  readonly painted: number
}
declare const subject: { paint: { render(): void; signOut(): unknown } }
declare const painted: Promise<Painted>

/** Runs in the page: notes when the answer to a sign-in was read, and when what it opens is there and painted. */
function listen(): void {
  let read = 0
  for (const name of ['json', 'text'] as const) {
    const original = Response.prototype[name]
    Response.prototype[name] = async function (this: Response) {
      const content = await original.call(this)
      if (this.url.endsWith('/api/login')) read = performance.now()
      return content
    }
  }
  const state = globalThis as unknown as { expectPaint(): void; painted: Promise<Painted> }
  state.expectPaint = () => {
    state.painted = new Promise((resolve) => {
      const look = () => {
        if (!document.getElementById('protected')?.checkVisibility({ visibilityProperty: true })) return
        observer.disconnect()
        const there = performance.now() - read
        requestAnimationFrame(() => {
          // A message comes after the frame has been drawn.
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve({ there, painted: performance.now() - read })
          port2.postMessage(null)
        })
      }
      const observer = new MutationObserver(look)
      observer.observe(document.body, { childList: true, subtree: true, attributes: true })
    })
  }
}

async function signIn(page: Page): Promise<Painted> {
  await page.locator('[autocomplete=username]').fill('analyst')
  await page.locator('[type=password]').fill('bug#1')
  await page.evaluate(() => (globalThis as unknown as { expectPaint(): void }).expectPaint())
  await page.keyboard.press('Enter')
  const times = await page.evaluate(() => painted)
  await page.evaluate(() => subject.paint.signOut())
  await page.locator('[type=password]').waitFor()
  return times
}

async function paintAll(setting: Setting): Promise<Record<keyof Painted, Costs>> {
  const { signIns } = EXTENTS[setting.extent]
  const opened = await open(setting, 'paint')
  const there = new Map<string, number[]>(opened.map(({ name }) => [name, []]))
  const painted = new Map<string, number[]>(opened.map(({ name }) => [name, []]))
  for (const { page } of opened) {
    await page.evaluate(listen)
    await page.evaluate(() => subject.paint.render())
    for (let warmUp = 0; warmUp < 3; warmUp++) await signIn(page)
  }
  for (let round = 0; round < signIns; round++) {
    if (round % 20 === 0) setting.say(`paint: round ${round + 1} of ${signIns}`)
    for (const { name, page } of setting.turns.shuffle(opened)) {
      // A page that is not in front draws its frames when it likes.
      await page.bringToFront()
      const times = await signIn(page)
      there.get(name)!.push(times.there)
      painted.get(name)!.push(times.painted)
    }
  }
  await close(opened)
  return { there, painted }
}

const shown = ({ value, low, high }: Interval, digits = 3) =>
  `${value.toFixed(digits)} (${low.toFixed(digits)} … ${high.toFixed(digits)})`

async function run(setting: Setting): Promise<Result> {
  const { rounds, mounts, signIns } = EXTENTS[setting.extent]
  const mount = await mountAll(setting, 'mount')
  const gate = await mountAll(setting, 'mountGate')
  const { there, painted } = await paintAll(setting)
  const kinds: readonly (readonly [title: string, costs: Costs])[] = [
    ['provider around 200 rows', mount],
    ['… with its gate and warning, signed in', gate],
    ['sign-in: answer to content in the document', there],
    ['sign-in: answer to first protected paint', painted],
  ]

  const ratio = (costs: Costs, name: string) =>
    withInterval(
      costs.get(name)!.map((cost, round) => cost / costs.get(BASE)![round]!),
      setting.turns.random,
    )
  const ratios = kinds.map(([title, costs]) => ({
    title,
    costs,
    of: new Map([...costs.keys()].map((name) => [name, ratio(costs, name)])),
  }))
  const tables: Table[] = ratios.map(({ title, costs, of }) => ({
    title: `${title}: ms, and paired with the bare context`,
    columns: ['', 'ms', 'of the bare context (95 %)'],
    rows: [...costs.keys()]
      .sort()
      .map((name) => [name, median(costs.get(name)!).toFixed(2), name === BASE ? '1' : shown(of.get(name)!)]),
  }))
  const resolutionOf = (of: ReadonlyMap<string, Interval>) => {
    const { low, high } = of.get(AGAIN)!
    return Math.max(Math.abs(low - 1), Math.abs(high - 1))
  }
  const goals: Goal[] = ratios
    .filter(({ costs }) => costs !== there)
    .map(({ title, of }) => {
      const ours = of.get('stillhere')!
      return {
        text: `${title}: within 5 % of a bare context`,
        value: `${shown(ours)}; the bare context differs from itself by up to ${(resolutionOf(of) * 100).toFixed(1)} %`,
        isMet: ours.value <= 1 + SHARE,
      }
    })

  return {
    tables,
    goals,
    charts: [
      {
        name: 'mount',
        title: 'Mount of a provider around 200 rows, of a bare context’s time',
        unit: '×',
        bars: [...ratios[0]!.of].filter(([name]) => name !== AGAIN).map(([label, { value }]) => ({ label, value })),
      },
    ],
    figures: Object.fromEntries(
      ratios.flatMap(({ title, costs, of }) =>
        [...costs.keys()].flatMap((name) => [
          [`${title}: ${name} ms`, median(costs.get(name)!)],
          [`${title}: ${name} ratio`, of.get(name)!.value],
        ]),
      ),
    ),
    notes: [
      `Mounts: ${rounds} rounds of ${mounts}, of which the middle half counts; rendered synchronously, effects included, layout and paint not. A page mounts its provider once: the first mount, before anything is compiled, is not what is measured.`,
      `Sign-ins: ${signIns} of each by its own form; from the moment the answer has been read until a message after the next animation frame. A frame comes each 16.7 ms, whenever the answer comes: a difference below about ${(resolutionOf(ratios[3]!.of) * 100).toFixed(0)} % can not be told from none. The peers with a provider and no login of their own take part in the first only.`,
      'The bare context is a useState and a provider: it keeps no token over a reload, tells no tab, and holds no lock.',
    ],
  }
}

/** What the provider adds to the start of a page, and to a sign-in. */
export const mount: Measure = { name: 'mount', title: 'Mount, and the first protected paint', run }
