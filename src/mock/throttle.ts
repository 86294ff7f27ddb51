// Five failures are free; after the fifth the next attempt waits 1 s, then 2 s, 4 s …
const FREE_FAILURES = 5
const FIRST_WAIT_MS = 1000
// Without a ceiling the doubling would lock an account for years long before the hard stop.
const MAX_WAIT_MS = 900_000
// NIST SP 800-63B-4 §3.2.2: no more than 100 consecutive failures.
const HARD_STOP = 100

type Failures = { count: number; until: number }

export type Throttle = ReturnType<typeof createThrottle>

type ThrottleOptions = {
  /** How many names that no account has are remembered at most. */
  maxUnknown?: number
  /** After so many failures there are no more attempts. */
  hardStop?: number
}

/** Counts consecutive failed attempts per account name. */
export function createThrottle(
  now: () => number,
  isAccount: (name: string) => boolean,
  { maxUnknown = 10_000, hardStop = HARD_STOP }: ThrottleOptions = {},
) {
  // Apart, so that a flood of made-up names can not push a real account's count out.
  const accounts = new Map<string, Failures>()
  const unknown = new Map<string, Failures>()
  const turns = new Map<string, Promise<unknown>>()

  const place = (name: string) => (isAccount(name) ? accounts : unknown)

  return {
    /** Runs attempts of one name one after the other, so that many at the same time do not slip past the count. */
    inTurn<T>(name: string, attempt: () => Promise<T>): Promise<T> {
      const turn = (turns.get(name) ?? Promise.resolve()).then(attempt, attempt)
      turns.set(name, turn)
      const leave = () => {
        if (turns.get(name) === turn) turns.delete(name)
      }
      turn.then(leave, leave)
      return turn
    },
    /** Milliseconds until this name may try: 0 for now, `Infinity` after the hard stop. */
    wait(name: string): number {
      const failures = place(name).get(name)
      if (!failures) return 0
      return failures.count >= hardStop ? Number.POSITIVE_INFINITY : Math.max(0, failures.until - now())
    },
    /** Counts a failed sign-in. */
    fail(name: string) {
      const count = (place(name).get(name)?.count ?? 0) + 1
      const wait = count < FREE_FAILURES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (count - FREE_FAILURES), MAX_WAIT_MS)
      place(name).set(name, { count, until: now() + wait })
      if (unknown.size > maxUnknown) unknown.delete(unknown.keys().next().value!)
    },
    /** Forgets the failures of a name. */
    clear(name: string) {
      place(name).delete(name)
    },
    /** Forgets all failures. */
    reset() {
      accounts.clear()
      unknown.clear()
    },
  }
}
