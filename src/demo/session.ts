import { createSession, eclecticiq } from '../index.ts'
import { createLog } from './log.ts'

/** Seconds that `?ttl=90` asks the mock for; `null` leaves its 30 minutes. */
export const ttl = new URLSearchParams(location.search).get('ttl')

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
