import { makeBackend } from './fixture.ts'
import { ANALYST, type Door, outcome, tokenRequest } from './fixture-doors.ts'
import type { MockOptions } from './index.ts'

export const ECLIPSE = '/eclipse-conductor/rest/v1'
const IDENTITY = { identity: ANALYST.username, password: ANALYST.password }
export const FORM = 'application/x-www-form-urlencoded'

/** A route that reads a body, one that it takes, and what it makes of others. */
export type Reader = {
  system: Door['system']
  path: string
  good: object | string
  /** The status for the good one. */
  ok: number
  /** The status for no body, an empty one and null, 400 unless said. */
  empty?: number
  /** The status for a JSON object without anything that is asked for, 400 unless said. */
  bare?: number
  /** The status for a JSON list, 400 unless said. */
  list?: number
}

/** A sign-in, and its status for a wrong password. */
export type SignIn = Omit<Reader, 'good'> & { good: Record<string, string>; wrong: number }

export const signIns: readonly SignIn[] = [
  { system: 'eclecticiq', path: '/auth', good: ANALYST, ok: 200, wrong: 401 },
  { system: 'econnect', path: '/identities/api/v1/authenticate', good: ANALYST, ok: 200, wrong: 400 },
  { system: 'eclipse', path: `${ECLIPSE}/authentication/login`, good: IDENTITY, ok: 200, wrong: 401 },
  { system: 'datarhei', path: '/api/login', good: ANALYST, ok: 200, wrong: 401 },
  { system: 'auth0', path: '/auth0/oauth/token', good: tokenRequest, ok: 200, wrong: 403 },
  { system: 'rest', path: '/rest/login', good: ANALYST, ok: 200, wrong: 401 },
  { system: 'rest', path: '/rest/cookie/login', good: ANALYST, ok: 200, wrong: 401 },
]

const NOBODY = `${ECLIPSE}/global/identities/nobody`

export const readers: readonly Reader[] = [
  ...signIns,
  { system: 'eclipse', path: `${NOBODY}/password-change-init`, good: { type: 'OTP' }, ok: 204 },
  { system: 'eclipse', path: `${NOBODY}/password-change`, good: { hash: '1', password: 'a new password' }, ok: 400 },
  // Without a token in it there are no credentials: 401.
  { system: 'rest', path: '/rest/refresh', good: { refreshToken: 'x' }, ok: 401, empty: 401, bare: 401 },
  { system: 'rest', path: '/rest/logout', good: { refreshToken: 'x' }, ok: 401, empty: 401, bare: 401 },
  { system: 'rest', path: '/rest/revoke', good: 'token=x', ok: 200 },
  { system: 'control', path: '/__stillhere/clock', good: { advance: 0 }, ok: 200 },
  { system: 'control', path: '/__stillhere/faults', good: { times: 1 }, ok: 200, list: 200 },
  { system: 'control', path: '/__stillhere/revoke-all', good: { user: 'nobody' }, ok: 200, empty: 200 },
  { system: 'control', path: '/__stillhere/rotate-key', good: {}, ok: 204, empty: 204 },
]

export type Body = string | Uint8Array<ArrayBuffer> | ReadableStream | undefined

/** A backend that is sent bodies at one path. */
export function makeReceiver({ path, system }: Pick<Reader, 'path' | 'system'>, options: MockOptions = {}) {
  const made = makeBackend({ sleep: async () => {}, ...options })
  return {
    ...made,
    /** The status that a body is answered with, and more if that is a refusal in other words than the system's. */
    async send(body: Body, type?: string, more: Record<string, string> = {}) {
      const headers = { 'x-stillhere-mock': '1', ...(type === undefined ? {} : { 'Content-Type': type }), ...more }
      const init = { method: 'POST', headers, duplex: 'half', ...(body === undefined ? {} : { body }) }
      return outcome(system, await made.backend.fetch(`http://localhost:8080${path}`, init as RequestInit))
    },
  }
}

/** A text as it is, and the JSON of all else. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
