import { jwtDecode } from 'jwt-decode'
import type { Answer, Grant, User } from '../core/types.ts'
import type { Reply } from './http.ts'
import { endOf } from './time.ts'

type Json = Readonly<Record<string, unknown>>

/** What a JWT says in its payload, or in its header; nothing at all where it does not decode. Not verified: for display and times. */
export function claimsOf(token: string, header = false): Json {
  try {
    const claims: unknown = jwtDecode(token, { header })
    return claims && typeof claims === 'object' && !Array.isArray(claims) ? (claims as Json) : {}
  } catch {
    return {}
  }
}

/** Seconds, as JWTs count them, in ms; `null` for what is left out, `NaN` for what is no number. */
export const toMs = (seconds: unknown): number | null =>
  seconds === undefined || seconds === null ? null : typeof seconds === 'number' ? seconds * 1_000 : NaN

/** Seconds, as JWTs count them, in ms; `null` for whatever is no number. */
export const msIfNumber = (seconds: unknown): number | null => (typeof seconds === 'number' ? seconds * 1_000 : null)

/** A claim that names someone, as text: `null` where there is none, or a number too long to tell from its neighbours. */
export const toKey = (claim: unknown): string | null =>
  Number.isSafeInteger(claim) || (typeof claim === 'string' && claim) ? String(claim) : null

/** Who a renewed token is for, where it says by that claim that this is not who the one before was for. */
export function ifAnother(before: Grant, { claims }: Answer, claim: string): { readonly user?: User } {
  const [old, now] = [toKey(before.claims?.[claim]), toKey(claims?.[claim])]
  return old === null || now === null || old === now ? {} : { user: { key: now, name: now } }
}

/** When a JWT ends by this device's clock, in epoch ms; `null` where it does not say. Throws a `malformed` error that names its field. */
export function endOfJwt(reply: Reply, field: string, token: string): number | null {
  const { exp, iat } = claimsOf(token)
  const end = toMs(exp)
  return end === null ? null : endOf(reply, `exp of ${field}`, end, toMs(iat))
}
