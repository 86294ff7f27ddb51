import { SessionOverError } from '../core/errors.ts'
import type { Authorization, Parks, SessionState } from '../core/types.ts'
import type { Authorize } from './authorize.ts'

/** Methods that ask and change nothing: RFC 9110 § 9.2.1. */
const SAFE = /^(GET|HEAD|OPTIONS)$/

export interface FetchRoom {
  readonly authorize: Authorize
  /** Whether a request to this address carries the token. */
  belongs(url: string): boolean
  /** Whether a request that changes something may go out later than it was made. */
  readonly replay?: ((request: Request) => boolean) | undefined
  getState(): Pick<SessionState, 'session'>
}

export interface Requests extends Parks {
  readonly fetch: typeof fetch
  readonly authorize: Authorize
}

/** `fetch`, with the session's token on requests to its own system, and one more try after a token has been refused. */
export function createFetch({ authorize, belongs, replay, getState }: FetchRoom): Requests {
  const parking: Parks['parking'] = { current: null }

  /** What a request carries, as the person for whom the page waits, if it does, and as nobody else. */
  async function authorizeHere(url: string | URL): Promise<Authorization | null> {
    const page = parking.current
    const now = await authorize(url)
    // Until it is unmounted, the page of the one before may still ask.
    if (now && page && now.user.key !== page.owner) throw new SessionOverError()
    return now
  }

  const withToken: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    if (!belongs(request.url)) return fetch(request)

    const { signal } = request
    const isOnce = init?.body instanceof ReadableStream
    const isSafe = SAFE.test(request.method)
    // The page that made it, where that waits for its person.
    const page = parking.current
    const madeIn = getState().session?.id
    const ask = async () => (await authorizeHere(request.url))!

    /** Sends it, and once more with a newer token where the first is refused; `onEnd` may answer where that was the end. */
    async function deliver(what: Request, first: Authorization, onEnd?: typeof wait): Promise<Response> {
      // A stream can be sent but once; anything else is kept for a second try.
      const spare = isOnce ? null : what.clone()
      const response = await send(what, first)
      if (!spare || !first.isRefusedBy(response)) return response
      const next = await first.renew().catch(() => null)
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

    /** Made by one page, it waits in no other. A promise is no yes. */
    const mayWait = (what: Request): boolean =>
      page !== null && parking.current === page && (isSafe || replay?.(what.clone()) === true)

    const queue = (what: Request): Promise<Response> =>
      page!.wait({
        isSafe,
        authorize: ask,
        send: (now) => deliver(what, now),
        onAbort: (leave) => signal.addEventListener('abort', () => leave(signal.reason)),
      })

    if (!isSafe && page?.isSending() && mayWait(request)) return queue(request)
    let first: Authorization
    try {
      first = await ask()
    } catch (error) {
      signal.throwIfAborted()
      return wait(request) ?? Promise.reject(error)
    }
    return deliver(request, first, wait)
  }

  return { fetch: withToken, authorize: authorizeHere, parking }
}

function send(request: Request, { headers, mayRedirect }: Authorization): Promise<Response> {
  request.signal.throwIfAborted()
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value)
  return fetch(request, mayRedirect ? {} : { redirect: 'error' })
}
