import type { Platform, Question, TabMessage } from '../core/types.ts'
import { createTime } from './time.ts'
import { createTurns } from './turns.ts'

/** How long a tab waits for a sibling's answer and for IndexedDB, and how long it then does without, in ms. */
const ANSWER = 1_000
const PATIENCE = 1_000
const WITHOUT = 10_000
const RECORD = 'record'

/** What may take its time on the way between tabs, or to the shared record and back. */
export type Wire = 'message' | 'question' | 'answer' | 'record' | 'turn'

/** Delivers something: at once, later, twice or never. */
export type Carry = (wire: Wire, deliver: () => void) => void

interface Siblings {
  readonly messages: Set<(message: unknown) => void>
  readonly answers: Set<(question: Question) => string | null>
}

export type World = ReturnType<typeof createWorld>
export type Tab = ReturnType<World['openTab']>

const listen = <L>(set: Set<L>, listener: L) => {
  set.add(listener)
  return () => void set.delete(listener)
}

const WORLD = Symbol('world')

/** A pretend browser with any number of tabs, on a clock moved by hand: one origin, one record, one network. */
export function createWorld(startAt = Date.UTC(2026, 0, 5, 9), carry: Carry = (_, deliver) => queueMicrotask(deliver)) {
  let ids = 0
  const records = new Map<string, unknown>()
  // What waits for a page that is put away.
  const frozen = new Map<symbol, (() => void)[]>()
  const tabs = new Map<symbol, Siblings>()
  const network = { down: false, latency: 0, loseAnswers: false }

  const time = createTime(startAt, (owner) => frozen.has(owner))
  const { now, settle } = time
  const turns = createTurns(
    (tab, ms, wake) => time.wakeAt(tab, now() + ms, wake),
    (begin) => carry('turn', begin),
  )

  // Of the pages put away, those that hear nothing until they are back.
  const deaf = new Set<symbol>()
  const hear = (tab: symbol, work: () => void) => {
    if (!deaf.has(tab)) when(tab, work)
  }

  const when = (tab: symbol, work: () => void) => {
    const parked = frozen.get(tab)
    if (parked) parked.push(work)
    else if (tabs.has(tab)) work()
  }

  /** Calls after so many ms, whoever sleeps. */
  const after = (ms: number, work: () => void) => void time.wakeAt(WORLD, now() + ms, work)

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
    fetch:
      (server: (request: Request) => Promise<Response>): typeof fetch =>
      async (input, init) => {
        const request = new Request(input as Request, init)
        const { signal } = request
        if (network.down) throw new TypeError('fetch failed')
        const { latency } = network
        if (latency) await new Promise<void>((resolve) => after(latency, resolve))
        if (signal.aborted) throw signal.reason
        const response = await time.perform(() => server(request))
        if (network.loseAnswers || network.down) throw new TypeError('fetch failed')
        return response
      },
    openTab,
    /** Says something to all tabs that no tab of ours would. */
    say(message: unknown): void {
      for (const [tab, { messages }] of tabs) {
        hear(tab, () => {
          for (const listener of [...messages]) listener(structuredClone(message))
        })
      }
    },
  }

  /** A new tab; `duplicate` copies the storage of another, as browsers do. */
  function openTab({
    duplicate,
    storage = duplicate?.stored() ?? null,
  }: {
    duplicate?: { stored(): string | null }
    storage?: string | null
  } = {}) {
    const tab = Symbol('tab')
    const me: Siblings = { messages: new Set(), answers: new Set() }
    tabs.set(tab, me)
    const activity = new Set<(strong: boolean) => void>()
    const wakes = new Set<() => void>()
    const hides = new Set<() => void>()
    const asking = new Set<() => void>()
    const warnings: string[] = []
    const errors: unknown[] = []
    /** What does not work in this tab. */
    const broken = { record: false, storage: false, channel: false }
    let stored = storage
    let visible = true
    let lastInput = -Infinity
    let withoutUntil = 0

    const fire = (set: Set<() => void>) => {
      for (const listener of [...set]) listener()
    }
    const wakeAt = (at: number, wake: () => void) => (tabs.has(tab) ? time.wakeAt(tab, at, wake) : () => {})
    const onScreen = () => {
      withoutUntil = 0
      fire(wakes)
    }

    /** Works on the record, or gives up on it as a browser tab does. */
    const access = (work: () => unknown) =>
      new Promise<unknown>((resolve) => {
        const tell = (value: unknown) => when(tab, () => resolve(value))
        if (!world.keepsRecord) return queueMicrotask(() => tell(undefined))
        if (now() < withoutUntil) return queueMicrotask(() => tell(undefined))
        const giveUp = wakeAt(now() + PATIENCE, () => {
          withoutUntil = now() + WITHOUT
          resolve(undefined)
        })
        carry('record', () => {
          if (broken.record || !tabs.has(tab)) return
          const result = structuredClone(work())
          giveUp()
          tell(result)
        })
      })

    /** Changes a value that all tabs share, in one transaction. */
    const update = (key: string, change: (value: unknown) => unknown) =>
      access(() => {
        const before = records.get(key) ?? null
        records.set(key, structuredClone(change(structuredClone(before))))
        if (key === RECORD) world.onRecord(before, records.get(key))
        return records.get(key)
      })

    const platform: Platform = {
      now,
      monotonic: time.monotonic,
      wakeAt,
      id: () => `id-${++ids}`,
      random: () => 0.5,
      visible: () => visible,
      onWake: (listener) => listen(wakes, listener),
      onHide: (listener) => listen(hides, listener),
      onActivity: (listener) => listen(activity, listener),
      abortable() {
        const controller = new AbortController()
        return { signal: controller.signal, abort: () => controller.abort() }
      },
      post(message: TabMessage) {
        if (!tabs.has(tab) || broken.channel) return
        for (const [other, { messages }] of tabs) {
          if (other === tab) continue
          const deliver = () => {
            for (const listener of [...messages]) listener(structuredClone(message))
          }
          carry('message', () => hear(other, deliver))
        }
      },
      onMessage: (listener) => listen(me.messages, listener),
      ask: (question) =>
        new Promise((resolve) => {
          const done = (answer: string | null) => {
            asking.delete(giveUp)
            cancel()
            resolve(answer)
          }
          const giveUp = () => done(null)
          const cancel = wakeAt(now() + ANSWER, giveUp)
          asking.add(giveUp)
          if (broken.channel) return
          for (const [other, { answers }] of tabs) {
            if (other === tab) continue
            carry('question', () => {
              if (frozen.has(other)) return
              for (const answer of answers) {
                const text = answer(question)
                if (text === null) continue
                carry('answer', () => when(tab, () => done(text)))
              }
            })
          }
        }),
      onAsk: (answer) => listen(me.answers, answer),
      exclusive: (name, patience, work) =>
        tabs.has(tab) ? turns.exclusive(tab, name, patience, work) : new Promise(() => {}),
      readRecord: () => access(() => records.get(RECORD) ?? null),
      updateRecord: (change) => update(RECORD, change),
      load: () => (broken.storage ? null : stored),
      save: (text) => {
        if (tabs.has(tab) && !broken.storage) stored = text
      },
      clear: (id) => {
        if (tabs.has(tab) && !broken.storage && stored?.includes(id)) stored = null
      },
      warn: (message) => warnings.push(message),
      report: (error) => errors.push(error),
      dispose() {
        turns.abandonAll(tab)
        for (const giveUp of [...asking]) giveUp()
      },
    }

    return {
      ...platform,
      update,
      broken,
      warnings,
      /** Errors of the host's code that surfaced. */
      errors,
      /** What this tab's storage holds. */
      stored: () => stored,
      /** Puts anything into this tab's storage. */
      store: (text: string | null) => {
        stored = text
      },
      isFrozen: () => frozen.has(tab),
      /** Runs something that comes from outside, once this tab may run again; never, if it is gone. */
      arrive: (work: () => void) => when(tab, work),
      /** Trusted human input. */
      press(strong = true): void {
        if (Math.abs(now() - lastInput) < 1_000) return
        lastInput = now()
        for (const listener of [...activity]) listener(strong)
      },
      hide(): void {
        visible = false
        fire(wakes)
      },
      /** Back in view: everything that tells a page so. */
      show(): void {
        visible = true
        onScreen()
      },
      /** The network is back, in view or not. */
      online: onScreen,
      /** Put away: bfcache, or frozen in the background. Nothing runs until `thaw`. */
      freeze(): void {
        fire(hides)
        visible = false
        // Browsers tell a page that it is hidden after they have told it that it is put away.
        fire(wakes)
        frozen.set(tab, [])
      },
      /** What is said from now on until it is back is lost to it, as to a page in the back-forward cache. */
      deafen(): void {
        deaf.add(tab)
      },
      /** Back in view, where it was left. */
      async thaw(): Promise<void> {
        deaf.delete(tab)
        const parked = frozen.get(tab) ?? []
        frozen.delete(tab)
        visible = true
        onScreen()
        for (const work of parked) work()
        await time.ring()
        await settle()
      },
      /** Gone without a word: its timers, its turns, its listeners. */
      crash(): void {
        tabs.delete(tab)
        for (const set of [activity, wakes, hides, me.messages, me.answers]) set.clear()
        time.cancelAll(tab)
        turns.leaveAll(tab)
        frozen.set(tab, [])
      },
      listeners: () => activity.size + wakes.size + hides.size + me.messages.size + me.answers.size,
    }
  }

  return world
}
