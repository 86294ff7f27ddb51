import type { Platform } from './types.ts'

const FIRST = 1_000
const LONGEST = 30_000

/** How long to wait after so many failures, in ms: exponential, with jitter so that tabs do not knock together. */
export const backoff = (platform: Platform, failures: number): number =>
  Math.min(FIRST * 2 ** failures, LONGEST) * (0.5 + platform.random() / 2)
