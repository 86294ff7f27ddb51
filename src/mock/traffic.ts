import { presentedToken } from './bearer.ts'

/** One request as the server saw it, without secrets. */
export type SeenRequest = {
  method: string
  /** The path without its query, cut after 512 characters. */
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
const MAX_PATH_CHARS = 512

// 53 bits by which tokens are told apart, at once and without keeping them (cyrb53); of two that were the same to it, no more
// than a label would be wrong.
function fingerprint(text: string, seed: number): number {
  let [high, low] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0)
}

// A slice of a text can keep the whole of it in memory; one that went through bytes is its own.
const cut = (path: string) =>
  path.length <= MAX_PATH_CHARS
    ? path
    : new TextDecoder().decode(new TextEncoder().encode(path.slice(0, MAX_PATH_CHARS)))

/** The list of requests seen. */
export function createTraffic(now: () => number) {
  let seen: SeenRequest[] = []
  const [seed] = crypto.getRandomValues(new Uint32Array(1))
  let labels = new Map<number, string>()
  let labelled = 0

  function label(token: string): string {
    const key = fingerprint(token, seed!)
    const known = labels.get(key)
    if (known) return known
    const fresh = `t${++labelled}`
    labels.set(key, fresh)
    if (labels.size > MAX_LABELS) labels.delete(labels.keys().next().value!)
    return fresh
  }

  return {
    /** Adds a request; the entry returned is the one in the list, for its status. */
    note(request: Request, path: string): SeenRequest {
      const token = presentedToken(request)
      const entry: SeenRequest = {
        method: request.method,
        path: cut(path),
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
    /** How many requests it holds, those included that are no longer listed. */
    size: () => seen.length,
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
