import type { Answer, Backend, Credentials, Grant } from '../core/types.ts'
import { createHttp, type Endpoint, type HttpOptions, type Refusals, type Reply, textsOf, typed } from './http.ts'
import { claimsOf, endOfJwt, ifAnother, msIfNumber, toKey } from './jwt.ts'
import { endOf, endOfLife, parseIso } from './time.ts'

/** How a moment is told: seconds or ms since 1970, a text of ISO 8601, or seconds or ms from now. */
export type TimeUnit = (typeof UNITS)[number]

const UNITS = ['s', 'ms', 'iso', 's-from-now', 'ms-from-now'] as const
const WAYS = ['token', 'refresh-token', 'cookie'] as const

/** Where an answer tells a moment, and how. */
export interface TimeField {
  /** Dotted path of the field. */
  readonly field: string
  readonly unit: TimeUnit
}

/** Where an answer keeps what; every field by its dotted path, as in `data.user.id`. */
export interface RestFields {
  /** The token sent with requests. */
  readonly token: string
  /** When it ends; without it, `exp` of the token itself. */
  readonly expires?: TimeField
  readonly refreshToken?: string
  /** When the refresh token or cookie ends, read wherever it is told; without it, `exp` of the refresh token itself, if any. */
  readonly refreshExpires?: TimeField
  /** The server's own key for the person; `sub` of the token without it. One of the two must be there where a cookie renews. */
  readonly userKey?: string
  /** A name to show; without it, what was typed. */
  readonly userName?: string
  readonly roles?: string
}

/** One call of the API. */
export interface RestEndpoint {
  readonly path: string
  /** `POST` by default. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Which answers are a definite no: statuses (`[401]` by default), or a function, for a 200 that says "nobody". */
  readonly refusals?: Refusals
}

interface Typed {
  readonly username: string
  readonly password: string
}

/** The call that signs in. */
export interface RestSignIn extends RestEndpoint {
  /** The body's fields for what was typed, `username` and `password` by default; or a function that makes the body. */
  readonly body?: Typed | ((credentials: Credentials) => unknown)
}

/** A call that goes out with what renews a session, or ends it. */
export interface RestRenewal extends RestEndpoint {
  /** What says whose session it is. */
  readonly with: (typeof WAYS)[number]
  /** The body's field that carries it; as Bearer in the Authorization header by default. */
  readonly field?: string
}

export interface RestOptions extends HttpOptions {
  /** The system's name, for messages; `"REST API"` by default. */
  readonly system?: string
  readonly signIn: RestSignIn
  /** Left out where nothing renews. */
  readonly refresh?: RestRenewal & {
    /** Whether a refresh also prolongs the refresh token or cookie; by default as the answers to the first refresh have it. */
    readonly prolongs?: boolean
    /** Where its answer keeps what is not where that of a sign-in has it; besides the token it may leave out anything. */
    readonly answer?: Partial<RestFields>
  }
  /** Left out where the system has no revocation. */
  readonly signOut?: RestRenewal
  /** Where the answer of a sign-in keeps what. */
  readonly answer: RestFields
  /** The header that carries the token: `Authorization`, with the prefix `'Bearer '`, by default; no prefix for another. */
  readonly header?: { readonly name: string; readonly prefix?: string }
  /** Headers of every request of the adapter itself: an API key, a guard against CSRF. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Any other JWT API, by configuration; for what that cannot express there is the `Backend` interface.
 *
 * @example rest({
 *   baseUrl: 'https://api.example.com',
 *   signIn: { path: '/login' },
 *   refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
 *   answer: { token: 'data.accessToken', refreshToken: 'data.refreshToken' },
 * })
 */
export function rest(options: RestOptions): Backend {
  const { system = 'REST API', signIn, refresh, signOut, answer } = options ?? {}
  const { name, prefix = /^authorization$/i.test(name) ? 'Bearer ' : '' } = options.header ?? { name: 'authorization' }
  if (!signIn || !answer?.token) throw new TypeError(`${system}: rest needs signIn: { path } and answer: { token }.`)
  for (const endpoint of [signIn, refresh, signOut]) check(system, endpoint, answer)
  for (const { field, unit } of [answer.expires, answer.refreshExpires].filter((time) => time !== undefined))
    if (!UNITS.includes(unit))
      throw new TypeError(`${system}: the unit of "${field}" must be one of ${UNITS.join(', ')}.`)
  if (signIn.method === 'GET')
    throw new TypeError(`${system}: signIn can not be a GET, which has no body for a password.`)
  // Throws a TypeError that names what can not be a header.
  new Headers({ ...options.headers, [name]: '' })
  const { send, base } = createHttp(system, options)
  let prolongs = refresh?.prolongs ?? true
  const carry = (value: string) => ({ [name]: prefix + value })
  const cookies = [refresh, signOut].some((endpoint) => endpoint?.with === 'cookie')

  /** The request that renews or revokes this grant. */
  const about = (grant: Grant, { with: way, field, ...endpoint }: RestRenewal): Endpoint => {
    const secret = way === 'cookie' ? null : way === 'token' ? grant.token : grant.refreshToken
    const value = secret?.reveal()
    return request(endpoint, {
      ...(value && field && { body: nested([[field, value]]) }),
      ...(value && !field && { headers: [way === 'token' ? carry(value) : { authorization: `Bearer ${value}` }] }),
    })
  }
  const request = (endpoint: RestEndpoint, what: Partial<Endpoint>): Endpoint => ({
    ...endpoint,
    ...what,
    headers: [options.headers ?? {}, ...(what.headers ?? [])],
    cookies,
  })

  return {
    ...base,
    renewsWith: refresh?.with ?? 'nothing',
    get prolongs() {
      return prolongs
    },
    headers: ({ token }) => carry(token.reveal()),

    async signIn(credentials, call) {
      const body =
        typeof signIn.body === 'function' ? signIn.body(credentials) : inFields(typed(system, credentials), signIn.body)
      const reply = await send(request(signIn, { body }), call)
      const { user, ...grant } = toAnswer(reply, answer, undefined, refresh?.with === 'cookie')
      return { ...grant, user: { key: user?.key ?? null, name: user?.name || credentials.username || '' } }
    },
    ...(refresh && {
      async refresh(grant, call) {
        const reply = await send(about(grant, refresh), call)
        const next = toAnswer(reply, { ...answer, ...refresh.answer }, grant, refresh.with === 'cookie')
        // A refresh token that stays, with no word of a later end, ends when it ends.
        if (refresh.prolongs === undefined && refresh.with === 'refresh-token')
          prolongs = next.refreshToken !== undefined || next.refreshExpiresAt !== undefined
        return next
      },
    }),
    ...(signOut && {
      revokesWith: signOut.with === 'cookie' ? 'nothing' : signOut.with,
      async revoke(grant, call) {
        await send({ ...about(grant, signOut), keepalive: true }, call)
      },
    }),
  }
}

const WHO = 'a text or a whole number that says who it is'

/** Throws a `TypeError` for an endpoint that could never work. */
function check(system: string, endpoint: (RestEndpoint & Partial<RestRenewal>) | undefined, answer: RestFields): void {
  if (!endpoint) return
  const { path, method, field } = endpoint
  const fail = (why: string): never => {
    throw new TypeError(`${system}: the endpoint "${path}" ${why}.`)
  }
  if (typeof path !== 'string' || !/^\/(?!\/)/.test(path)) fail('must have a path that begins with one "/"')
  if ('with' in endpoint && !WAYS.includes(endpoint.with!)) fail(`must say with: one of ${WAYS.join(', ')}`)
  if (method === 'GET' && field)
    fail(`can not carry "${field}": a GET has no body. Leave out field to send it as Bearer`)
  if (endpoint.with === 'cookie' && field) fail(`needs no "${field}": the browser sends the cookie by itself`)
  if (endpoint.with === 'refresh-token' && !answer.refreshToken)
    fail('needs answer.refreshToken, the field to find it in')
}

function toAnswer(reply: Reply, fields: RestFields, before?: Grant, hasCookie = false): Answer {
  const { refreshToken, refreshExpires, userKey, userName, roles } = fields
  const token = reply.secret(fields.token)
  const claims = claimsOf(token.reveal())
  const end = (time: TimeField | undefined, field: string | undefined, issued?: unknown): number | null => {
    if (time && has(time.field)) return endAt(reply, time, msIfNumber(issued))
    return field && has(field) ? endOfJwt(reply, field, reply.text(field)) : null
  }
  // A sign-in says it all; a refresh may leave out what stays as it was.
  const has = (field: string | undefined) => field && (!before || (reply.at(field) ?? null) !== null)

  const hasRefresh = has(refreshToken)
  const isTold = refreshExpires && has(refreshExpires.field)
  const key = toKey(userKey ? reply.at(userKey) : claims.sub)
  // A cookie may by now be somebody else's: each answer must tell whose, or be for whom the token before was.
  const isSame = toKey(claims.sub) !== null && toKey(claims.sub) === toKey(before?.claims?.sub)
  if (key === null && (before ? hasCookie && !isSame : hasCookie || userKey))
    throw reply.malformed(userKey ?? `sub of ${fields.token}`, WHO)
  const another = before && ifAnother(before, { token, expiresAt: null, claims }, 'sub').user
  const name = userName ? toKey(reply.at(userName)) : null
  const all = roles && textsOf(reply, roles)
  return {
    token,
    claims,
    expiresAt: end(fields.expires, fields.token, claims.iat),
    ...(hasRefresh && { refreshToken: reply.secret(refreshToken!) }),
    ...((hasRefresh || isTold || (hasCookie && !before)) && { refreshExpiresAt: end(refreshExpires, refreshToken) }),
    ...((key ?? name) !== null && {
      user: { key: key ?? before?.user.key ?? null, name: name ?? before?.user.name ?? '' },
    }),
    ...(another && { user: another }),
    ...(all && { roles: all }),
  }
}

/** A moment told by an answer, by this device's clock: epoch ms. */
function endAt(reply: Reply, { field, unit }: TimeField, iat: number | null): number {
  const value = reply.at(field)
  if (typeof value !== (unit === 'iso' ? 'string' : 'number')) {
    throw reply.malformed(field, unit === 'iso' ? 'a text of ISO 8601' : 'a number')
  }
  if (unit === 'iso') return endOf(reply, field, parseIso(value as string), iat)
  const ms = (value as number) * (unit.startsWith('ms') ? 1 : 1_000)
  return unit.endsWith('from-now') ? endOfLife(reply, field, ms) : endOf(reply, field, ms, iat)
}

/** What was typed, in the fields that the system wants it in. */
const inFields = (typed: Typed, fields: Typed = { username: 'username', password: 'password' }): object =>
  nested([
    [fields.username, typed.username],
    [fields.password, typed.password],
  ])

/** An object with values at dotted paths. */
function nested(entries: readonly (readonly [path: string, value: string])[]): object {
  const root: Record<string, unknown> = Object.create(null)
  for (const [path, value] of entries) {
    const keys = path.split('.')
    const last = keys.pop()!
    const place = keys.reduce<Record<string, unknown>>((at, key) => {
      at[key] ??= Object.create(null)
      return at[key] as Record<string, unknown>
    }, root)
    place[last] = value
  }
  return root
}
