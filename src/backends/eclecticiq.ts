import type { AuthError } from '../core/errors.ts'
import type { Answer, Backend } from '../core/types.ts'
import { createAdapter } from './adapter.ts'
import { bearer, createHttp, type HttpOptions, handedOver, type Reply, typed } from './http.ts'
import { claimsOf, msIfNumber } from './jwt.ts'
import { endOf, parseIso } from './time.ts'

export interface EclecticIqOptions extends HttpOptions {
  /** Where a live token is renewed; assumed to be `/auth/refresh/`, as the documents do not say. */
  readonly refreshPath?: string
  /** Where a token is revoked; assumed to be `/auth/logout/`, as the documents do not say. */
  readonly signOutPath?: string
  /**
   * Whether it runs on an opaque API token: `session.signIn({ apiToken })`. It has no end and no renewal, so `idleTimeout` is required, it
   * rests in memory alone, in one tab at a time, and signing out forgets it here without touching it at the server.
   */
  readonly apiToken?: boolean
  /** What is asked for to see whether an API token is good, JSON or a 403 saying yes; assumed to be `/feeds/`. */
  readonly checkPath?: string
}

const SYSTEM = 'EclecticIQ Intelligence Center'

/**
 * EclecticIQ Intelligence Center, by its document "About token-based authentication".
 *
 * @example eclecticiq({ baseUrl: 'https://ic.example.com/api' })
 */
export function eclecticiq(options: EclecticIqOptions): Backend {
  const http = createHttp(SYSTEM, options)
  const { refreshPath = '/auth/refresh/', signOutPath = '/auth/logout/', checkPath = '/feeds/' } = options

  if (options.apiToken) {
    return {
      ...http.base,
      renewsWith: 'nothing',
      permanent: true,
      async signIn({ apiToken = '' }, call) {
        const token = handedOver(SYSTEM, 'apiToken', apiToken)
        const reply = await http
          .send({ method: 'GET', path: checkPath, headers: [bearer(token)] }, call)
          .catch(allow403)
        // A page instead of data: this is not the API.
        if (reply && !reply.body) throw reply.malformed('body', 'JSON')
        return { token, expiresAt: null }
      },
    }
  }

  return createAdapter(http, {
    renewsWith: 'token',
    claim: 'user_id',
    signIn: (credentials) => ({ path: '/auth', body: typed(SYSTEM, credentials) }),
    refresh: ({ token }) => ({ path: refreshPath, headers: [bearer(token)] }),
    revoke: ({ token }) => ({ path: signOutPath, headers: [bearer(token)] }),
    read,
  })
}

/** Someone known who may not do this: the token is good. */
function allow403(error: AuthError): null {
  if (error.status !== 403) throw error
  return null
}

/** The token's times stand in its header, not in its payload; where it does not decode, `expires_at` alone must do. */
function read(reply: Reply): Answer {
  const token = reply.secret('token')
  const { iat, exp } = claimsOf(token.reveal(), true)
  const end = Math.min(parseIso(reply.text('expires_at')), msIfNumber(exp) ?? Infinity)
  return {
    token,
    // Its issue time is of no known kind: what is no number is as good as none.
    expiresAt: endOf(reply, 'expires_at', end, msIfNumber(iat)),
    claims: claimsOf(token.reveal()),
  }
}
