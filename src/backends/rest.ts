import type { Answer, Backend, Call, Credentials, Grant } from '../core/types.ts'
import {
  createHttp,
  type Endpoint,
  endOf,
  endOfLife,
  type HttpOptions,
  isBadToken,
  type Refusals,
  type Reply,
} from './http.ts'
import { claimsOf, endOfJwt, toKey } from './jwt.ts'
import { parseIso } from './time.ts'

/** How a moment is told: seconds or ms since 1970, a text of ISO 8601, or seconds or ms from now. */
export type TimeUnit = 's' | 'ms' | 'iso' | 's-from-now' | 'ms-from-now'

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
  /** When the refresh token or cookie ends; without it, `exp` of the refresh token itself, if any. */
  readonly refreshExpires?: TimeField
  /** The server's own key for the person; `sub` of the token without it. */
  readonly userKey?: string
  /** A name to show; without it, what was typed. */
  readonly userName?: string
  readonly roles?: string
}

export interface RestEndpoint {
  readonly path: string
  /** `POST` by default. */
  readonly method?: Endpoint['method']
  /** Which answers are a definite no: statuses (`[401]` by default), or a function, for a 200 that says "nobody". */
  readonly refusals?: Refusals
}

export interface RestSignIn extends RestEndpoint {
  /** The body's fields for what was typed, `username` and `password` by default; or a function that makes the body. */
  readonly body?: { readonly username: string; readonly password: string } | ((credentials: Credentials) => unknown)
}

export interface RestRenewal extends RestEndpoint {
  /** What says whose session it is. */
  readonly with: 'token' | 'refresh-token' | 'cookie'
  /** The body's field that carries it; as Bearer in the Authorization header by default. */
  readonly field?: string
}

export interface RestOptions extends HttpOptions {
  /** The system's name, for messages; `"REST API"` by default. */
  readonly system?: string
  readonly signIn: RestSignIn
  /** Left out where nothing renews. */
  readonly refresh?: RestRenewal & {
    /** Whether a refresh also prolongs the refresh token or cookie; `true` by default. */
    readonly prolongs?: boolean
    /** Where its answer keeps what, if not where that of a sign-in does. */
    readonly answer?: RestFields
  }
  /** Left out where the system has no revocation. */
  readonly signOut?: RestRenewal
  /** Where the answer of a sign-in keeps what. */
  readonly answer: RestFields
  /** The header that carries the token; `{ name: 'authorization', prefix: 'Bearer ' }` by default. */
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
  const { system = 'REST API', baseUrl, signIn, refresh, signOut, answer } = options
  const { name, prefix = '' } = options.header ?? { name: 'authorization', prefix: 'Bearer ' }
  for (const endpoint of [signIn, refresh, signOut]) check(system, endpoint, answer)
  const send = createHttp(system, options)
  const carry = (value: string) => ({ [name]: prefix + value })
  const cookies = [refresh, signOut].some((endpoint) => endpoint?.with === 'cookie')

  /** The request that renews or revokes this grant. */
  const about = (grant: Grant, { with: way, field, ...endpoint }: RestRenewal): Endpoint => {
    const secret = way === 'cookie' ? null : way === 'token' ? grant.token : grant.refreshToken
    const value = secret?.reveal()
    return request(endpoint, {
      ...(value && field && { body: nested([[field, value]]) }),
      ...(value && !field && { headers: way === 'token' ? carry(value) : { authorization: `Bearer ${value}` } }),
    })
  }
  const request = ({ path, method = 'POST', refusals = [401] }: RestEndpoint, what: Partial<Endpoint>): Endpoint => ({
    ...what,
    path,
    method,
    refusals,
    headers: { ...options.headers, ...what.headers },
    cookies,
  })

  return {
    system,
    baseUrl,
    renewsWith: refresh?.with ?? 'nothing',
    prolongs: refresh?.prolongs ?? true,
    headers: ({ token }) => carry(token.reveal()),
    refusesToken: isBadToken,

    async signIn(credentials, call) {
      const { username = '', password = '' } = credentials
      const fields = signIn.body ?? { username: 'username', password: 'password' }
      const body =
        typeof fields === 'function'
          ? fields(credentials)
          : nested([
              [fields.username, username],
              [fields.password, password],
            ])
      const reply = await send(request(signIn, { body }), call)
      const { user, ...grant } = toAnswer(reply, answer, call, undefined, refresh?.with === 'cookie')
      return { ...grant, user: { key: user?.key ?? null, name: user?.name || username } }
    },
    ...(refresh && {
      async refresh(grant, call) {
        return toAnswer(await send(about(grant, refresh), call), refresh.answer ?? answer, call, grant)
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

/** Throws a `TypeError` for an endpoint that could never work. */
function check(system: string, endpoint: (RestEndpoint & Partial<RestRenewal>) | undefined, answer: RestFields): void {
  if (!endpoint) return
  const { path, method, field } = endpoint
  const fail = (why: string): never => {
    throw new TypeError(`${system}: the endpoint "${path}" ${why}.`)
  }
  if (typeof path !== 'string' || !path.startsWith('/')) fail('must have a path that begins with "/"')
  if (method === 'GET' && field)
    fail(`can not carry "${field}": a GET has no body. Leave out field to send it as Bearer`)
  if (endpoint.with === 'refresh-token' && !answer.refreshToken)
    fail('needs answer.refreshToken, the field to find it in')
}

function toAnswer(reply: Reply, fields: RestFields, { departedAt }: Call, before?: Grant, hasCookie = false): Answer {
  const { refreshToken, refreshExpires, userKey, userName, roles } = fields
  const token = reply.secret(fields.token)
  const claims = claimsOf(token.reveal())
  const end = (time: TimeField | undefined, field: string | undefined, issued?: unknown): number | null => {
    if (time) return endAt(reply, time, departedAt, typeof issued === 'number' ? issued * 1_000 : null)
    return field ? endOfJwt(reply, departedAt, field, reply.text(field)) : null
  }
  // A sign-in says it all; a refresh may leave out what stays as it was.
  const has = (field: string | undefined) => field && (!before || (reply.at(field) ?? null) !== null)

  const hasRefresh = has(refreshToken)
  const key = userKey ? toKey(reply.at(userKey)) : toKey(claims.sub)
  if (key === null && has(userKey)) throw reply.malformed(userKey!, 'a text or a number')
  const name = userName ? toKey(reply.at(userName)) : null
  const all = roles && reply.texts(roles)
  return {
    token,
    claims,
    expiresAt: end(fields.expires, fields.token, claims.iat),
    ...(hasRefresh && { refreshToken: reply.secret(refreshToken!) }),
    ...((hasRefresh || hasCookie) && { refreshExpiresAt: end(refreshExpires, refreshToken) }),
    ...((key ?? name) !== null && { user: { key, name: name ?? before?.user.name ?? '' } }),
    ...(all && { roles: all }),
  }
}

/** A moment told by an answer, by this device's clock: epoch ms. */
function endAt(reply: Reply, { field, unit }: TimeField, departedAt: number, iat: number | null): number {
  const value = reply.at(field)
  if (typeof value !== (unit === 'iso' ? 'string' : 'number')) {
    throw reply.malformed(field, unit === 'iso' ? 'a text of ISO 8601' : 'a number')
  }
  if (unit === 'iso') return endOf(reply, departedAt, field, parseIso(value as string), iat)
  const ms = (value as number) * (unit.startsWith('ms') ? 1 : 1_000)
  return unit.endsWith('from-now') ? endOfLife(reply, departedAt, field, ms) : endOf(reply, departedAt, field, ms, iat)
}

/** An object with values at dotted paths. */
function nested(entries: readonly (readonly [path: string, value: string])[]): object {
  const root: Record<string, unknown> = {}
  for (const [path, value] of entries) {
    const keys = path.split('.')
    const last = keys.pop()!
    const place = keys.reduce<Record<string, unknown>>((at, key) => {
      at[key] ??= {}
      return at[key] as Record<string, unknown>
    }, root)
    place[last] = value
  }
  return root
}
