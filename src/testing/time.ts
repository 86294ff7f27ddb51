import { turn } from './later.ts'

/** How many turns of the event loop nothing must be left to do. */
const QUIET = 3

/** So many alarms in one moment are no accident. */
const SPINS = 2_000

interface Alarm {
  /** By the time that passes, whatever the clocks show. */
  time: number
  readonly owner: symbol
  readonly wake: () => void
}

export type Time = ReturnType<typeof createTime>

/** Time that is moved by hand; whose alarms are held back is the caller's to say. */
export function createTime(startAt: number, isHeld: (owner: symbol) => boolean) {
  // Time that passes, asleep or awake; what the device shows of it; and what its monotonic clock counted.
  let elapsed = 0
  let skew = 0
  let slept = 0
  const alarms = new Set<Alarm>()
  const jobs: (() => Promise<void>)[] = []
  let working: Promise<void> | null = null

  async function rest(): Promise<void> {
    for (let quiet = 0; quiet < QUIET; quiet++) await turn()
  }

  /** Lets everything that is under way come to rest, without time passing. */
  async function settle(): Promise<void> {
    do {
      await rest()
      await working
    } while (working || jobs.length)
    await rest()
  }

  async function work(): Promise<void> {
    for (await rest(); jobs.length; await rest()) await jobs.shift()!()
    working = null
  }

  /** Rings what is due until then; whether `isEnough` has called a halt before. */
  async function ring(until: number, isEnough = () => false): Promise<boolean> {
    let rung = 0
    for (;;) {
      if (isEnough()) return true
      let next: Alarm | null = null
      for (const alarm of alarms) {
        if (alarm.time <= until && alarm.time < (next?.time ?? Infinity) && !isHeld(alarm.owner)) next = alarm
      }
      if (!next) return false
      alarms.delete(next)
      rung = next.time > elapsed ? 0 : rung + 1
      if (rung > SPINS) throw new Error('Time stands still: an alarm is set for the past again and again.')
      elapsed = Math.max(elapsed, next.time)
      next.wake()
      await settle()
    }
  }

  const now = () => startAt + elapsed + skew

  return {
    now,
    trueNow: () => startAt + elapsed,
    elapsed: () => elapsed,
    monotonic: () => elapsed - slept,
    settle,
    ring: async () => void (await ring(elapsed)),
    wakeAt(owner: symbol, time: number, wake: () => void): () => void {
      const alarm = { time: elapsed + (time - now()), owner, wake }
      alarms.add(alarm)
      return () => void alarms.delete(alarm)
    },
    cancelAll(owner: symbol): void {
      for (const alarm of alarms) if (alarm.owner === owner) alarms.delete(alarm)
    },
    /** How many alarms are set, those of one owner aside. */
    countBeside: (owner: symbol) => [...alarms].filter((alarm) => alarm.owner !== owner).length,
    /** Time passes, awake; no further than to the moment at which `isEnough` says so. */
    async advance(ms: number, isEnough?: () => boolean): Promise<void> {
      const until = elapsed + ms
      await settle()
      // What is due at that very moment is not to be missed by the others.
      if (await ring(until, isEnough)) await ring(elapsed)
      else elapsed = until
      await settle()
    },
    /** Time passes asleep; the alarms of those that `isDelayed` names count the time awake alone. */
    async sleep(ms: number, isDelayed: (owner: symbol) => boolean): Promise<void> {
      elapsed += ms
      slept += ms
      for (const alarm of alarms) if (isDelayed(alarm.owner)) alarm.time += ms
      await ring(elapsed)
      await settle()
    },
    setClock(by: number): void {
      skew += by
    },
    /** Does what takes real time, one thing after the other, each begun while all else rests: so its length changes nothing. */
    perform<T>(job: () => Promise<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        jobs.push(() => job().then(resolve, reject))
        working ??= work()
      })
    },
  }
}
