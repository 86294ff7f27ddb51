import type { Platform, Question, TabMessage } from '../core/types.ts'

/** How long a browser tab holds a turn at the most, and waits for a sibling's answer. */
const HOLD = 10_000
const ANSWER = 1_000

// Taken at import, so that a test's fake timers do not stop the world.
const later: (work: () => void) => unknown = globalThis.setImmediate ?? globalThis.setTimeout

interface Alarm {
  /** By the time that passes, whatever the clocks show. */
  readonly time: number
  readonly tab: symbol
  readonly wake: () => void
}

interface Turn {
  readonly tab: symbol
  readonly begin: () => void
}

export type World = ReturnType<typeof createWorld>
export type Tab = ReturnType<World['openTab']>

/** A pretend browser with any number of tabs, on a clock moved by hand: one origin, one record, one network. */
export function createWorld(startAt = Date.UTC(2026, 0, 5, 9)) {
  // Time that passes, asleep or awake; what the device shows of it; and what its monotonic clock counted.
  let elapsed = 0
  let skew = 0
  let slept = 0
  let ids = 0
  let inFlight = 0
  let record: unknown
  const alarms = new Set<Alarm>()
  const frozen = new Map<symbol, (() => void)[]>()
  const tabs = new Map<symbol, { messages: Set<(m: unknown) => void>; answers: Set<(q: Question) => string | null> }>()
  const turns = new Map<string, Turn[]>()
  const network = { down: false, latency: 0, loseAnswers: false }

  const now = () => startAt + elapsed + skew

  const when = (tab: symbol, work: () => void) => {
    const parked = frozen.get(tab)
    if (parked) parked.push(work)
    else if (tabs.has(tab)) work()
  }

  async function ring(until: number): Promise<void> {
    for (;;) {
      const [next] = [...alarms].filter((a) => a.time <= until && !frozen.has(a.tab)).sort((a, b) => a.time - b.time)
      if (!next) return
      alarms.delete(next)
      elapsed = Math.max(elapsed, next.time)
      next.wake()
      await settle()
    }
  }

  /** Lets everything that is under way come to rest, without time passing. */
  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet = inFlight ? 0 : quiet + 1) await new Promise<void>(later)
  }

  function leave(name: string, turn: Turn): void {
    const queue = turns.get(name) ?? []
    const wasFirst = queue[0] === turn
    turns.set(
      name,
      queue.filter((t) => t !== turn),
    )
    if (wasFirst) turns.get(name)?.[0]?.begin()
  }

  const world = {
    /** The device's clock: epoch ms. */
    now,
    /** The time a right clock shows: epoch ms. */
    trueNow: () => startAt + elapsed,
    settle,
    network,
    /** The shared record; a test may also put anything there. */
    get record() {
      return record
    },
    set record(value: unknown) {
      record = value
    },
    /** Whether IndexedDB works. */
    keepsRecord: true,
    /** Time passes, awake. */
    async advance(ms: number): Promise<void> {
      const until = elapsed + ms
      await settle()
      await ring(until)
      elapsed = until
      await settle()
    },
    /** Like closing the lid: time passes, the monotonic clock stands still, and what is due rings late. */
    async sleep(ms: number): Promise<void> {
      elapsed += ms
      slept += ms
      await ring(elapsed)
      await settle()
    },
    /** Sets the device's clock forwards or backwards. */
    setClock(by: number): void {
      skew += by
    },
    /** Alarms, listeners and turns left in the world. */
    loose: () =>
      alarms.size +
      [...tabs.values()].reduce((n, tab) => n + tab.messages.size + tab.answers.size, 0) +
      [...turns.values()].reduce((n, queue) => n + queue.length, 0),
    /** Wraps a server's `fetch` in this world's network. */
    fetch:
      (server: (request: Request) => Promise<Response>): typeof fetch =>
      async (input, init) => {
        const request = new Request(input as Request, init)
        const { signal } = request
        inFlight++
        try {
          if (network.down) throw new TypeError('fetch failed')
          const pause = network.latency
          if (pause) {
            inFlight--
            await new Promise<void>((resolve) => alarms.add({ time: elapsed + pause, tab: WIRE, wake: resolve }))
            inFlight++
          }
          if (signal.aborted) throw signal.reason
          const response = await server(request)
          if (network.loseAnswers || network.down) throw new TypeError('fetch failed')
          return response
        } finally {
          inFlight--
        }
      },
    openTab,
  }
  const WIRE = Symbol('wire')
  tabs.set(WIRE, { messages: new Set(), answers: new Set() })

  /** A new tab; `duplicate` copies the storage of another, as browsers do. */
  function openTab({
    duplicate,
    storage = duplicate?.stored() ?? null,
  }: {
    duplicate?: { stored(): string | null }
    storage?: string | null
  } = {}) {
    const tab = Symbol('tab')
    const me = { messages: new Set<(m: unknown) => void>(), answers: new Set<(q: Question) => string | null>() }
    tabs.set(tab, me)
    const activity = new Set<(strong: boolean) => void>()
    const wakes = new Set<() => void>()
    const hides = new Set<() => void>()
    const warnings: string[] = []
    const errors: unknown[] = []
    let stored = storage
    let visible = true
    let lastInput = -Infinity

    const listen = <L>(set: Set<L>, listener: L) => {
      set.add(listener)
      return () => void set.delete(listener)
    }
    const fire = (set: Set<() => void>) => {
      for (const listener of [...set]) listener()
    }
    const wakeAt = (time: number, wake: () => void) => {
      const alarm = { time: elapsed + (time - now()), tab, wake }
      alarms.add(alarm)
      return () => void alarms.delete(alarm)
    }

    /** Tells this tab's code, once it may run again: a frozen tab later, a dead one never. */
    const later = <T>(value: T) => new Promise<T>((resolve) => queueMicrotask(() => when(tab, () => resolve(value))))

    const platform: Platform = {
      now,
      monotonic: () => elapsed - slept,
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
        if (!tabs.has(tab)) return
        for (const [other, { messages }] of tabs) {
          if (other === tab) continue
          const deliver = () => {
            for (const listener of messages) listener(structuredClone(message))
          }
          queueMicrotask(() => when(other, deliver))
        }
      },
      onMessage: (listener) => listen(me.messages, listener),
      ask: (question) =>
        new Promise((resolve) => {
          const cancel = wakeAt(now() + ANSWER, () => resolve(null))
          for (const [other, { answers }] of tabs) {
            if (other === tab) continue
            queueMicrotask(() => {
              if (frozen.has(other)) return
              for (const answer of answers) {
                const text = answer(question)
                if (text === null) continue
                cancel()
                when(tab, () => resolve(text))
              }
            })
          }
        }),
      onAsk: (answer) => listen(me.answers, answer),
      exclusive: (name, patience, work) =>
        new Promise((resolve, reject) => {
          let hasBegun = false
          const turn: Turn = {
            tab,
            begin() {
              hasBegun = true
              giveUp()
              const release = () => leave(name, turn)
              const letGo = wakeAt(now() + HOLD, release)
              work()
                .then(resolve, reject)
                .finally(() => {
                  letGo()
                  release()
                })
            },
          }
          const giveUp = wakeAt(now() + patience, () => {
            if (hasBegun) return
            leave(name, turn)
            resolve(null)
          })
          const queue = turns.get(name) ?? []
          turns.set(name, [...queue, turn])
          if (!queue.length) turn.begin()
        }),
      readRecord: () => later(world.keepsRecord ? (structuredClone(record) ?? null) : undefined),
      updateRecord: (change) => {
        if (!world.keepsRecord || !tabs.has(tab)) return later(undefined)
        record = structuredClone(change(structuredClone(record) ?? null))
        return later(structuredClone(record))
      },
      load: () => stored,
      save: (text) => {
        if (tabs.has(tab)) stored = text
      },
      clear: (id) => {
        if (tabs.has(tab) && stored?.includes(id)) stored = null
      },
      warn: (message) => warnings.push(message),
      report: (error) => errors.push(error),
      dispose() {
        for (const alarm of alarms) if (alarm.tab === tab) alarms.delete(alarm)
        for (const [name, queue] of turns) for (const turn of queue) if (turn.tab === tab) leave(name, turn)
      },
    }

    return {
      ...platform,
      warnings,
      /** Errors of the host's code that surfaced. */
      errors,
      /** What this tab's storage holds. */
      stored: () => stored,
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
        fire(wakes)
      },
      /** Put away: bfcache, or frozen in the background. Nothing runs until `thaw`. */
      freeze(): void {
        fire(hides)
        visible = false
        // Browsers tell a page that it is hidden after they have told it that it is put away.
        fire(wakes)
        frozen.set(tab, [])
      },
      async thaw(): Promise<void> {
        const parked = frozen.get(tab) ?? []
        frozen.delete(tab)
        visible = true
        fire(wakes)
        for (const work of parked) work()
        await ring(elapsed)
        await settle()
      },
      /** Gone without a word: its timers, its turns, its listeners. */
      crash(): void {
        tabs.delete(tab)
        for (const set of [activity, wakes, hides, me.messages, me.answers]) set.clear()
        platform.dispose()
        frozen.set(tab, [])
      },
      listeners: () => activity.size + wakes.size + hides.size + me.messages.size + me.answers.size,
    }
  }

  return world
}
