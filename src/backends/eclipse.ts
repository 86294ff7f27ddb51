import { AuthError } from '../core/errors.ts'
import { isHeaderName, Secret } from '../core/secret.ts'
import type { Answer, Backend, Grant, PasswordReset } from '../core/types.ts'
import { createAdapter } from './adapter.ts'
import { isPlainHttp } from './base.ts'
import { bearer, createHttp, type Explain, type HttpOptions, type Reply, textsOf, typed } from './http.ts'
import { claimsOf, toMs } from './jwt.ts'
import { endOf } from './time.ts'

export interface EclipseOptions extends HttpOptions {
  /** Allows a plain-http base that is not loopback, over which anyone on the way can read password and token. */
  readonly allowPlainHttp?: boolean
  /** Which statuses of the password change say that PIN or password was not accepted; assumed, as the document does not say. */
  readonly pinRefusals?: readonly number[]
}

/** What Eclipse Conductor says of one error. */
export interface EclipseProblem {
  readonly code?: string
  readonly type?: string
  readonly severity?: string
  readonly traceId?: string
  readonly description?: string
}

const SYSTEM = 'Eclipse Conductor'
const V1 = '/eclipse-conductor/rest/v1'

/**
 * Eclipse Conductor, by its document "Authentication"; `details` of its errors are a list of `EclipseProblem`.
 * Throws a `TypeError` for a plain-http base that is not loopback, as the document asks for HTTPS only.
 *
 * @example eclipse({ baseUrl: 'https://eclipse.example.com' })
 */
export function eclipse(options: EclipseOptions): Backend & { readonly passwordReset: PasswordReset } {
  const http = createHttp(SYSTEM, options, explain)
  const { allowPlainHttp = false, pinRefusals = [400, 401, 403, 404, 409, 422] } = options
  const { baseUrl } = http.base
  if (!allowPlainHttp && isPlainHttp(baseUrl))
    throw new TypeError(`${SYSTEM}: baseUrl ${baseUrl} is plain http. Use https, or say allowPlainHttp: true.`)
  const headers = ({ header, token }: Grant) => (header ? { [header.name]: header.value.reveal() } : bearer(token))
  const identities = (identity: string) => {
    // As a step of a path these would lead elsewhere.
    if (/^\.{0,2}$/.test(identity)) throw new AuthError('refused', `${SYSTEM}: "${identity}" is no user name`)
    return `${V1}/global/identities/${encodeURIComponent(identity)}`
  }
  const about = (path: string, grant: Grant, more = {}) => ({
    path: `${V1}/authentication/${path}`,
    headers: [headers(grant), more],
    body: { jwt: grant.token.reveal() },
  })

  return {
    ...createAdapter(http, {
      renewsWith: 'token',
      claim: 'uid',
      headers,
      signIn(credentials) {
        const { username, password } = typed(SYSTEM, credentials)
        return { path: `${V1}/authentication/login`, body: { identity: username, password } }
      },
      refresh: (grant) => about('renew', grant, grant.csrf && { [grant.csrf.name]: grant.csrf.value.reveal() }),
      revoke: (grant) => about('logout', grant),
      read,
    }),

    passwordReset: {
      async requestPin({ username }, call) {
        const path = `${identities(username)}/password-change-init`
        try {
          await http.send({ path, body: { type: 'OTP' }, refusals: [] }, call)
        } catch (error) {
          // Nobody of that name: not for whoever asks to know.
          if ((error as AuthError).status !== 404) throw error
        }
      },
      async change({ username, pin, password }, call) {
        const path = `${identities(username)}/password-change`
        await http.send({ path, body: { hash: pin, password }, refusals: pinRefusals }, call)
      },
    },
  }
}

function read(reply: Reply): Answer {
  const header = toHeader(reply, 'headerName', 'headerValue')
  if (!header) throw reply.malformed('headerName', 'a text')
  const [, scheme, token = ''] = /^(Bearer +)?(.+)$/i.exec(header.value.reveal())!
  if (isAuthorization(header.name) && !scheme) throw reply.malformed('headerValue', '"Bearer" and a token')
  const claims = claimsOf(token)
  const seconds = reply.at('expiresEpochSecs')
  if (typeof seconds !== 'number') throw reply.malformed('expiresEpochSecs', 'a number')
  const end = Math.min(seconds * 1_000, toMs(claims.exp) ?? Infinity)
  const csrf = toHeader(reply, 'csrfHeaderName', 'csrfToken')
  if (csrf && (isAuthorization(csrf.name) || csrf.name.toLowerCase() === header.name.toLowerCase()))
    throw reply.malformed('csrfHeaderName', 'another header than the token’s')
  const serverSessionId = (reply.at('sessionId') ?? undefined) && reply.text('sessionId')
  const roles = textsOf(reply, 'roles')
  return {
    token: new Secret(token),
    header,
    expiresAt: endOf(reply, 'expiresEpochSecs', end, toMs(claims.iat)),
    claims,
    ...(csrf && { csrf }),
    ...(serverSessionId && { serverSessionId }),
    ...(roles && { roles }),
  }
}

// Headers with a meaning of their own, to the browser, a proxy or the server: no answer may have us set them.
const TAKEN =
  /^(__|accept|access-control|alt-|cache-|connection|content|cookie|date$|dnt$|expect|forwarded|host$|if-|keep-alive|origin|permissions|pragma|proxy|range|referer|sec-|set-|stillhere|te$|trailer|transfer|upgrade|user-agent|via$|x-forwarded|x-http|x-method|x-original|x-real-ip|x-rewrite)/i

const isAuthorization = (name: string) => /^authorization$/i.test(name)

/** A header that the server names: `null` where it names none. */
function toHeader(reply: Reply, nameField: string, valueField: string) {
  if ((reply.at(nameField) ?? reply.at(valueField) ?? null) === null) return null
  const name = reply.text(nameField)
  if (!isHeaderName(name) || name.length > 64 || TAKEN.test(name))
    throw reply.malformed(nameField, 'the name of a header that is free to use')
  return { name, value: reply.secret(valueField) }
}

/** Its errors come as a list; what may be said aloud of them is their codes, not what they describe. */
const explain: Explain = (body) => {
  const list = Array.isArray(body) ? body : [body]
  const details: EclipseProblem[] = list
    .filter((one) => one && typeof one === 'object')
    .map(({ code, type, severity, traceId, description }) => ({ code, type, severity, traceId, description }))
  const word = (value: unknown) => (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : '')
  const words = details
    .map(({ description, ...codes }) => Object.values(codes).map(word).filter(Boolean).join(' '))
    .filter(Boolean)
    .join(', ')
  return { words, details }
}
