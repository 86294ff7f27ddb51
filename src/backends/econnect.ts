import type { Answer, Backend, Call } from '../core/types.ts'
import { bearer, createHttp, type HttpOptions, isBadToken, type Reply, typed } from './http.ts'
import { claimsOf, endOfJwt, ifAnother, toKey } from './jwt.ts'

/** How eConnect Identities is reached. */
export type EConnectOptions = HttpOptions

const SYSTEM = 'eConnect Identities'

/**
 * eConnect Identities, by its document "Authentication". It has no sign-out: a token lives to its end, and revocation is `unsupported`.
 *
 * @example econnect({ baseUrl: 'https://customername.econnectcloud.com/identities' })
 */
export function econnect(options: EConnectOptions): Backend {
  const { send, baseUrl } = createHttp(SYSTEM, options)

  return {
    system: SYSTEM,
    baseUrl,
    renewsWith: 'token',
    headers: ({ token }) => bearer(token),
    refusesToken: isBadToken,

    async signIn(credentials, call) {
      const body = typed(SYSTEM, credentials)
      // A wrong user name or password is a 400 here, and a 401 nothing but.
      const reply = await send({ method: 'POST', path: '/api/v1/authenticate', body, refusals: [400, 401] }, call)
      const answer = toAnswer(reply, call)
      const name = reply.text('username')
      return { ...answer, user: { key: toKey(answer.claims?.unique_name) ?? name, name } }
    },
    async refresh(grant, call) {
      const headers = [bearer(grant.token)]
      const reply = await send({ method: 'GET', path: '/api/v1/renewToken', headers, refusals: [401] }, call)
      const answer = toAnswer(reply, call)
      return { ...answer, ...ifAnother(grant, answer, 'unique_name') }
    },
  }
}

function toAnswer(reply: Reply, { departedAt }: Call): Answer {
  const token = reply.secret('token')
  return {
    token,
    expiresAt: endOfJwt(reply, departedAt, 'token', token.reveal()),
    claims: claimsOf(token.reveal()),
  }
}
