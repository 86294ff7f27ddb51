// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { toServer } from './events-to-server.ts'
import { openSession } from './fixture.ts'
import { toOpenTelemetry } from './opentelemetry.ts'
import { toSentry } from './sentry.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 5, 9) }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  sessionStorage.clear()
})

/** Someone signs in, refreshes once, and signs out. */
async function aStay(log: Parameters<typeof openSession>[0]) {
  const { session, server, signIn } = await openSession(log)
  await signIn('analyst')
  const { id } = session.getState().session!
  await vi.advanceTimersByTimeAsync(120_000)
  session.touch()
  await vi.advanceTimersByTimeAsync(1_000)
  session.signOut()
  await vi.advanceTimersByTimeAsync(1_000)
  return { session, server, id }
}

test('a logger of OpenTelemetry gets one record an event, and no token', async () => {
  const emit = vi.fn()
  const { server, id } = await aStay({ log: toOpenTelemetry({ emit }) })
  const records = emit.mock.calls.map(([record]) => record)
  expect(records.map(({ eventName }) => eventName)).toEqual([
    'stillhere.signed-in',
    'stillhere.refreshed',
    'stillhere.ended',
    'stillhere.revoked',
  ])
  expect(records[1]).toEqual({
    eventName: 'stillhere.refreshed',
    timestamp: expect.any(Number),
    severityNumber: 9,
    attributes: { 'session.id': id, here: true, generation: 2, ms: expect.any(Number) },
  })
  expect(server.tokens).toHaveLength(2)
  for (const token of server.tokens) expect(JSON.stringify(records)).not.toContain(token)
})

test('Sentry gets breadcrumbs, and those of failures are warnings', async () => {
  const addBreadcrumb = vi.fn()
  const { session } = await openSession({
    log: toSentry(addBreadcrumb),
  })
  const signingIn = session.signIn({ username: 'ada' })
  await vi.advanceTimersByTimeAsync(5_000)
  await signingIn
  expect(addBreadcrumb.mock.lastCall).toEqual([
    expect.objectContaining({
      category: 'session',
      message: 'signed-in',
      level: 'info',
      timestamp: expect.any(Number),
    }),
  ])
  toSentry(addBreadcrumb)({
    type: 'failed',
    at: Date.now(),
    sessionId: null,
    during: 'sign-in',
    kind: 'refused',
    status: 401,
    message: 'no',
  })
  expect(addBreadcrumb.mock.lastCall![0]).toMatchObject({
    level: 'warning',
    timestamp: Date.now() / 1_000,
    data: { kind: 'refused', status: 401 },
  })
  session.dispose()
})

test('a server of one’s own gets lists, the last of them as the page is put away, and its failure is nobody’s', async () => {
  const fetch = vi.fn(async (_url: string, _init: RequestInit): Promise<Response> => {
    throw new TypeError('offline')
  })
  vi.stubGlobal('fetch', fetch)
  const { session } = await aStay({ log: toServer('/events') })
  const typesOf = (call: (typeof fetch.mock.calls)[number]) =>
    JSON.parse(String(call[1].body)).map(({ type }: { type: string }) => type)
  expect(fetch.mock.calls.map(typesOf)).toEqual([['signed-in']])
  dispatchEvent(new Event('pagehide'))
  expect(fetch.mock.calls.map(typesOf)).toEqual([['signed-in'], ['refreshed', 'ended', 'revoked']])
  expect(fetch.mock.lastCall).toEqual(['/events', expect.objectContaining({ method: 'POST', keepalive: true })])
  await vi.advanceTimersByTimeAsync(20_000)
  expect(fetch).toHaveBeenCalledTimes(2)
  session.dispose()
})
