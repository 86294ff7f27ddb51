// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type Backend,
  createSession,
  nistAal2,
  nistAal3,
  owaspHighValue,
  owaspLowRisk,
  pciDss,
  Secret,
  type SessionOptions,
} from './index.ts'

const MIN = 60_000
const HOUR = 60 * MIN
const DAY = 24 * HOUR

/** What the sources say: after how long without anybody, and after how long at all, one must sign in again. */
const PRESETS = [
  ['NIST AAL2', nistAal2, HOUR, 24 * HOUR, false],
  ['NIST AAL3', nistAal3, 15 * MIN, 12 * HOUR, true],
  ['PCI DSS', pciDss, 15 * MIN, null, false],
  ['OWASP, high value', owaspHighValue, 5 * MIN, 4 * HOUR, true],
  ['OWASP, low risk', owaspLowRisk, 30 * MIN, 8 * HOUR, false],
] as const

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 5, 9) })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  sessionStorage.clear()
})

async function signedIn(options: Partial<SessionOptions>) {
  let count = 0
  const answer = async () => ({
    token: new Secret(`token-${++count}`),
    expiresAt: Date.now() + 10 * MIN,
    refreshToken: new Secret(`refresh-${count}`),
    refreshExpiresAt: Date.now() + 30 * DAY,
  })
  const backend: Backend = {
    system: 'Test',
    baseUrl: '/api',
    renewsWith: 'refresh-token',
    prolongs: true,
    signIn: answer,
    refresh: answer,
    headers: ({ token }) => ({ authorization: `Bearer ${token.reveal()}` }),
    refusesToken: () => false,
  }
  const warn = vi.spyOn(console, 'warn')
  const session = createSession({ backend, ...options })
  session.start()
  await vi.advanceTimersByTimeAsync(5_000)
  const signingIn = session.signIn({})
  await vi.advanceTimersByTimeAsync(5_000)
  await signingIn
  return { session, signedInAt: session.getState().session!.signedInAt, warn }
}

describe.each(PRESETS)('%s', (_, preset, idle, limit, isStrict) => {
  test('ends the session where its source says, and warns ahead of that', async () => {
    const { session, signedInAt, warn } = await signedIn(preset)
    expect(session.getState()).toMatchObject({ deadline: signedInAt + idle, cause: 'idle' })
    const end = limit ?? 13 * HOUR
    while (Date.now() < signedInAt + end - 2 * MIN) {
      await vi.advanceTimersByTimeAsync(MIN)
      session.touch()
    }
    expect(session.getState().deadline).toBe(limit ? signedInAt + limit : session.getState().deadline)
    expect(session.getState().deadline).toBeLessThanOrEqual(Date.now() + idle)
    await vi.advanceTimersByTimeAsync(idle - 20_000)
    if (!limit) expect(session.getState().status).toBe('warning')
    await vi.advanceTimersByTimeAsync(MIN)
    expect(session.getState()).toMatchObject({ status: 'signed-out', reason: limit ? 'limit' : 'idle' })
    expect(warn).not.toHaveBeenCalled()
    session.dispose()
  })

  test(`keeps the token ${isStrict ? 'in memory alone' : 'where createSession keeps it'}`, async () => {
    const { session } = await signedIn(preset)
    expect(JSON.stringify({ ...sessionStorage }).includes('token-1')).toBe(!isStrict)
    session.dispose()
  })

  test('can be changed in part', async () => {
    const { session, signedInAt } = await signedIn({ ...preset, idleTimeout: 4 * MIN, storage: 'session' })
    expect(session.getState().deadline).toBe(signedInAt + 4 * MIN)
    expect(JSON.stringify({ ...sessionStorage })).toContain('token-1')
    session.dispose()
  })
})
