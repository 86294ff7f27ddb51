import type { SessionState } from '../core/types.ts'

const REDACTED = '[redacted]'
const SECRET = '[secret]'

/** Claims whose values are about the token, and not about a person. */
const IMPERSONAL = ['iss', 'aud', 'exp', 'nbf', 'iat', 'auth_time', 'scope', 'scp', 'roles', 'acr', 'amr', 'azp', 'typ']
/** Claims that are ids of a token or a session. */
const IDS = ['jti', 'sid']
/** A JWT, or a token, a key or an id: no word is that long and in one piece. */
const LONG = /eyJ[\w-]{6,}(?:\.[\w-]+)*|[\w+=-]{24,}(?:\.[\w+=-]+)*/g

type Claims = Readonly<Record<string, unknown>>

/** The beginning of an id: enough to tell it from others. */
export const shortId = (id: string): string => (id.length > 8 ? `${id.slice(0, 8)}…` : id)

/** Claims without what names a person: values that are not known to be about the token alone are left out. */
export const redactClaims = (claims: Claims): Claims =>
  Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      IMPERSONAL.includes(name) ? value : IDS.includes(name) ? shortId(String(value)) : REDACTED,
    ]),
  )

/** The texts in a state that name somebody. */
export function personalIn({ session, user, claims, lastUser }: SessionState): string[] {
  const named = Object.entries(claims ?? {}).filter(([name]) => !IMPERSONAL.includes(name))
  return [session?.username, user?.name, user?.key, lastUser?.username, lastUser?.name, lastUser?.key]
    .concat(named.flatMap(([, value]) => textsIn(value)))
    .filter((text): text is string => typeof text === 'string' && text.length > 2)
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []

/** The same value, with whatever looks like a secret, or is one of these names, blotted out of all its texts. */
export function scrub<T>(value: T, personal: Iterable<string>): T {
  const names = [...personal].sort((a, b) => b.length - a.length).map(escaped)
  const named = names.length ? new RegExp(names.join('|'), 'gi') : null
  const clean = (text: string) => {
    const plain = named ? text.replace(named, REDACTED) : text
    return plain.replace(LONG, SECRET)
  }
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return clean(part)
    if (Array.isArray(part)) return part.map(walk)
    if (part && typeof part === 'object')
      return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, walk(inner)]))
    return part
  }
  return walk(value) as T
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
