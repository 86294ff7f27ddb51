import type { Decoded } from './signer.ts'

export type Claims = Readonly<Record<string, unknown>>

// What is decided by; of the clocks of several instances the leeway, and none for `exp`.
const DECISIVE = ['jti', 'exp', 'nbf', 'iat', 'iss', 'aud', 'sub']
const LEEWAY_MS = 5000

// A token that comes again says the same again.
const read = new WeakMap<Decoded, Claims>()

/** All that a token says, in its header or its payload; undefined if the two contradict each other (RFC 7519 §5.3). */
export function claimsOf(decoded: Decoded): Claims | undefined {
  const known = read.get(decoded)
  if (known) return known
  const { header, payload } = decoded
  const isTwofold = (name: string) => Object.hasOwn(header, name) && Object.hasOwn(payload, name)
  if (DECISIVE.some((name) => isTwofold(name) && header[name] !== payload[name])) return undefined
  const claims = { ...payload, ...header }
  read.set(decoded, claims)
  return claims
}

// The last moment that a Date can be (ECMAScript §21.4.1.1).
const LAST_SECOND = 8.64e12
const isSeconds = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= LAST_SECOND

/** Whether a token's times are moments and `now`, in epoch milliseconds, is between them; `exp` must be there (RFC 7519 §4.1.4 to 4.1.6). */
export function isTimely({ exp, nbf, iat }: Claims, now: number): boolean {
  const hasBegun = (time: unknown) => time === undefined || (isSeconds(time) && now >= time * 1000 - LEEWAY_MS)
  return isSeconds(exp) && now < exp * 1000 && hasBegun(nbf) && hasBegun(iat)
}
