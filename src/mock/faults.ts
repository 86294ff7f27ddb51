import * as v from 'valibot'

/** The shape of the fault state; anything else in it is refused, so that a typing error does not pass for health. */
export const faultsSchema = v.strictObject({
  down: v.optional(v.boolean()),
  latency: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(600_000))),
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599))),
  retryAfter: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  loseAnswer: v.optional(v.boolean()),
  match: v.optional(v.string()),
})

/** What goes wrong, on every path or on those that contain `match`. */
export type Faults = {
  /** The connection is dropped before anything is done. */
  down?: boolean | undefined
  /** Milliseconds before anything else. */
  latency?: number | undefined
  /** Answered instead of acting, 400 to 599. */
  status?: number | undefined
  /** Seconds sent as Retry-After along with `status`. */
  retryAfter?: number | undefined
  /** Acts, then drops the connection instead of answering. */
  loseAnswer?: boolean | undefined
  /** Only paths that contain this. */
  match?: string | undefined
}

/** The rejection of `fetch` when no answer comes; a server closes the socket instead. */
export class ConnectionDropped extends TypeError {
  constructor() {
    super('fetch failed')
  }
}

/** The fault state of one backend. */
export function createFaults() {
  let state: Faults = {}
  return {
    /** Replaces the state; throws a ValiError if it is not one. */
    set(faults: Faults) {
      state = v.parse(faultsSchema, faults)
    },
    /** The faults that hold for a path. */
    at: (pathname: string): Faults => (pathname.includes(state.match ?? '') ? state : {}),
  }
}
