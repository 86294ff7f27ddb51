import { toLength, toMoment } from './words.ts'

/** A claim as it is shown. */
export interface ShownClaim {
  readonly name: string
  /** What it is, where a standard says so: RFC 7519 § 4.1, OpenID Connect Core § 2 and § 5.1, RFC 8693 § 4.2. */
  readonly meaning: string | null
  readonly value: string
}

const MEANINGS: Readonly<Record<string, string>> = {
  iss: 'issued by',
  sub: 'about whom',
  aud: 'for whom',
  exp: 'ends',
  nbf: 'not before',
  iat: 'issued',
  jti: 'id of the token',
  sid: 'id of the session',
  auth_time: 'signed in',
  scope: 'allows',
  scp: 'allows',
  roles: 'roles',
  groups: 'groups',
  azp: 'asked for by',
  client_id: 'asked for by',
  acr: 'how surely signed in',
  amr: 'signed in by means of',
  name: 'name',
  preferred_username: 'user name',
  email: 'e-mail',
  email_verified: 'e-mail verified',
  typ: 'kind of token',
}

const TIMES = ['exp', 'nbf', 'iat', 'auth_time']
/** Names of what no claim should hold, and is not shown where one does. */
const SECRET = /secret|password|passwd|token|nonce|csrf|api_?key|private/i

/** The claims of a token in words, standard ones first; times are in seconds, as RFC 7519 § 2 has them. `now` in epoch ms. */
export function showClaims(claims: Readonly<Record<string, unknown>>, now: number): ShownClaim[] {
  const order = Object.keys(MEANINGS)
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return Object.entries(claims)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([name, value]) => ({
      name,
      meaning: Object.hasOwn(MEANINGS, name) ? MEANINGS[name]! : null,
      value: SECRET.test(name)
        ? '[secret]'
        : TIMES.includes(name) && typeof value === 'number'
          ? toTime(name, value * 1_000, now)
          : toText(value),
    }))
}

function toTime(name: string, at: number, now: number): string {
  if (!Number.isFinite(new Date(at).getTime())) return String(at / 1_000)
  const away = toLength(Math.abs(at - now))
  const told =
    name === 'exp' ? (at > now ? `expires in ${away}` : `expired ${away} ago`) : at > now ? `in ${away}` : `${away} ago`
  return `${toMoment(at, now)} (${told})`
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ')
  return JSON.stringify(value)
}
