import type { Page } from '@playwright/test'
import { createApi } from '../api.ts'
import type { Measure, Result, Setting } from '../measure.ts'
import { type Interval, median, middle, withInterval } from '../statistics.ts'
import { dispatch, type Kind } from './events.ts'

const KINDS: readonly Kind[] = ['mousemove', 'pointermove', 'keydown']
const SUBJECTS = ['floor', 'react-idle-timer-cross-tab', 'stillhere']
const OURS = 'stillhere'

const EXTENTS = {
  full: { tabs: [1, 5, 20], rounds: 12, events: 20_000, seconds: 20 },
  quick: { tabs: [1, 5, 20], rounds: 3, events: 20_000, seconds: 5 },
  smoke: { tabs: [1, 2], rounds: 1, events: 20_000, seconds: 3 },
}

declare const subject: { activity(): Promise<void> | void }

/** What one tab says that others can hear, or that all of them share. */
const WAYS = ['BroadcastChannel', 'localStorage', 'IndexedDB', 'Web Locks'] as const
type Said = Record<(typeof WAYS)[number], number>

/** Runs in the page before all else. */
function countWhatIsSaid(): void {
  const said: Said = { BroadcastChannel: 0, localStorage: 0, IndexedDB: 0, 'Web Locks': 0 }
  Object.assign(globalThis, { said })
  const count = (owner: object, method: string, way: keyof Said, counts = (_: unknown) => true) => {
    const original = Reflect.get(owner, method)
    Object.defineProperty(owner, method, {
      configurable: true,
      value(this: unknown, ...args: unknown[]) {
        if (counts(this)) said[way]++
        return original.apply(this, args)
      },
    })
  }
  count(BroadcastChannel.prototype, 'postMessage', 'BroadcastChannel')
  count(Storage.prototype, 'setItem', 'localStorage', (storage) => storage === localStorage)
  count(IDBObjectStore.prototype, 'put', 'IndexedDB')
  count(LockManager.prototype, 'request', 'Web Locks')
}

const saidBy = (page: Page) => page.evaluate(() => ({ ...(globalThis as unknown as { said: Said }).said }))
const minus = (after: Said, before: Said) =>
  Object.fromEntries(WAYS.map((way) => [way, after[way] - before[way]])) as Said
/** What wakes the other tabs. */
const messages = ({ BroadcastChannel, localStorage }: Said) => BroadcastChannel + localStorage

async function open(
  { pages }: Setting,
  name: string,
  tabs: number,
): Promise<{ pages: Page[]; close(): Promise<void> }> {
  const world = await pages.openWorld(name, createApi({ ttl: 30 * 60_000 }).handle)
  await world.context.addInitScript(countWhatIsSaid)
  const opened: Page[] = []
  for (let i = 0; i < tabs; i++) {
    const page = await world.open()
    await page.evaluate(() => subject.activity())
    opened.push(page)
  }
  await opened[0]!.bringToFront()
  return { pages: opened, close: world.close }
}

/** Somebody moves the mouse twenty times a second, and types. */
async function beActive(page: Page, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1_000
  for (let i = 0; Date.now() < end; i++) {
    await page.mouse.move(100 + (i % 50), 100 + (i % 30))
    if (i % 20 === 0) await page.keyboard.press('a')
    await page.waitForTimeout(50)
  }
}

const shown = ({ value, low, high }: Interval) => `${value.toFixed(0)} (${low.toFixed(0)} … ${high.toFixed(0)})`

async function run(setting: Setting): Promise<Result> {
  const { tabs, rounds, events, seconds } = EXTENTS[setting.extent]
  const cells = SUBJECTS.flatMap((name) => tabs.map((count) => ({ name, count, costs: [] as number[] })))
  for (let round = 0; round < rounds; round++) {
    setting.say(`tabs: round ${round + 1} of ${rounds}`)
    for (const { name, count, costs } of setting.turns.shuffle(cells)) {
      const { pages, close } = await open(setting, name, count)
      let cost = 0
      for (const kind of KINDS) {
        await dispatch(pages[0]!, kind, events)
        cost += middle(await dispatch(pages[0]!, kind, events))
      }
      costs.push(cost)
      await close()
    }
  }

  const figures: Record<string, number> = {}
  const counted: { name: string; count: number; active: Said; others: Said }[] = []
  for (const { name, count } of setting.turns.shuffle(cells)) {
    const { pages, close } = await open(setting, name, count)
    await beActive(pages[0]!, 2)
    const before = await Promise.all(pages.map(saidBy))
    await beActive(pages[0]!, seconds)
    const after = await Promise.all(pages.map(saidBy))
    await close()
    const said = after.map((now, i) => minus(now, before[i]!))
    const sum = (all: Said[]) =>
      Object.fromEntries(WAYS.map((way) => [way, all.reduce((total, one) => total + one[way], 0)])) as Said
    counted.push({ name, count, active: said[0]!, others: sum(said.slice(1)) })
  }

  const { random } = setting.turns
  const costs = (name: string, count: number) => cells.find((cell) => cell.name === name && cell.count === count)!.costs
  const [least, most] = [tabs[0]!, tabs.at(-1)!]
  const grown = (name: string) =>
    withInterval(
      costs(name, most).map((cost, round) => cost - costs(name, least)[round]!),
      random,
    )
  for (const { name, count, costs } of cells) figures[`${name}: ns with ${count} tabs`] = median(costs)
  for (const { name, count, active, others } of counted) {
    figures[`${name}: messages a second of the active of ${count} tabs`] = messages(active) / seconds
    figures[`${name}: messages a second of the other of ${count} tabs`] = messages(others) / seconds
  }
  const rate = (said: Said) => WAYS.map((way) => (said[way] / seconds).toFixed(2))
  const rows = SUBJECTS.flatMap((name) => counted.filter((row) => row.name === name).sort((a, b) => a.count - b.count))
  const ours = rows.filter(({ name }) => name === OURS)
  const loudest = Math.max(...ours.map(({ active }) => messages(active) / seconds))

  return {
    tables: [
      {
        title: 'A move and a key in one tab of so many: ns, median of rounds, the listeners of the page included',
        columns: ['', ...tabs.map((count) => `${count}`), `${most} against ${least} (95 %)`],
        rows: SUBJECTS.map((name) => [
          name,
          ...tabs.map((count) => median(costs(name, count)).toFixed(0)),
          shown(grown(name)),
        ]),
      },
      {
        title: 'What the tab in use says each second while someone moves and types, and what all others say',
        columns: ['', 'tabs', ...WAYS, 'messages of the others'],
        rows: rows.map(({ name, count, active, others }) => [
          name,
          count,
          ...rate(active),
          (messages(others) / seconds).toFixed(2),
        ]),
      },
    ],
    goals: [
      {
        text: `an event costs no measurably more with ${most} tabs than with ${least}`,
        value: `${shown(grown(OURS))} ns`,
        isMet: grown(OURS).low <= 0,
      },
      {
        text: 'at most one message a second from the tab in use',
        value: `${loudest.toFixed(2)} a second`,
        isMet: loudest <= 1,
      },
    ],
    figures,
    notes: [
      `${rounds} rounds, each in fresh tabs; ${seconds} s of real moves and keys for the messages. A message is what wakes the other tabs: a BroadcastChannel’s, and a write to localStorage. A write to IndexedDB and a Web Lock wake nobody.`,
    ],
  }
}

/** What many tabs cost the one in use. */
export const tabs: Measure = { name: 'tabs', title: 'Many tabs', run }
