import * as v from 'valibot'

// Ten years, as far as the clock may be moved.
const MAX_SKEW_MS = 10 * 365 * 86_400_000

/** The ways to spoil an answer: cut in half, a page of HTML, nothing at all, or JSON that nobody expects. */
export const malformations = ['json', 'html', 'empty', 'shape'] as const

/** How an answer is spoilt: no JSON, a page of HTML, nothing at all, or fields of the wrong kind. */
export type Malformation = (typeof malformations)[number]

/** What goes wrong, on every path or on those that contain `match`. */
export type Faults = {
  /** The connection is dropped before anything is done. */
  down?: boolean | undefined
  /** Milliseconds before anything else, 0 to 600 000. */
  latency?: number | undefined
  /** Answered instead of acting, 400 to 599, in the words of the system. */
  status?: number | undefined
  /** Seconds sent as Retry-After along with `status`. */
  retryAfter?: number | undefined
  /** Acts, then drops the connection instead of answering. */
  loseAnswer?: boolean | undefined
  /** Acts, then spoils the body: `json` cuts it in half, `html` is a page instead, `empty` nothing, `shape` other JSON. */
  malformed?: Malformation | undefined
  /** Milliseconds by which the server's clock is wrong, in its `Date` and in the times of its tokens alike; for all paths. */
  clockSkew?: number | undefined
  /** Only paths that contain this. */
  match?: string | undefined
  /** Only the next so many requests, preflights aside; for ever without it. */
  times?: number | undefined
}

const within = (min: number, max: number, message: string) =>
  v.optional(v.pipe(v.number(message), v.minValue(min, message), v.maxValue(max, message)))

const whole = (min: number, max: number, message: string) =>
  v.optional(v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message)))

const flag = v.optional(v.boolean('true or false'))

const faults = v.strictObject(
  {
    down: flag,
    latency: within(0, 600_000, 'milliseconds, 0 to 600000'),
    status: whole(400, 599, 'a whole number, 400 to 599'),
    retryAfter: whole(0, Number.MAX_SAFE_INTEGER, 'whole seconds, 0 or more'),
    loseAnswer: flag,
    malformed: v.optional(v.picklist(malformations, `one of ${malformations.join(', ')}`)),
    clockSkew: within(-MAX_SKEW_MS, MAX_SKEW_MS, 'milliseconds, at most ten years either way'),
    match: v.optional(v.string('a text that paths contain')),
    times: whole(1, Number.MAX_SAFE_INTEGER, 'a whole number, 1 or more'),
  },
  (issue) => (issue.expected === 'never' ? 'there is no such fault' : 'an object of faults'),
)

/** One fault or a list of them as a list; throws a TypeError that names the place, anything unknown included: a typing error must not pass for health. */
export function readFaults(value: unknown): Faults[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.map((entry, i) => {
    const place = Array.isArray(value) ? `faults[${i}]` : 'faults'
    // To valibot an array is an object too.
    if (Array.isArray(entry)) throw new TypeError(`${place}: an object of faults, not a list`)
    const result = v.safeParse(faults, entry)
    if (!result.success) {
      const [issue] = result.issues
      const path = v.getDotPath(issue)
      throw new TypeError(`${path ? `${place}.${path}` : place}: ${issue.message}`)
    }
    const { clockSkew, match, times, retryAfter, status } = result.output
    if (retryAfter !== undefined && status === undefined) {
      throw new TypeError(`${place}.retryAfter: it goes along with a status; give one, such as 503`)
    }
    if (clockSkew !== undefined && (match !== undefined || times !== undefined)) {
      throw new TypeError(`${place}.clockSkew: a server has one clock; leave out match and times`)
    }
    // What is undefined says nothing: it must not come before what another fault says.
    return Object.fromEntries(Object.entries(result.output).filter(([, value]) => value !== undefined)) as Faults
  })
}

/** The rejection of `fetch` when no answer comes; a server closes the socket instead. */
export class ConnectionDropped extends TypeError {
  constructor() {
    super('fetch failed')
  }
}

const isPreflight = ({ method, headers }: Request) =>
  method === 'OPTIONS' && headers.has('access-control-request-method')

/** The fault state of one backend. */
export function createFaults() {
  let state: Faults[] = []
  return {
    /** Replaces the state by one fault or a list; throws a TypeError that names what is wrong. */
    set(value: Faults | readonly Faults[]) {
      state = readFaults(value)
    },
    /** The faults in force, with the `times` that are left. */
    list: (): Faults[] => state.map((fault) => ({ ...fault })),
    /** Milliseconds by which the clock is wrong now. */
    skew: () => state.find((fault) => fault.clockSkew !== undefined)?.clockSkew ?? 0,
    /** The faults that hold for a request, counted as one of their `times`; of two that say the same thing the first wins. */
    take(request: Request, pathname: string): Faults {
      const preflight = isPreflight(request)
      const held = state.filter(
        ({ match = '', times }) => pathname.includes(match) && !(preflight && times !== undefined),
      )
      for (const fault of held) if (fault.times !== undefined) fault.times--
      state = state.filter(({ times }) => times !== 0)
      const first: Faults = {}
      for (const { status, retryAfter, ...fault } of held.reverse()) {
        Object.assign(first, fault)
        // The two are one answer.
        if (status !== undefined) Object.assign(first, { status, retryAfter })
      }
      return first
    },
  }
}
