import type { Page } from '@playwright/test'
import { createApi } from '../api.ts'
import type { Measure, Result, Setting } from '../measure.ts'
import type { World } from '../pages.ts'
import { type Interval, middle, withInterval } from '../statistics.ts'

const KINDS = ['mousemove', 'pointermove', 'keydown'] as const
export type Kind = (typeof KINDS)[number]

const EXTENTS = {
  full: { rounds: 30, events: 200_000 },
  quick: { rounds: 10, events: 200_000 },
  smoke: { rounds: 2, events: 20_000 },
}
/** Long against the steps of the page's clock, short against the second in which one who was here is heard no more. */
const BATCH = 5_000
const BATCHES_A_TURN = 4

declare const subject: { activity(): Promise<void> | void }

/** ns that an event takes, of each batch. A real move and a real key come first, as scripts' events alone are nobody's. */
export async function dispatch(page: Page, kind: Kind, events: number): Promise<number[]> {
  const costs: number[] = []
  while (costs.length * BATCH < events) {
    await page.mouse.move(10 + (costs.length % 50), 10)
    await page.keyboard.press('Shift')
    costs.push(
      ...(await page.evaluate(
        ([kind, batch, batches]) => {
          const init = { bubbles: true, pointerType: 'mouse', key: 'a' }
          const Kinds = { mousemove: MouseEvent, pointermove: PointerEvent, keydown: KeyboardEvent }
          const event = new Kinds[kind](kind, init)
          const { body } = document
          return Array.from({ length: batches }, () => {
            const start = performance.now()
            for (let i = 0; i < batch; i++) body.dispatchEvent(event)
            return ((performance.now() - start) * 1e6) / batch
          })
        },
        [kind, BATCH, BATCHES_A_TURN] as const,
      )),
    )
  }
  return costs
}

/** Bytes of heap that an event takes, what was collected meanwhile included. */
async function heapAnEvent(page: Page, kind: Kind, events: number): Promise<number> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.enable')
  await cdp.send('HeapProfiler.startSampling', {
    samplingInterval: 512,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  await dispatch(page, kind, events)
  const { profile } = await cdp.send('HeapProfiler.stopSampling')
  await cdp.detach()
  let bytes = 0
  const add = (node: typeof profile.head): void => {
    bytes += node.selfSize
    node.children.forEach(add)
  }
  add(profile.head)
  return bytes / events
}

interface Opened {
  /** The floor is there twice: what differs between the two can not be told from nothing. */
  readonly name: string
  readonly world: World
  readonly page: Page
}

async function open({ pages, turns }: Setting): Promise<Opened[]> {
  const names = [...pages.namesOf('activity'), 'floor']
  const opened: Opened[] = []
  for (const name of turns.shuffle(names)) {
    const world = await pages.openWorld(name, createApi({ ttl: 30 * 60_000 }).handle)
    const page = await world.open()
    await page.evaluate(() => subject.activity())
    const isSecond = name === 'floor' && opened.some((other) => other.name === 'floor')
    opened.push({ name: isSecond ? AGAIN : name, world, page })
  }
  return opened
}

const AGAIN = 'floor, again'
const EMPTY = 'empty'
const PEER = 'react-idle-timer'

const shown = ({ value, low, high }: Interval, digits = 0) =>
  `${value.toFixed(digits)} (${low.toFixed(digits)} … ${high.toFixed(digits)})`

async function run(setting: Setting): Promise<Result> {
  const { rounds, events } = EXTENTS[setting.extent]
  const opened = await open(setting)
  const names = opened.map(({ name }) => name)
  const costs = new Map<string, number[]>()
  const of = (kind: Kind, name: string) => {
    const key = `${kind} ${name}`
    if (!costs.has(key)) costs.set(key, [])
    return costs.get(key)!
  }
  const commits = new Map<string, number>()
  const heap = new Map<string, number>()
  const commitsOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { commits: number }).commits)

  for (const { page } of opened) for (const kind of KINDS) await dispatch(page, kind, events / 4)
  const before = new Map(
    await Promise.all(opened.map(async ({ name, page }) => [name, await commitsOf(page)] as const)),
  )
  for (let round = 0; round < rounds; round++) {
    setting.say(`events: round ${round + 1} of ${rounds}`)
    for (const kind of KINDS)
      for (const { name, page } of setting.turns.shuffle(opened))
        of(kind, name).push(middle(await dispatch(page, kind, Math.ceil(events / rounds))))
  }
  for (const { name, page } of opened) {
    commits.set(name, (await commitsOf(page)) - before.get(name)!)
    for (const kind of KINDS) heap.set(`${kind} ${name}`, await heapAnEvent(page, kind, events / 4))
  }
  for (const { world } of opened) await world.close()

  const { random } = setting.turns
  const added = (kind: Kind, name: string, to: string) =>
    withInterval(
      of(kind, name).map((cost, round) => cost - of(kind, to)[round]!),
      random,
    )
  const bytes = (kind: Kind, name: string) => Math.max(0, heap.get(`${kind} ${name}`)! - heap.get(`${kind} ${EMPTY}`)!)
  const others = names.filter((name) => name !== EMPTY)
  const figures: Record<string, number> = {}
  for (const name of others) {
    for (const kind of KINDS) {
      figures[`${name} ${kind} ns over empty`] = added(kind, name, EMPTY).value
      figures[`${name} ${kind} bytes`] = bytes(kind, name)
    }
    figures[`${name} commits`] = commits.get(name)!
  }
  const resolution = Math.max(...KINDS.map((kind) => Math.max(...interval(added(kind, AGAIN, 'floor')).map(Math.abs))))
  const toFloor = KINDS.map((kind) => added(kind, 'stillhere', 'floor'))
  const most = Math.max(...KINDS.map((kind) => added(kind, 'stillhere', EMPTY).value))
  const share = Math.max(...KINDS.map((kind) => added(kind, 'stillhere', EMPTY).value / added(kind, PEER, EMPTY).value))
  const mostBytes = Math.max(...KINDS.map((kind) => bytes(kind, 'stillhere')))

  return {
    tables: [
      {
        title: 'What a listener adds to an event: ns over an empty one, median of rounds (95 %)',
        columns: ['', ...KINDS, 'bytes of heap', 'React commits'],
        rows: others.map((name) => [
          name,
          ...KINDS.map((kind) => shown(added(kind, name, EMPTY))),
          Math.max(...KINDS.map((kind) => bytes(kind, name))).toFixed(1),
          commits.get(name)!,
        ]),
      },
    ],
    charts: [
      {
        name: 'events',
        title: 'What hearing a pointermove adds, ns',
        unit: 'ns',
        bars: others
          .filter((name) => name !== AGAIN)
          .map((label) => ({ label, value: added('pointermove', label, EMPTY).value })),
      },
    ],
    goals: [
      {
        text: 'no measurable difference from the floor, in paired rounds',
        value: `${toFloor.map((interval) => shown(interval)).join(', ')} ns; the floor differs from itself by up to ${resolution.toFixed(0)} ns`,
        isMet: toFloor.every(({ low, value }) => low <= 0 || value <= resolution),
      },
      {
        text: 'below half of what react-idle-timer adds',
        value: `${most.toFixed(0)} ns at the most, ${share.toFixed(2)} of it`,
        isMet: share < 0.5,
      },
      { text: '0 bytes of heap an event', value: `${mostBytes.toFixed(2)} bytes`, isMet: mostBytes < 0.5 },
      {
        text: '0 React commits',
        value: String(commits.get('stillhere')),
        isMet: commits.get('stillhere') === 0,
      },
    ],
    figures,
    notes: [
      `${events} events of each kind, over ${rounds} rounds; of each turn the middle half counts. Events are made once and dispatched by script; a real move and key come before each ${BATCH * BATCHES_A_TURN}.`,
      `Differences below ${resolution.toFixed(0)} ns can not be told from none: by so much the floor differs from itself.`,
    ],
  }
}

const interval = ({ low, high }: Interval) => [low, high]

/** What hearing of an event costs, beside the least that can hear of one. */
export const events: Measure = { name: 'events', title: 'An event heard', run }
