export interface Turns {
  /** The same things in an order of their own, so that none always goes first. */
  shuffle<T>(things: readonly T[]): T[]
  /** From 0 up to 1. */
  random(): number
}

/** Orders that look random and are the same for the same seed (mulberry32). */
export function createTurns(seed: number): Turns {
  let state = seed
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    random,
    shuffle(things) {
      const shuffled = [...things]
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = Math.floor(random() * (i + 1))
        ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
      }
      return shuffled
    },
  }
}
