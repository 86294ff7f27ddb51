import type { Backend, ErrorKind } from './types.ts'

/** What an adapter read of a failure, for the developer. */
export interface ErrorDetails {
  readonly status?: number
  /** The server's wish to be left alone, in ms from now: RFC 9110 § 10.2.3. */
  readonly retryAfter?: number
  /** Whatever the system said of the failure itself. */
  readonly details?: unknown
  readonly cause?: unknown
}

/**
 * `refused`: the server said no. `unreachable`: nobody answered, so nothing is known. `malformed`: the answer could not be read.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly kind: ErrorKind
  readonly status: number | undefined
  readonly retryAfter: number | undefined
  readonly details: unknown

  constructor(kind: ErrorKind, message: string, { status, retryAfter, details, cause }: ErrorDetails = {}) {
    super(message, { cause })
    this.kind = kind
    this.status = status
    this.retryAfter = retryAfter
    this.details = details
  }
}

/** There is no session to do it with: it is over, or nobody has signed in. */
export class SessionOverError extends Error {
  override readonly name = 'SessionOverError'

  constructor(why = 'the session is over or nobody has signed in. Sign in first.', what = 'No request was sent') {
    super(`${what}: ${why}`)
  }
}

/** Nothing would ever end a session with this token. */
export const endless = ({ system }: Backend): AuthError =>
  new AuthError('malformed', `${system}: the token has no known end. Set idleTimeout.`)
