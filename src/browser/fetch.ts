import type { Backend, Grant, Parks, SessionState } from '../core/types.ts'

/** Methods that ask and change nothing: RFC 9110 § 9.2.1. */
const SAFE = /^(GET|HEAD|OPTIONS)$/

export interface FetchRoom {
  readonly backend: Backend
  /** Origins besides the backend's own that may be sent the token, each as `https://host`. */
  readonly origins: readonly string[]
  /** Whether a request that changes something may go out later than it was made. */
  readonly replay?: ((request: Request) => boolean) | undefined
  /** A grant that may be sent; after one that was refused, a newer one. */
  grant(refused?: Grant): Promise<Grant>
  getState(): Pick<SessionState, 'session'>
}

export interface Requests extends Parks {
  readonly fetch: typeof fetch
}

/**
 * `fetch`, with the session's token on requests to its own system, and one more try after a token has been refused. Throws a
 * `TypeError` for an origin that no request could ever match.
 */
export function createFetch({ backend, origins, replay, grant, getState }: FetchRoom): Requests {
  for (const origin of origins)
    if (!isOrigin(origin))
      throw new TypeError(`origins: "${origin}" must be an origin and no more, such as "https://files.example.com"`)

  const parking: Parks['parking'] = { current: null }

  const withToken: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const home = new URL(backend.baseUrl, location.href).origin
    if (![home, ...origins].includes(new URL(request.url).origin)) return fetch(request)

    const { signal } = request
    const isOnce = init?.body instanceof ReadableStream
    const isSafe = SAFE.test(request.method)
    const owner = parking.current?.owner
    const madeIn = getState().session?.id

    /** Sends it, and once more with a newer token where the first is refused; `onEnd` may answer where that was the end. */
    async function deliver(what: Request, first: Grant, onEnd?: typeof wait): Promise<Response> {
      // A stream can be sent but once; anything else is kept for a second try.
      const spare = isOnce ? null : what.clone()
      const response = await send(what, first)
      if (!spare || !backend.refusesToken(response)) return response
      const next = await grant(first).catch(() => null)
      signal.throwIfAborted()
      if (!next) return onEnd?.(spare) ?? response
      return send(spare, next).catch(() => {
        signal.throwIfAborted()
        return response
      })
    }

    /** Waits until whoever made the request is back, where it met the end and the page waits for them; `null` if not. */
    function wait(what: Request): Promise<Response> | null {
      const { session } = getState()
      return (!session || session.id !== madeIn) && mayWait(what) ? queue(what) : null
    }

    /** Made for one person, it waits for no other. */
    const mayWait = (what: Request): boolean =>
      owner !== undefined && parking.current?.owner === owner && (isSafe || !!replay?.(what.clone()))

    const queue = (what: Request): Promise<Response> =>
      parking.current!.wait({
        isSafe,
        grant,
        send: (first) => deliver(what, first),
        onAbort: (leave) => signal.addEventListener('abort', () => leave(signal.reason)),
      })

    if (!isSafe && parking.current?.isSending() && mayWait(request)) return queue(request)
    let first: Grant
    try {
      first = await grant()
    } catch (error) {
      signal.throwIfAborted()
      return wait(request) ?? Promise.reject(error)
    }
    return deliver(request, first, wait)
  }

  function send(request: Request, grant: Grant): Promise<Response> {
    request.signal.throwIfAborted()
    const headers = Object.entries(backend.headers(grant))
    for (const [name, value] of headers) request.headers.set(name, value)
    // Across origins browsers strip `Authorization` from a redirect, and nothing else.
    const isSafe = headers.every(([name]) => name.toLowerCase() === 'authorization')
    return fetch(request, isSafe ? {} : { redirect: 'error' })
  }

  return { fetch: withToken, parking }
}

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text
  } catch {
    return false
  }
}
