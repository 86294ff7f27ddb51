import { createSession, eclecticiq } from '../index.ts'
import { createLog } from './log.ts'

const asked = new URLSearchParams(location.search).get('ttl')

/** Seconds that `?ttl=90` asks the mock for, if it is a number that it takes; `null` leaves its 30 minutes. */
export const ttl = asked && /^[1-9]\d{0,3}$/.test(asked) && Number(asked) <= 1_800 ? asked : null

/** What happened in this tab, and why. */
export const log = createLog()

const withShortTokens: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers)
  headers.set('x-stillhere-mock-ttl', ttl!)
  return fetch(input, { ...init, headers })
}

export const session = createSession({
  backend: eclecticiq({ baseUrl: '/api', ...(ttl && { fetch: withShortTokens }) }),
  log: log.add,
})
