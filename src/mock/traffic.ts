import { presentedToken } from './bearer.ts'

/** One request as the server saw it, without secrets. */
export type SeenRequest = {
  method: string
  path: string
  /** When it came in, in epoch milliseconds of the server's clock. */
  at: number
  /** The status answered; null while there is no answer, and for good if the connection was dropped. */
  status: number | null
  /** Whether it had an Authorization header. */
  authorized: boolean
  /** A label for the Bearer token, `t1`, `t2` … in the order they were first seen: the same token, the same label. */
  token?: string
}

const MAX_REQUESTS = 20_000
const MAX_LABELS = 5000

/** The list of requests seen. */
export function createTraffic(now: () => number) {
  let seen: SeenRequest[] = []
  let labels = new Map<string, string>()
  let labelled = 0

  function label(token: string): string {
    const known = labels.get(token)
    if (known) return known
    const fresh = `t${++labelled}`
    labels.set(token, fresh)
    if (labels.size > MAX_LABELS) labels.delete(labels.keys().next().value!)
    return fresh
  }

  return {
    /** Adds a request; the entry returned is the one in the list, for its status. */
    note(request: Request, path: string): SeenRequest {
      const token = presentedToken(request)
      const entry: SeenRequest = {
        method: request.method,
        path,
        at: now(),
        status: null,
        authorized: request.headers.has('authorization'),
        ...(token ? { token: label(token) } : {}),
      }
      seen.push(entry)
      // Cut by halves: one shift per request would move the whole list each time.
      if (seen.length >= MAX_REQUESTS * 2) seen = seen.slice(-MAX_REQUESTS)
      return entry
    },
    /** The last 20 000 requests, oldest first. */
    list: (): SeenRequest[] => seen.slice(-MAX_REQUESTS).map((entry) => ({ ...entry })),
    /** Forgets requests and labels. */
    clear() {
      seen = []
      labels = new Map()
      labelled = 0
    },
  }
}
