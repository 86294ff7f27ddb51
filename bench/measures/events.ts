import type { Page } from '@playwright/test'
import { createApi } from '../api.ts'
import type { Measure, Result, Setting } from '../measure.ts'
import type { World } from '../pages.ts'
import { type Interval, middle, withInterval } from '../statistics.ts'

const KINDS = ['mousemove', 'pointermove', 'keydown'] as const
export type Kind = (typeof KINDS)[number]

/** What a hand does, by the kind of event that Stillhere hears of it, and the one that react-idle-timer does. */
const DEEDS = [
  { deed: 'a move', kind: 'pointermove', peers: 'mousemove' },
  { deed: 'a key', kind: 'keydown', peers: 'keydown' },
] as const

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
const OURS = 'stillhere'

const shown = ({ value, low, high }: Interval, digits = 0) =>
  `${value.toFixed(digits)} (${low.toFixed(digits)} … ${high.toFixed(digits)})`

async function run(setting: Setting): Promise<Result> {
  const { rounds, events } = EXTENTS[setting.extent]
  const opened = await open(setting)
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
  const bytes = (name: string) =>
    Math.max(0, ...KINDS.map((kind) => heap.get(`${kind} ${name}`)! - heap.get(`${kind} ${EMPTY}`)!))
  const others = opened.map(({ name }) => name).filter((name) => name !== EMPTY)
  const figures: Record<string, number> = {}
  for (const name of others) {
    for (const kind of KINDS) figures[`${name}: ${kind}, ns over empty`] = added(kind, name, EMPTY).value
    figures[`${name}: bytes an event`] = bytes(name)
    figures[`${name}: commits`] = commits.get(name)!
  }
  const deeds = DEEDS.map(({ deed, kind, peers }) => ({
    deed,
    toFloor: added(kind, OURS, 'floor'),
    resolution: Math.max(...interval(added(kind, AGAIN, 'floor')).map(Math.abs)),
    ours: added(kind, OURS, EMPTY).value,
    peers: added(peers, PEER, EMPTY).value,
  }))
  const resolution = Math.max(...deeds.map(({ resolution }) => resolution))

  return {
    tables: [
      {
        title: 'What hearing adds: ns over an empty listener, median of rounds (95 %)',
        columns: ['', ...KINDS, 'bytes an event', 'React commits'],
        rows: others.map((name) => [
          name,
          ...KINDS.map((kind) => shown(added(kind, name, EMPTY))),
          bytes(name).toFixed(1),
          commits.get(name)!,
        ]),
      },
    ],
    charts: [
      {
        name: 'events',
        title: 'What hearing a key adds, ns',
        unit: 'ns',
        bars: others
          .filter((name) => name !== AGAIN)
          .map((label) => ({ label, value: added('keydown', label, EMPTY).value })),
      },
    ],
    goals: [
      {
        text: 'an event costs no measurably more than at the floor, in paired rounds',
        value: deeds.map(({ deed, toFloor }) => `${deed}: ${shown(toFloor)} ns`).join('; '),
        isMet: deeds.every(({ toFloor, resolution }) => toFloor.low <= 0 || toFloor.value <= resolution),
      },
      {
        text: 'below half of what react-idle-timer adds',
        value: deeds.map(({ deed, ours, peers }) => `${deed}: ${ours.toFixed(0)} of ${peers.toFixed(0)} ns`).join('; '),
        isMet: deeds.every(({ ours, peers }) => ours < peers / 2),
      },
      { text: '0 bytes of heap an event', value: `${bytes(OURS).toFixed(2)} bytes`, isMet: bytes(OURS) < 0.5 },
      { text: '0 React commits', value: String(commits.get(OURS)), isMet: commits.get(OURS) === 0 },
    ],
    figures,
    notes: [
      `${events} events of each kind, over ${rounds} rounds; of each turn the middle half counts. Events are made once and dispatched by script; a real move and key come before each ${BATCH * BATCHES_A_TURN}. Less than an empty listener takes what is not heard at all: Stillhere hears of a move by its pointermove, react-idle-timer by its mousemove.`,
      `What lies within ${resolution.toFixed(0)} ns can not be told from nothing: by so much the floor differs from itself.`,
    ],
  }
}

const interval = ({ low, high }: Interval) => [low, high]

/** What hearing of an event costs, beside the least that can hear of one. */
export const events: Measure = { name: 'events', title: 'An event heard', run }
