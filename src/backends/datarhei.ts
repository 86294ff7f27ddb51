import type { Answer, Backend } from '../core/types.ts'
import { createAdapter } from './adapter.ts'
import { bearer, createHttp, type HttpOptions, handedOver, type Reply, typed } from './http.ts'
import { claimsOf, toMs } from './jwt.ts'
import { endOf, endOfLife } from './time.ts'

/** How datarhei Core is reached. */
export type DatarheiOptions = HttpOptions

const SYSTEM = 'datarhei Core'

/**
 * datarhei Core, by its documents "Login" and "JWT refresh". Sign in with user name and password, or hand over an Auth0 access
 * token by `signIn({ externalToken })`. It has no sign-out, and no refresh prolongs its refresh token: when that ends, the session does.
 *
 * @example datarhei({ baseUrl: 'https://core.example.com' })
 */
export function datarhei(options: DatarheiOptions): Backend {
  return createAdapter(createHttp(SYSTEM, options), {
    renewsWith: 'refresh-token',
    claim: 'sub',
    signIn: ({ externalToken, ...credentials }) => ({
      path: '/api/login',
      ...(externalToken !== undefined
        ? { headers: [bearer(handedOver(SYSTEM, 'externalToken', externalToken))] }
        : { body: typed(SYSTEM, credentials) }),
    }),
    refresh: ({ refreshToken }) => ({
      method: 'GET',
      path: '/api/login/refresh',
      headers: [bearer(refreshToken!)],
    }),
    read,
    who(key, reply, { username = '' }) {
      reply.text('refresh_token')
      return { key, name: key ?? username }
    },
  })
}

function read(reply: Reply): Answer {
  const token = reply.secret('access_token')
  // The answer to a refresh has none: the one at hand stays.
  const hasRefresh = (reply.at('refresh_token') ?? undefined) !== undefined
  return {
    token,
    expiresAt: endOfToken(reply, 'access_token'),
    claims: claimsOf(token.reveal()),
    ...(hasRefresh && {
      refreshToken: reply.secret('refresh_token'),
      refreshExpiresAt: endOfToken(reply, 'refresh_token'),
    }),
  }
}

/** A token says its life twice: `exi` is the seconds of it, `exp` its end. */
function endOfToken(reply: Reply, field: string): number | null {
  const { exi, exp, iat } = claimsOf(reply.text(field))
  const ends = [
    exi === undefined ? null : endOfLife(reply, `exi of ${field}`, toMs(exi)!),
    // With nothing to count it from but this device's clock, `exi` alone is the better word.
    exp === undefined || (exi !== undefined && iat === undefined && reply.date === null)
      ? null
      : endOf(reply, `exp of ${field}`, toMs(exp)!, toMs(iat)),
  ].filter((end) => end !== null)
  return ends.length ? Math.min(...ends) : null
}
