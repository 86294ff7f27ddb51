import { clone } from './clone.ts'
import { createNetwork } from './network.ts'
import { createPages } from './pages.ts'
import type { Carry, Grounds } from './platform.ts'
import { createTab } from './tab.ts'
import { createTime } from './time.ts'
import { createTurns } from './turns.ts'

export type { Carry, Wire } from './platform.ts'
export type { Tab } from './tab.ts'

const RECORD = 'record'
const WORLD = Symbol('world')

export type World = ReturnType<typeof createWorld>

/** A pretend browser with any number of tabs, on a clock moved by hand: one origin, one record, one network. */
export function createWorld(
  startAt = Date.UTC(2026, 0, 5, 9),
  // Not `queueMicrotask`, which fake timers may replace.
  carry: Carry = (_, deliver) => void Promise.resolve().then(deliver),
) {
  let ids = 0
  const records = new Map<string, unknown>()
  const pages = createPages()
  const { tabs } = pages
  const time = createTime(startAt, pages.isFrozen)
  const { now, settle } = time
  const turns = createTurns(
    (tab, ms, wake) => time.wakeAt(tab, now() + ms, wake),
    (begin) => carry('turn', begin),
  )
  const { network, after, reach, fetch } = createNetwork(time, WORLD)

  const world = {
    /** The device's clock: epoch ms. */
    now,
    /** The time a right clock shows: epoch ms. */
    trueNow: time.trueNow,
    /** All time that has passed, in ms. */
    elapsed: time.elapsed,
    settle,
    after,
    network,
    reach,
    /** The shared record; a test may also put anything there. */
    get record() {
      return records.get(RECORD)
    },
    set record(value: unknown) {
      records.set(RECORD, value)
    },
    /** Whether IndexedDB works. */
    keepsRecord: true,
    /** Told of every change of the shared record. */
    onRecord: (_before: unknown, _after: unknown): void => {},
    /** Time passes, awake. */
    advance: time.advance,
    /**
     * Like closing the lid: time passes and the monotonic clock stands still. What is due rings late, or, with `frozenTimers`,
     * only after as much time awake as was left of its delay.
     */
    sleep: (ms: number, { frozenTimers = false } = {}) => time.sleep(ms, (owner) => frozenTimers && owner !== WORLD),
    /** Sets the device's clock forwards or backwards. */
    setClock: time.setClock,
    /** Alarms, listeners and turns left in the world. */
    loose: () =>
      time.countBeside(WORLD) +
      [...tabs.values()].reduce((n, tab) => n + tab.messages.size + tab.answers.size, 0) +
      turns.count(),
    /** Does what takes real time without the world's noticing. */
    perform: time.perform,
    /** Wraps a server's `fetch` in this world's network. */
    fetch,
    /** A new tab; `duplicate` copies the storage of another, as browsers do. */
    openTab: ({
      duplicate,
      storage = duplicate?.stored() ?? null,
    }: {
      duplicate?: { stored(): string | null }
      storage?: string | null
    } = {}) => createTab(grounds, storage),
    /** Says something to all tabs that no tab of ours would. */
    say(message: unknown): void {
      for (const [tab, { messages }] of tabs) {
        pages.hear(tab, () => {
          for (const listener of [...messages]) listener(clone(message))
        })
      }
    },
  }

  const grounds: Grounds = {
    time,
    turns,
    pages,
    carry,
    newId: () => `id-${++ids}`,
    records,
    keepsRecord: () => world.keepsRecord,
    onRecord: (before, after) => world.onRecord(before, after),
  }
  return world
}
