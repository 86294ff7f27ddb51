/** @jest-environment ./page-with-fetch.mjs */
import { jest } from '@jest/globals'
import { createSession, eclecticiq } from 'stillhere'
import { createMockBackend } from 'stillhere/mock'

const MIN = 60_000

beforeEach(() => {
  // The mock signs and checks real tokens, which takes real time.
  jest.useFakeTimers({ advanceTimers: true })
})
afterEach(() => {
  jest.useRealTimers()
})

test('the app’s own session warns and ends under fake timers', async () => {
  const mock = createMockBackend({ now: () => Date.now(), pbkdf2Iterations: 1 })
  // jsdom's AbortSignal is none to Node's Request.
  const fetch = (url, { signal, ...init } = {}) => mock.fetch(url, init)
  const session = createSession({ backend: eclecticiq({ baseUrl: 'http://localhost/api', fetch }) })
  const stop = session.start()
  await jest.advanceTimersByTimeAsync(2_000)
  await session.signIn({ username: 'analyst@example.com', password: 'bug#1' })
  await jest.advanceTimersByTimeAsync(27 * MIN + 1_000)
  expect(session.getState().status).toBe('warning')
  expect(await session.stay()).toBe(true)
  await jest.advanceTimersByTimeAsync(30 * MIN)
  expect(session.getState()).toMatchObject({ status: 'signed-out', reason: 'idle' })
  expect(mock.requests().filter(({ path }) => path.includes('/refresh/'))).toHaveLength(1)
  stop()
  session.dispose()
})
