import { AuthError } from '../core/errors.ts'
import { isHeaderValue, Secret } from '../core/secret.ts'
import type { Backend, Call, Credentials, Grant } from '../core/types.ts'
import { toBase } from './base.ts'

/** What every adapter is told of its system. */
export interface HttpOptions {
  /** Where the system's API begins: absolute, as in `https://example.com/api`, or a path of the page's own origin, as in `/api`. */
  readonly baseUrl: string
  /** Sends the adapter's own requests; the browser's `fetch` by default. */
  readonly fetch?: typeof fetch
}

/**
 * Which answers are a definite no: these statuses, or what a function of status and JSON body says, even of a 200. The body is
 * `undefined` where it is no JSON, and a function that throws has not said no.
 */
export type Refusals = readonly number[] | ((status: number, body: unknown) => boolean)

export interface Endpoint {
  /** `POST` by default. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** Nothing else is sent: no header of an earlier session comes along by itself. Of two alike the later one counts. */
  readonly headers?: readonly Readonly<Record<string, string>>[]
  readonly body?: unknown
  /** `[401]` by default. */
  readonly refusals?: Refusals
  /** Sent even while the page closes: of at most 64 KiB. */
  readonly keepalive?: boolean
  /** Whether cookies go along to another origin. */
  readonly cookies?: boolean
}

/** An answer that is no failure. */
export interface Reply {
  /** The answer's JSON; `undefined` where it was empty or something else. */
  readonly body: unknown
  /** The server's clock: epoch ms, `null` where it can not be read. */
  readonly date: number | null
  /** When its request left: epoch ms on this device's clock. */
  readonly departedAt: number
  /** A field of the body, by its dotted path. */
  at(field: string): unknown
  /** A field that must be a text. Throws a `malformed` error that names it, as all of these do. */
  text(field: string): string
  /** A field that must be a text fit for a request header, as every token is. */
  secret(field: string): Secret
  /** The error for an answer of the wrong shape. */
  malformed(field: string, must: string): AuthError
}

/** What a system's own error bodies say: for the message, and for the developer. */
export type Explain = (body: unknown) => { readonly words: string; readonly details: unknown }

const JSON_TYPE = 'application/json'
/** No server may ask to be left alone for longer, in ms. */
const DAY = 86_400_000
const toMoment = (date: string | null): number | null => Date.parse(date ?? '') || null

function toDelay(header: string | null, date: number | null): number | undefined {
  if (!header) return undefined
  const seconds = Number(header)
  // A moment is of use only by the clock that told it.
  const ms = seconds >= 0 ? seconds * 1_000 : (toMoment(header) ?? NaN) - (date ?? NaN)
  return ms >= 0 ? Math.min(DAY, ms) : undefined
}

/** All the texts in what is sent, for blotting them out of what comes back. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(Object(value)).flatMap(textsIn)

/** What reads as a JWT: RFC 7519 § 3. */
const JWT = /\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g

/** What a server says of a failure, without tokens and what it was sent: some repeat the password they did not like. */
function withoutSecrets(told: string, sent: unknown): unknown {
  const secrets = textsIn(sent)
    .flatMap((secret) => [secret, secret.replace(/^Bearer /, '')])
    .filter(({ length }) => length > 3)
    // The longest first: a shorter one would leave the rest of it.
    .sort((a, b) => b.length - a.length)
  const blot = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text).replace(JWT, '[secret]')
  return toJson(told, (_, value) => {
    if (typeof value === 'string') return blot(value)
    if (typeof value === 'number') return secrets.includes(String(value)) ? '[secret]' : value
    if (!value || typeof value !== 'object' || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [blot(key), inner]))
  })
}

/** A field of nested JSON, by its dotted path; only own fields, never what an object inherits. */
const fieldOf = (json: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        value && typeof value === 'object' && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      json,
    )

/** How an adapter talks: one request, every failure an `AuthError` that names system and endpoint; and what most adapters have in common. */
export function createHttp(system: string, options: HttpOptions, explain?: Explain) {
  const baseUrl = toBase(system, options?.baseUrl)
  const { fetch = (...args) => globalThis.fetch(...args) } = options

  async function send(endpoint: Endpoint, { signal, departedAt }: Call): Promise<Reply> {
    const { method = 'POST', path, headers = [], body, refusals = [401], keepalive = false, cookies } = endpoint
    const where = `${system}: ${method} ${baseUrl}${path}`
    let response: Response
    let text: string
    try {
      const all = new Headers({ accept: JSON_TYPE, ...(body !== undefined && { 'content-type': JSON_TYPE }) })
      for (const [name, value] of headers.flatMap(Object.entries<string>)) all.set(name, value)
      response = await fetch(baseUrl + path, {
        method,
        headers: all,
        body: JSON.stringify(body) ?? null,
        keepalive,
        // A redirect would carry the secrets in body and headers to wherever it points.
        redirect: 'error',
        cache: 'no-store',
        signal: (signal as AbortSignal | undefined) ?? null,
        ...(cookies && { credentials: 'include' }),
      })
      text = await response.text()
    } catch (cause) {
      throw new AuthError('unreachable', `${where} got no answer`, { cause })
    }

    const { status } = response
    const date = toMoment(response.headers.get('date'))
    const json = toJson(text)
    const isRefused = isRefusal(refusals, status, json)
    if (isRefused || !response.ok) {
      const isTransient = status >= 500 || status === 408 || status === 429
      const retryAfter = toDelay(response.headers.get('retry-after'), date)
      const told = withoutSecrets(text, [body, headers])
      const { words, details } = explain?.(told) ?? { words: '', details: told }
      throw new AuthError(
        isRefused ? 'refused' : isTransient ? 'unreachable' : 'malformed',
        `${where} answered ${status}${words && `: ${words}`}`,
        { status, details, ...(retryAfter && { retryAfter }) },
      )
    }

    const malformed = (field: string, must: string) =>
      new AuthError('malformed', `${where}: "${field}" must be ${must}`, { status })
    const at = (field: string) => fieldOf(json, field)
    const reply: Reply = {
      body: json,
      date,
      departedAt,
      malformed,
      at,
      text(field) {
        const value = at(field)
        if (typeof value !== 'string' || !value) throw malformed(field, 'a text')
        return value
      },
      secret(field) {
        const value = reply.text(field)
        if (!isHeaderValue(value)) throw malformed(field, 'a text fit for a header')
        return new Secret(value)
      },
    }
    return reply
  }

  return {
    send,
    base: {
      system,
      baseUrl,
      headers: ({ token }: Grant) => bearer(token),
      refusesToken: isBadToken,
    } satisfies Partial<Backend>,
  }
}

function isRefusal(refusals: Refusals, status: number, body: unknown): boolean {
  try {
    return typeof refusals === 'function' ? refusals(status, body) : refusals.includes(status)
  } catch {
    return false
  }
}

/** JSON, or `undefined` for what is none: whoever needs a field of it says so. */
function toJson(text: string, reviver?: Parameters<typeof JSON.parse>[1]): unknown {
  try {
    return JSON.parse(text, reviver)
  } catch {
    return undefined
  }
}

/** A field that, if it is there, must be a list of texts. Throws a `malformed` error that names it. */
export function textsOf(reply: Reply, field: string): readonly string[] | undefined {
  const value = reply.at(field) ?? undefined
  if (value !== undefined && !(Array.isArray(value) && value.every((one) => typeof one === 'string')))
    throw reply.malformed(field, 'a list of texts')
  return value
}

/** A token that someone handed over, as a secret. Throws a `refused` error that names it where it can not be sent. */
export function handedOver(system: string, name: string, token: string): Secret {
  if (!isHeaderValue(token)) throw new AuthError('refused', `${system}: ${name} must be a text fit for a header`)
  return new Secret(token)
}

/** A user name and a password, as typed. Throws a `refused` error that says what is wanted where they are something else. */
export function typed(system: string, { username, password }: Credentials): { username: string; password: string } {
  if (!username || !password) throw new AuthError('refused', `${system}: sign in with { username, password }`)
  return { username, password }
}

/** The header of RFC 6750. */
export const bearer = (token: Secret): Record<string, string> => ({ authorization: `Bearer ${token.reveal()}` })

/** Whether a 401 says that the token is bad: RFC 6750 § 3.1, and any 401 that gives no reason. */
function isBadToken(response: {
  readonly status: number
  readonly headers: { get(name: string): string | null }
}): boolean {
  const error = /error="?([^",]*)/.exec(response.headers.get('www-authenticate') ?? '')?.[1]
  return response.status === 401 && (error ?? 'invalid_token') === 'invalid_token'
}
