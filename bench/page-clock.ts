/** A page's time, which stands until it is told to pass. */
export interface PageClock {
  /** Time passes: what is due rings in its order, and all that it begins is over before time goes on. */
  pass(ms: number): Promise<void>
  /** The wall clock jumps; timers are where they were, or each that is due rings once. */
  sleep(ms: number, timers: 'frozen' | 'fired'): Promise<void>
  /** Resolves once nothing is on its way any more. */
  settle(): Promise<void>
}

/**
 * Runs in a page before all else. Time that is moved must not overtake what takes real time, as everything with a time
 * limit would give up: so it stands while requests, locks or transactions are on their way. Each request is sent at the
 * page's time for the server, too.
 */
export function installPageClock(): void {
  interface Timer {
    at: number
    readonly every: number | null
    readonly ring: () => void
  }
  const page = globalThis as unknown as Record<string, unknown> & { tellTime(now: number): Promise<void> }
  const soon = setTimeout.bind(globalThis)
  const timers = new Map<number, Timer>()
  let wall = Date.now()
  let ticks = performance.now()
  let ids = 0
  let onTheirWay = 0

  const during = async <T>(work: Promise<T>): Promise<T> => {
    onTheirWay++
    try {
      return await work
    } finally {
      onTheirWay--
    }
  }
  /** Lets whatever waits its turn have it. */
  const turn = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = resolve
      port2.postMessage(null)
    })

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await turn()
      if (!onTheirWay) continue
      await new Promise((resolve) => soon(resolve, 1))
      quiet = -1
    }
  }

  const next = (until: number): [number, Timer] | null => {
    let first: [number, Timer] | null = null
    for (const entry of timers) if (entry[1].at <= until && (!first || entry[1].at < first[1].at)) first = entry
    return first
  }
  async function ring([id, timer]: [number, Timer]): Promise<void> {
    if (timer.every === null) timers.delete(id)
    else timer.at = Math.max(timer.at, ticks) + timer.every
    try {
      timer.ring()
    } catch (error) {
      reportError(error)
    }
    await settle()
  }
  const move = (ms: number) => {
    wall += ms
    ticks += ms
  }

  const clock: PageClock = {
    settle,
    async pass(ms) {
      await settle()
      const until = ticks + ms
      for (let due = next(until); due; due = next(until)) {
        move(Math.max(0, due[1].at - ticks))
        await ring(due)
      }
      move(until - ticks)
    },
    async sleep(ms, kind) {
      await settle()
      if (kind === 'frozen') {
        wall += ms
        return
      }
      move(ms)
      for (const due of [...timers].sort(([, a], [, b]) => a.at - b.at))
        if (due[1].at <= ticks && timers.has(due[0])) await ring(due)
    },
  }

  type Ring = (...args: unknown[]) => void
  const set = (ring: Ring, delay: number, args: unknown[], isEvery: boolean) => {
    const wait = Math.max(0, Number(delay) || 0)
    timers.set(++ids, { at: ticks + wait, every: isEvery ? Math.max(1, wait) : null, ring: () => ring(...args) })
    return ids
  }
  const clear = (id: number) => void timers.delete(id)
  const RealDate = Date
  class PageDate extends RealDate {
    constructor(...args: unknown[]) {
      super(...((args.length ? args : [wall]) as [number]))
    }
    static override now = () => wall
  }
  performance.now = () => ticks
  Object.defineProperty(Event.prototype, 'timeStamp', { get: () => ticks })

  const { fetch } = globalThis
  const { json, text } = Response.prototype
  Response.prototype.json = function () {
    return during(json.call(this))
  }
  Response.prototype.text = function () {
    return during(text.call(this))
  }
  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = function (...args) {
    const made = transaction.apply(this, args)
    const over = new Promise((resolve) => {
      for (const name of ['complete', 'abort']) made.addEventListener(name, resolve, { once: true })
    })
    void during(over)
    return made
  }
  const { open } = IDBFactory.prototype
  IDBFactory.prototype.open = function (...args) {
    const request = open.apply(this, args)
    const over = new Promise((resolve) => {
      for (const name of ['success', 'error']) request.addEventListener(name, resolve, { once: true })
    })
    void during(over)
    return request
  }
  const { request } = LockManager.prototype
  LockManager.prototype.request = function (this: LockManager, ...args: unknown[]) {
    const work = args.pop() as (lock: unknown) => unknown
    onTheirWay++
    let isAsked = true
    const granted = () => {
      if (isAsked) onTheirWay--
      isAsked = false
    }
    const given = (lock: unknown) => {
      granted()
      return work(lock)
    }
    return (request.apply(this, [...args, given] as never) as Promise<unknown>).finally(granted)
  } as never

  Object.assign(page, {
    clock,
    Date: PageDate,
    setTimeout: (call: Ring, delay: number, ...args: unknown[]) => set(call, delay, args, false),
    setInterval: (call: Ring, delay: number, ...args: unknown[]) => set(call, delay, args, true),
    clearTimeout: clear,
    clearInterval: clear,
    fetch: (...args: Parameters<typeof fetch>) => during(page.tellTime(wall).then(() => fetch(...args))),
  })
}
