import type { Backend } from '../core/types.ts'
import { createAdapter } from './adapter.ts'
import { bearer, createHttp, type HttpOptions, typed } from './http.ts'
import { claimsOf, endOfJwt } from './jwt.ts'

/** How eConnect Identities is reached. */
export type EConnectOptions = HttpOptions

const SYSTEM = 'eConnect Identities'

/**
 * eConnect Identities, by its document "Authentication". It has no sign-out: a token lives to its end, and revocation is `unsupported`.
 *
 * @example econnect({ baseUrl: 'https://customername.econnectcloud.com/identities' })
 */
export function econnect(options: EConnectOptions): Backend {
  return createAdapter(createHttp(SYSTEM, options), {
    renewsWith: 'token',
    claim: 'unique_name',
    signIn: (credentials) => ({
      path: '/api/v1/authenticate',
      body: typed(SYSTEM, credentials),
      // A wrong user name or password is a 400 here, and a 401 nothing but.
      refusals: [400, 401],
    }),
    refresh: ({ token }) => ({ method: 'GET', path: '/api/v1/renewToken', headers: [bearer(token)] }),
    read(reply) {
      const token = reply.secret('token')
      return { token, expiresAt: endOfJwt(reply, 'token', token.reveal()), claims: claimsOf(token.reveal()) }
    },
    who(key, reply) {
      const name = reply.text('username')
      return { key: key ?? name, name }
    },
  })
}
