import type { Backend, Grant } from '../core/types.ts'
import type { RestOptions } from './rest.ts'

export const NOW = Date.UTC(2026, 0, 5, 9)
export const S = 1_000
export const MIN = 60 * S
export const PERSON = { username: 'analyst@example.com', password: 'bug#1' }
export const call = { departedAt: NOW }

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT that nobody signed. */
export const jwt = (payload: object, header: object = { alg: 'HS256', typ: 'JWT' }) =>
  `${base64(header)}.${base64(payload)}.signature`

/** A JWT of that life in seconds, issued now. */
export const jwtOf = (life: number, claims: object = {}) =>
  jwt({ iat: NOW / 1_000, exp: NOW / 1_000 + life, ...claims })

export interface Sent {
  readonly url: string
  readonly init: RequestInit
}

/** A server that gives these answers, one after the other, and keeps what it was sent. */
export function answering(...answers: (Response | Error | unknown)[]) {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    sent.push({ url: String(url), init: init! })
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer instanceof Response ? answer : Response.json(answer)
  }
  /** What was sent, without what every request has. */
  const wire = () =>
    sent.map(({ url, init }) => {
      const { accept, 'content-type': type, ...headers } = Object.fromEntries(new Headers(init.headers))
      return [`${init.method} ${url}`, headers, ...(init.body ? [JSON.parse(String(init.body))] : [])]
    })
  return { fetch, sent, wire }
}

/** What a session holds of a sign-in. */
export async function grantOf(backend: Backend, credentials: Record<string, string> = PERSON): Promise<Grant> {
  return { user: { key: null, name: '' }, ...(await backend.signIn(credentials, call)), departedAt: NOW }
}

const answer = {
  token: 'data.accessToken',
  expires: { field: 'data.expiresIn', unit: 'ms-from-now' },
  userKey: 'data.user.id',
  userName: 'data.user.name',
  roles: 'data.user.roles',
} as const

/** The options of `rest()` for the mock's routes at that host, with the refresh token in the body. */
export const inBody = (host: string): RestOptions => ({
  baseUrl: `${host}/rest`,
  signIn: { path: '/login' },
  refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
  signOut: { path: '/logout', with: 'refresh-token', field: 'refreshToken' },
  answer: { ...answer, refreshToken: 'data.refreshToken' },
})

/** The same with the refresh token in a cookie. */
export const inCookie = (host: string): RestOptions => ({
  baseUrl: `${host}/rest/cookie`,
  signIn: { path: '/login' },
  refresh: { path: '/refresh', with: 'cookie' },
  signOut: { path: '/logout', with: 'cookie' },
  answer,
})
