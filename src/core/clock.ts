import type { Platform } from './types.ts'

/** The wall clock must fall this far behind the monotonic one to count as set back: jitter does not. */
const STEP = 500

/**
 * The wall clock, watched: when it is set back, `shift` is told by how many ms (negative), so that every moment held can move
 * with it. A jump forwards is a sleep, and needs no telling.
 */
export function createClock(platform: Platform, shift: (by: number) => void) {
  let ahead = -Infinity

  return function look(): number {
    const now = platform.now()
    const lead = now - platform.monotonic()
    const step = lead - ahead
    if (step > 0 || step < -STEP) ahead = lead
    if (step < -STEP) shift(step)
    return now
  }
}
