import { AuthError } from '../core/errors.ts'
import type { Call } from '../core/types.ts'

/** What every adapter is told of its system. */
export interface HttpOptions {
  /** Where the system's API begins, without a slash at the end: absolute, or a path of the page's own origin. */
  readonly baseUrl: string
  /** Sends the adapter's own requests; the browser's `fetch` by default. */
  readonly fetch?: typeof fetch
}

export interface Endpoint {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Nothing else is sent: no header of an earlier session comes along by itself. */
  readonly headers?: Record<string, string>
  readonly body?: unknown
  /** The statuses that are this system's definite no, here. */
  readonly refusals: readonly number[]
  /** Sent even while the page closes: of at most 64 KiB. */
  readonly keepalive?: boolean
}

/** An answer of 2xx. */
export interface Reply {
  /** The answer's JSON; `undefined` where it was empty or something else. */
  readonly body: unknown
  /** The server's clock: epoch ms, `null` where it can not be read. */
  readonly date: number | null
  /** A field of the body that must be a text. Throws a `malformed` error that names it. */
  text(field: string): string
  /** The error for an answer of the wrong shape. */
  malformed(why: string): AuthError
}

const JSON_TYPE = 'application/json'

const toMoment = (date: string | null): number | null => Date.parse(date ?? '') || null

function toDelay(header: string | null, now: number): number | undefined {
  if (!header) return undefined
  const seconds = Number(header)
  return Math.max(0, seconds >= 0 ? seconds * 1_000 : (toMoment(header) ?? now) - now)
}

/** How an adapter talks: one request, every failure an `AuthError` that names system and endpoint. */
export function createHttp(system: string, { baseUrl, fetch = (...args) => globalThis.fetch(...args) }: HttpOptions) {
  if (typeof baseUrl !== 'string')
    throw new TypeError(`${system}: baseUrl must be a text, such as "https://example.com/api".`)
  const base = baseUrl.replace(/\/$/, '')

  return async function send(endpoint: Endpoint, { departedAt, signal }: Call): Promise<Reply> {
    const { method, path, headers, body, refusals, keepalive = false } = endpoint
    const where = `${system}: ${method} ${base}${path}`
    let response: Response
    let text: string
    try {
      response = await fetch(base + path, {
        method,
        headers: { accept: JSON_TYPE, ...(body !== undefined && { 'content-type': JSON_TYPE }), ...headers },
        body: body === undefined ? null : JSON.stringify(body),
        keepalive,
        // A redirect would carry the secrets in body and headers to wherever it points.
        redirect: 'error',
        cache: 'no-store',
        signal: (signal as AbortSignal | undefined) ?? null,
      })
      text = await response.text()
    } catch (cause) {
      throw new AuthError('unreachable', `${where} got no answer`, { cause })
    }

    const { status } = response
    const date = toMoment(response.headers.get('date'))
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      // Empty, or not JSON: `undefined`, and whoever needs a field of it says so.
    }
    if (!response.ok) {
      const isRefused = refusals.includes(status)
      const kind = isRefused
        ? 'refused'
        : status >= 500 || status === 408 || status === 429
          ? 'unreachable'
          : 'malformed'
      const retryAfter = toDelay(response.headers.get('retry-after'), date ?? departedAt)
      throw new AuthError(kind, `${where} answered ${status}`, {
        status,
        details: json,
        ...(retryAfter && { retryAfter }),
      })
    }

    const malformed = (why: string) => new AuthError('malformed', `${where}: ${why}`, { status })
    return {
      body: json,
      date,
      malformed,
      text(field) {
        const value = (json as Record<string, unknown> | null | undefined)?.[field]
        if (typeof value !== 'string' || !value) throw malformed(`"${field}" must be a text`)
        return value
      },
    }
  }
}

/**
 * When a token ends by this device's clock, counted from the moment its request left: the shortest of the lives that issue time
 * and the server's clock give. With neither, this device's clock must be right. All epoch ms.
 */
export function endOf(reply: Reply, departedAt: number, field: string, exp: number, iat: number | null): number {
  const lives = [iat, reply.date].filter((from) => from !== null).map((from) => exp - from)
  const life = lives.length ? Math.min(...lives) : exp - departedAt
  if (!(life > 0)) throw reply.malformed(`"${field}" must be a moment to come`)
  return departedAt + life
}

/** Whether a 401 says that the token is bad: RFC 6750 § 3.1, and any 401 that gives no reason. */
export function isBadToken(response: {
  readonly status: number
  readonly headers: { get(name: string): string | null }
}): boolean {
  const error = /error="?([^",]*)/.exec(response.headers.get('www-authenticate') ?? '')?.[1]
  return response.status === 401 && (error ?? 'invalid_token') === 'invalid_token'
}
