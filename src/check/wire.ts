import { showUrl } from './address.ts'
import { createJar } from './jar.ts'
import type { Secrets } from './secrets.ts'

/** What a request was sent for. */
export type Role = 'sign-in' | 'refresh' | 'probe' | 'sign-out' | 'other'

/** One request and what came back. */
export interface Exchange {
  readonly role: Role
  /** When it left: epoch ms. */
  readonly at: number
  /** When its answer was there. */
  readonly until: number
  readonly method: string
  readonly url: string
  readonly sent: Headers
  readonly sentBody: string
  readonly withCookies: boolean
  /** Whether its sender would have followed a redirect. */
  readonly follows: boolean
  /** `null` where nobody answered. */
  readonly status: number | null
  readonly headers: Headers
  readonly body: string
  /** Why nobody answered. */
  readonly why: string
  /** Where a redirect leads; empty where that is kept from us. */
  readonly redirect?: string
}

export interface WireOptions {
  readonly fetch: typeof globalThis.fetch
  readonly now: () => number
  readonly secrets: Secrets
  /** Receives every exchange. */
  readonly note: (exchange: Exchange) => void
  /** Sent as `Origin` with every request, as a browser would from that page. */
  readonly origin?: string | undefined
}

export type Wire = ReturnType<typeof createWire>

const REDIRECTS = [301, 302, 303, 307, 308]
const WITHOUT_BODY = [101, 204, 205, 304]

/** A `fetch` that watches what goes over it, keeps cookies as a browser does and follows no redirect. */
export function createWire({ fetch, now, secrets, note, origin }: WireOptions) {
  const jar = createJar(now)
  let role: Role = 'other'

  const send = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    // Before anything is awaited: requests of several purposes may be under way.
    const purpose = role
    const at = now()
    const request = new Request(input, init)
    const { method, url, signal } = request
    const sentBody = await request.text()
    const sent = new Headers(request.headers)
    const withCookies = request.credentials === 'include'
    const cookie = withCookies ? jar.headerFor(url) : ''
    if (cookie) sent.set('cookie', cookie)
    if (origin) sent.set('origin', origin)
    const follows = request.redirect === 'follow'
    const exchange = { role: purpose, at, method, url, sent, sentBody, withCookies, follows }

    let response: Response
    let body = ''
    try {
      response = await fetch(url, {
        method,
        headers: sent,
        ...(sentBody && { body: sentBody }),
        redirect: 'manual',
        cache: 'no-store',
        signal,
      })
      // The data of a protected path is nobody's business here, and a stream of it may never end.
      if (purpose === 'probe' && response.ok) await response.body?.cancel()
      else body = await response.text()
    } catch (error) {
      const why = signal.aborted ? 'no answer in time' : secrets.redact(causeOf(error))
      note({ ...exchange, until: now(), status: null, headers: new Headers(), body: '', why })
      throw error
    }

    const { status, headers } = response
    const cookies = headers.getSetCookie()
    jar.keep(url, cookies)
    secrets.add(...jar.values())
    const isRedirect = response.type === 'opaqueredirect' || REDIRECTS.includes(status)
    const redirect = headers.get('location') ?? ''
    note({ ...exchange, until: now(), status, headers, body, why: '', ...(isRedirect && { redirect }) })
    if (isRedirect && request.redirect !== 'manual') throw new TypeError('A redirect, and none is followed')
    return new Response(WITHOUT_BODY.includes(status) || !body ? null : body, { status: status || 500, headers })
  }

  return {
    jar,
    fetch: send as typeof globalThis.fetch,
    /** Sends what `work` sends, for a purpose. */
    async as<T>(purpose: Role, work: () => Promise<T>): Promise<T> {
      role = purpose
      try {
        return await work()
      } finally {
        role = 'other'
      }
    },
  }
}

/** The innermost reason of a failure, as Node wraps it. */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error
  const inner = cause instanceof Error ? cause.message || (cause as { code?: string }).code : ''
  return inner || message || String(error)
}

/** An exchange in words, without secrets. */
export function describe({ method, url, status, why, redirect, headers }: Exchange, { redact }: Secrets): string {
  const asked = `${method} ${showUrl(url)}`
  if (status === null) return `${asked} got no answer (${why})`
  const to = redirect === undefined ? '' : ` to ${redact(showTarget(redirect, url))}`
  const rest = headers.get('retry-after')
  return `${asked} answered ${status || 'a redirect'}${to}${rest === null ? '' : ` with Retry-After: ${redact(rest).slice(0, 40)}`}`
}

function showTarget(redirect: string, from: string): string {
  if (!redirect) return 'elsewhere'
  return URL.canParse(redirect, from) ? showUrl(new URL(redirect, from).href) : 'what is no address'
}
