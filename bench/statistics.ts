export const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)

/** The value below which this share of the values lies, between its neighbours where it has no place of its own. */
export function quantile(values: readonly number[], share: number): number {
  if (!values.length) throw new Error('Nothing was measured')
  const ordered = sorted(values)
  const place = (ordered.length - 1) * share
  const below = ordered[Math.floor(place)]!
  const above = ordered[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The mean of the middle half. */
export function middle(values: readonly number[]): number {
  const ordered = sorted(values)
  const cut = Math.floor(ordered.length / 4)
  return mean(ordered.slice(cut, ordered.length - cut))
}

export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** The median of what was measured in rounds, and where 95 of 100 medians of such rounds would lie (bootstrap). */
export function withInterval(values: readonly number[], random: () => number, times = 2_000): Interval {
  const medians = Array.from({ length: times }, () =>
    median(values.map(() => values[Math.floor(random() * values.length)]!)),
  )
  return { value: median(values), low: quantile(medians, 0.025), high: quantile(medians, 0.975) }
}
