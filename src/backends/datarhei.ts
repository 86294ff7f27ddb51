import type { Answer, Backend, Call } from '../core/types.ts'
import { bearer, createHttp, type HttpOptions, handedOver, isBadToken, type Reply, typed } from './http.ts'
import { claimsOf, ifAnother, toKey, toMs } from './jwt.ts'
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
  const { send, baseUrl } = createHttp(SYSTEM, options)
  const refusals = [401]

  return {
    system: SYSTEM,
    baseUrl,
    renewsWith: 'refresh-token',
    headers: ({ token }) => bearer(token),
    refusesToken: isBadToken,

    async signIn({ externalToken, ...credentials }, call) {
      const how =
        externalToken !== undefined
          ? { headers: [bearer(handedOver(SYSTEM, 'externalToken', externalToken))] }
          : { body: typed(SYSTEM, credentials) }
      const reply = await send({ method: 'POST', path: '/api/login', refusals, ...how }, call)
      reply.text('refresh_token')
      const answer = toAnswer(reply, call)
      const key = toKey(answer.claims?.sub)
      return { ...answer, user: { key, name: key ?? credentials.username ?? '' } }
    },
    async refresh(grant, call) {
      const headers = [bearer(grant.refreshToken!)]
      const answer = toAnswer(await send({ method: 'GET', path: '/api/login/refresh', headers, refusals }, call), call)
      return { ...answer, ...ifAnother(grant, answer, 'sub') }
    },
  }
}

function toAnswer(reply: Reply, { departedAt }: Call): Answer {
  const hasRefresh = (reply.at('refresh_token') ?? undefined) !== undefined
  const token = reply.secret('access_token')
  return {
    token,
    expiresAt: endOfToken(reply, departedAt, 'access_token'),
    claims: claimsOf(token.reveal()),
    // The answer to a refresh has none: the one at hand stays.
    ...(hasRefresh && {
      refreshToken: reply.secret('refresh_token'),
      refreshExpiresAt: endOfToken(reply, departedAt, 'refresh_token'),
    }),
  }
}

/** A token says its life twice: `exi` is the seconds of it, `exp` its end. */
function endOfToken(reply: Reply, departedAt: number, field: string): number | null {
  const { exi, exp, iat } = claimsOf(reply.text(field))
  const ends = [
    exi === undefined ? null : endOfLife(reply, departedAt, `exi of ${field}`, toMs(exi)!),
    // With nothing to count it from but this device's clock, `exi` alone is the better word.
    exp === undefined || (exi !== undefined && iat === undefined && reply.date === null)
      ? null
      : endOf(reply, departedAt, `exp of ${field}`, toMs(exp)!, toMs(iat)),
  ].filter((end) => end !== null)
  return ends.length ? Math.min(...ends) : null
}
