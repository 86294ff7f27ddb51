const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2
}

export interface Flatness {
  readonly name: string
  /** Medians of the first and of the last third, after the warm-up. */
  readonly first: number
  readonly last: number
  /** The most that the second may be. */
  readonly limit: number
  readonly isFlat: boolean
}

/**
 * Whether a row of samples grows: the median of its last third beside that of its first, the first quarter left out as
 * warm-up; at most by `share` of it. Throws a `RangeError` for fewer than eight samples.
 */
export function judge(name: string, samples: readonly number[], share: number): Flatness {
  if (samples.length < 8) throw new RangeError(`${name}: eight samples at least, and there are ${samples.length}`)
  const warm = samples.slice(Math.ceil(samples.length / 4))
  const third = Math.floor(warm.length / 3)
  const first = median(warm.slice(0, third))
  const last = median(warm.slice(-third))
  const limit = first * (1 + share)
  return { name, first, last, limit, isFlat: last <= limit }
}
