// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { createSession, eclecticiq } from 'stillhere'
import { createMockBackend } from 'stillhere/mock'
import { RequireSession, SessionProvider, SessionWarning } from 'stillhere/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// The second way: the session of the app itself, in a page, under the test's own fake timers.
const MIN = 60_000
const ANALYST = { username: 'analyst@example.com', password: 'bug#1' }

function open() {
  const mock = createMockBackend({ now: () => Date.now(), pbkdf2Iterations: 1 })
  const session = createSession({ backend: eclecticiq({ baseUrl: 'http://localhost/api', fetch: mock.fetch }) })
  render(
    <SessionProvider session={session}>
      <SessionWarning />
      <RequireSession>private</RequireSession>
    </SessionProvider>,
  )
  const close = () => {
    cleanup()
    session.dispose()
  }
  return { mock, session, close }
}

/** Time passes for the page and for the server at once. */
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))
/** What is asked of other tabs or of the server takes a moment of that time. */
async function see(text: string | RegExp) {
  await pass(2_000)
  return screen.findByText(text)
}
async function stay() {
  fireEvent.click(screen.getByRole('button', { name: 'Stay signed in' }))
  await pass(2_000)
}
// A busy machine is slower than these timers, and the next try comes some seconds later.
const seeNoDialog = () => waitFor(() => expect(screen.queryByRole('alertdialog')).toBe(null), { timeout: 15_000 })

beforeEach(() => {
  // The mock signs and checks real tokens, which takes real time; and Testing Library waits by these timers, too.
  vi.useFakeTimers({ shouldAdvanceTime: true })
})
afterEach(() => {
  vi.useRealTimers()
  sessionStorage.clear()
})

async function signIn() {
  fireEvent.change(screen.getByLabelText('User name'), { target: { value: ANALYST.username } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: ANALYST.password } })
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
  await see('private')
}

test('the app’s own session warns, stays and ends under fake timers', async () => {
  const { mock, session, close } = open()
  await see('User name')
  await signIn()
  await pass(27 * MIN + 1_000)
  await stay()
  await seeNoDialog()
  expect(mock.requests().filter(({ path }) => path.includes('/refresh/'))).toHaveLength(1)
  await pass(30 * MIN)
  await see(/not been active/)
  expect(session.getState()).toMatchObject({ status: 'signed-out', reason: 'idle' })
  close()
})

test('its server’s faults are the mock’s', async () => {
  const { mock, close } = open()
  await see('User name')
  await signIn()
  await pass(27 * MIN + 1_000)
  mock.setFaults({ down: true })
  await stay()
  await see(/can not be reached/)
  mock.setFaults({})
  await pass(10_000)
  await seeNoDialog()
  close()
})
