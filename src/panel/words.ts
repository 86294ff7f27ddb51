const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const clock = /* @__PURE__ */ new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })
const minutes = /* @__PURE__ */ new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })
const day = /* @__PURE__ */ new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** A moment (epoch ms) as a clock shows it: `14:30:10`, by the device's own time zone. */
export const toClock = (at: number): string => clock.format(at)

/** The same without seconds: `14:30`. */
export const toMinutes = (at: number): string => minutes.format(at)

/** A moment (epoch ms) as it is told now: with its day where that is another, or `never` where there is none. */
export function toMoment(at: number, now: number): string {
  if (!Number.isFinite(at)) return 'never'
  return day.format(at) === day.format(now) ? toClock(at) : `${day.format(at)}, ${toClock(at)}`
}

/** A length of time (ms) in the two units that matter: `0.8 s`, `12 s`, `29 min`, `1 min 5 s`, `2 h 5 min`, `3 d 4 h`. */
export function toLength(ms: number): string {
  if (!Number.isFinite(ms)) return 'for ever'
  if (ms > 0 && ms < SECOND) return `${Math.max(0.1, Math.round(ms / 100) / 10)} s`
  const seconds = Math.round(Math.max(0, ms) / SECOND)
  if (seconds < 60) return `${seconds} s`
  if (ms < HOUR) return two(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const rounded = Math.round(ms / MINUTE)
  if (rounded < 24 * 60) return two(Math.floor(rounded / 60), 'h', rounded % 60, 'min')
  const hours = Math.round(ms / HOUR)
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

const two = (large: number, unit: string, small: number, smaller: string): string =>
  small ? `${large} ${unit} ${small} ${smaller}` : `${large} ${unit}`

/** Time left (ms) as a display counts down: `29:00`, `1:02:00`; whole seconds, rounded up. */
export function toCountdown(ms: number): string {
  if (!Number.isFinite(ms)) return '∞'
  const seconds = Math.max(0, Math.ceil(ms / SECOND))
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'))
  const hours = Math.floor(seconds / 3_600)
  return hours ? `${hours}:${parts.join(':')}` : `${Math.floor(seconds / 60)}:${parts[1]}`
}

/** `once`, `twice`, `3 times`. */
export const toTimes = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)

/** `1 refresh`, `4 refreshes`. */
export const toCount = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
