// Ten years: dates stay within what an ISO 8601 string with four-digit years can say.
const MAX_OFFSET_MS = 10 * 365 * 86_400_000

export type Clock = ReturnType<typeof createClock>

/** A clock that runs `offset` milliseconds ahead of `now`, and is wrong by `skew` milliseconds on top. */
export function createClock(now: () => number, skew: () => number = () => 0) {
  let offset = 0
  return {
    now: () => now() + offset + skew(),
    /** Moves the clock on by milliseconds; throws a RangeError on steps back and beyond ten years. */
    advance(ms: number) {
      if (!(ms >= 0 && offset + ms <= MAX_OFFSET_MS)) throw new RangeError('advance: 0 to ten years in milliseconds')
      offset += ms
    },
    reset() {
      offset = 0
    },
  }
}
