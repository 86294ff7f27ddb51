import { Problem } from './problem.ts'

const REALM = 'realm="stillhere-mock"'

/** 401 without an `error`, for requests that bring no credentials or wrong ones that are no token (RFC 6750 §3.1). */
export const unauthenticated = (detail: string) =>
  new Problem(401, detail, { headers: { 'WWW-Authenticate': `Bearer ${REALM}` } })

/** The one 401 for a token that is forged, expired or revoked (RFC 6750 §3.1). */
export const invalidToken = () =>
  new Problem(401, 'The token is invalid, expired or revoked.', {
    headers: { 'WWW-Authenticate': `Bearer ${REALM}, error="invalid_token"` },
  })

/** The Bearer token of a request, undefined without one; looks nowhere but in the Authorization header (RFC 6750 §2.1). */
export function presentedToken(request: Request): string | undefined {
  const match = /^Bearer(?: +(.*))?$/i.exec(request.headers.get('authorization') ?? '')
  return match ? (match[1] ?? '') : undefined
}

/** The Bearer token of a request; throws the 401 of `unauthenticated` without one. */
export function requiredToken(request: Request): string {
  const token = presentedToken(request)
  if (token === undefined) throw unauthenticated('Authentication is required.')
  return token
}
