export type Chance = ReturnType<typeof createChance>

/** A seeded source of chance (Mulberry32): the same seed gives the same numbers in the same order. */
export function createChance(seed: number) {
  let state = seed >>> 0

  /** From 0 up to 1. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  return {
    next,
    /** A whole number from 0 to `most`. */
    upTo: (most: number) => Math.floor(next() * (most + 1)),
    is: (likelihood: number) => next() < likelihood,
    oneOf: <T>(things: readonly T[]): T => things[Math.floor(next() * things.length)]!,
  }
}
