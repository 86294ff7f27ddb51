import type { Snapshot } from './history.ts'
import { toCount, toLength, toMoment } from './words.ts'

/** The drawing in a sentence, for those who do not see it. */
export function summarise(snapshot: Snapshot, from: number, to: number): string {
  const { now, since, activity, entries, gaps, warnings, state } = snapshot
  const until = Math.min(now, to)
  const begin = Math.max(from, since)
  const inside = (at: number, end: number = at) => end >= begin && at <= until
  const seconds = activity.reduce((sum, { at, seconds }) => (inside(at) ? sum + seconds : sum), 0)
  const count = (...marks: string[]) =>
    entries.filter(({ mark, at }) => mark && marks.includes(mark) && inside(at)).length
  const opened = warnings.filter(({ from: at, to: end }) => inside(at, end ?? until)).length
  const lost = gaps.filter(({ from: at, to: end }) => inside(at, end ?? until)).length
  const parts = [
    `active in ${toCount(seconds, 'second')}`,
    toCount(count('here', 'elsewhere'), 'refresh', 'refreshes'),
    `${count('refused', 'unreachable', 'malformed')} failed`,
    toCount(opened, 'warning'),
    ...(lost ? [toCount(lost, 'gap')] : []),
    state.deadline === null ? 'nobody signed in now' : `${toLength(state.deadline - now)} left now`,
  ]
  return `Timeline from ${toMoment(begin, now)} to ${toMoment(until, now)}: ${parts.join(', ')}.`
}
