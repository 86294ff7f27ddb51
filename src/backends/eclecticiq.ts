import { jwtDecode } from 'jwt-decode'
import { Secret } from '../core/secret.ts'
import type { Answer, Backend, Call, Grant } from '../core/types.ts'
import { createHttp, endOf, type HttpOptions, isBadToken, type Reply } from './http.ts'

export interface EclecticIqOptions extends HttpOptions {
  /** Where a live token is renewed; assumed to be `/auth/refresh/`, as the documents do not say. */
  readonly refreshPath?: string
  /** Where a token is revoked; assumed to be `/auth/logout/`, as the documents do not say. */
  readonly signOutPath?: string
}

const SYSTEM = 'EclecticIQ Intelligence Center'

/**
 * EclecticIQ Intelligence Center, by its document "About token-based authentication".
 *
 * @example eclecticiq({ baseUrl: 'https://ic.example.com/api' })
 */
export function eclecticiq(options: EclecticIqOptions): Backend {
  const { baseUrl, refreshPath = '/auth/refresh/', signOutPath = '/auth/logout/' } = options
  const send = createHttp(SYSTEM, options)
  const headers = ({ token }: Pick<Grant, 'token'>) => ({ authorization: `Bearer ${token.reveal()}` })

  return {
    system: SYSTEM,
    baseUrl,
    renewsWith: 'token',
    revokesWith: 'token',
    headers,
    refusesToken: isBadToken,

    async signIn({ username = '', password = '' }, call) {
      const body = { username, password }
      const reply = await send({ method: 'POST', path: '/auth', body, refusals: [401] }, call)
      const { user, ...answer } = toAnswer(reply, call)
      return { ...answer, user: { key: user, name: username } }
    },
    async refresh(grant, call) {
      const reply = await send({ method: 'POST', path: refreshPath, headers: headers(grant), refusals: [401] }, call)
      const { user, ...answer } = toAnswer(reply, call)
      return answer
    },
    async revoke(grant, call) {
      await send({ method: 'POST', path: signOutPath, headers: headers(grant), refusals: [401], keepalive: true }, call)
    },
  }
}

/** The token's times stand in its header, not in its payload; where it does not decode, `expires_at` alone must do. */
function toAnswer(reply: Reply, { departedAt }: Call): Omit<Answer, 'user'> & { readonly user: string | null } {
  const token = reply.text('token')
  // Microseconds are cut to milliseconds: all that every engine's Date.parse is bound to read.
  const expiresAt = Date.parse(reply.text('expires_at').replace(/(\.\d{3})\d+/, '$1'))
  const { iat, exp } = decode<{ iat?: number; exp?: number }>(token, true)
  const claims = decode<{ user_id?: number | string }>(token, false)
  const end = Math.min(expiresAt, (exp ?? Infinity) * 1_000)
  return {
    token: new Secret(token),
    expiresAt: endOf(reply, departedAt, 'expires_at', end, iat ? iat * 1_000 : null),
    claims,
    user: claims.user_id === undefined ? null : String(claims.user_id),
  }
}

function decode<T extends object>(token: string, header: boolean): T {
  try {
    return jwtDecode<T>(token, { header }) ?? ({} as T)
  } catch {
    return {} as T
  }
}
