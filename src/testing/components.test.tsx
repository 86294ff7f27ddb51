// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { type ReactNode, StrictMode, useEffect, useState } from 'react'
import {
  LoginPage,
  RequireSession,
  SessionProvider,
  SessionWarning,
  useSession,
  useSessionManager,
} from 'stillhere/react'
import { createTestSession, type TestSessionManager, type TestSessionOptions } from 'stillhere/testing'
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest'

const MIN = 60_000
const ADA = { user: { name: 'Ada' }, roles: ['admin'] }

/** What a project writes once for all its tests. */
function renderWith(ui: ReactNode, options: TestSessionOptions = {}) {
  const test = createTestSession({ act, ...options })
  render(
    <StrictMode>
      <SessionProvider session={test.session}>
        <SessionWarning />
        {ui}
      </SessionProvider>
    </StrictMode>,
  )
  return test
}

function DeleteButton() {
  const isAdmin = useSession((state) => state.roles.includes('admin'))
  return isAdmin ? <button type="button">Delete</button> : null
}

function Feeds() {
  const session = useSessionManager<TestSessionManager>()
  const [feeds, setFeeds] = useState<string[]>([])
  useEffect(() => {
    void session.fetch('/api/feeds/').then(async (response) => setFeeds(await response.json()))
  }, [session])
  return feeds.map((feed) => <li key={feed}>{feed}</li>)
}

const guarded = (
  <RequireSession checking={<p>checking</p>}>
    <h1>Private</h1>
    <input aria-label="draft" />
    <DeleteButton />
  </RequireSession>
)
const isIn = () => screen.queryByRole('heading', { name: 'Private' }) !== null
const user = userEvent.setup({ delay: null })

let complaints: MockInstance
beforeEach(() => {
  complaints = vi.spyOn(console, 'error')
})
afterEach(() => {
  // React complains of what changes outside of `act`.
  expect(complaints.mock.calls).toEqual([])
  complaints.mockRestore()
  cleanup()
})

test('a guarded page is there at once', () => {
  renderWith(guarded, ADA)
  expect(isIn()).toBe(true)
})

test('a button is there for one role alone', async () => {
  const { become } = renderWith(guarded, { user: { name: 'Grace' }, roles: ['reader'] })
  expect(screen.queryByRole('button', { name: 'Delete' })).toBe(null)
  await become(ADA)
  expect(screen.getByRole('button', { name: 'Delete' })).toBeTruthy()
})

test('the warning counts down, and Stay closes it', async () => {
  const { warn, advance, session } = renderWith(guarded, ADA)
  await warn()
  expect(screen.getByRole('alertdialog').textContent).toContain('2 minutes')
  await advance(90_000)
  expect(screen.getByRole('alertdialog').textContent).toContain('30 seconds')
  await user.click(screen.getByRole('button', { name: 'Stay signed in' }))
  expect(screen.queryByRole('alertdialog')).toBe(null)
  expect(session.getState().status).toBe('active')
  expect(isIn()).toBe(true)
})

test('the warning can be there from the start', () => {
  renderWith(guarded, { ...ADA, status: 'warning', endsIn: 45_000 })
  expect(screen.getByRole('alertdialog').textContent).toContain('45 seconds')
})

test('an expired session shows the login page, which says why, and signing in leads back', async () => {
  const { expire } = renderWith(guarded, ADA)
  await expire()
  expect(isIn()).toBe(false)
  expect(screen.getByText(/not been active/)).toBeTruthy()
  expect((screen.getByLabelText('User name') as HTMLInputElement).value).toBe('Ada')
  await user.type(screen.getByLabelText('Password'), 'anything{Enter}')
  expect(await screen.findByRole('heading', { name: 'Private' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Delete' })).toBeTruthy()
})

test('another user finds nothing of the one before', async () => {
  const { become } = renderWith(guarded, ADA)
  await user.type(screen.getByLabelText('draft'), 'half-typed')
  await become({ user: { name: 'Grace' } })
  expect((screen.getByLabelText('draft') as HTMLInputElement).value).toBe('')
})

test('a login page lets nobody in who is not on the list', async () => {
  renderWith(guarded, { status: 'signed-out', accounts: [{ username: 'ada', password: 'correct horse' }] })
  await user.type(screen.getByLabelText('User name'), 'ada')
  await user.type(screen.getByLabelText('Password'), 'wrong{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('not right')
  expect(isIn()).toBe(false)
  await user.clear(screen.getByLabelText('Password'))
  await user.type(screen.getByLabelText('Password'), 'correct horse{Enter}')
  expect(await screen.findByRole('heading', { name: 'Private' })).toBeTruthy()
})

test('while it is not known who is there, nothing private shows', async () => {
  const { become } = renderWith(guarded, { status: 'restoring' })
  expect(screen.getByText('checking')).toBeTruthy()
  await become(ADA)
  expect(isIn()).toBe(true)
})

test('a sign-in under way keeps its button busy', async () => {
  const { session, become } = createTestSession({ act, status: 'signing-in' })
  // Not in StrictMode, which mounts the login page twice: one that is left gives its sign-in up.
  render(<SessionProvider session={session}>{guarded}</SessionProvider>)
  expect(screen.getByRole('button', { name: 'Signing in …' }).getAttribute('aria-disabled')).toBe('true')
  await become(ADA)
  expect(isIn()).toBe(true)
})

test('every reason for an end has its words', () => {
  const reasons = ['user', 'idle', 'expired', 'limit', 'refused', 'replaced'] as const
  const words = reasons.map((reason) => {
    renderWith(<LoginPage />, { ...ADA, reason })
    const text = document.querySelector('[data-stillhere="ended"]')!.textContent
    cleanup()
    return text
  })
  expect(new Set(words).size).toBe(reasons.length)
})

test('what the page loads is what the test says', async () => {
  const fetch = vi.fn(async () => Response.json(['one', 'two']))
  renderWith(<Feeds />, { ...ADA, fetch })
  expect((await screen.findAllByRole('listitem')).map((item) => item.textContent)).toEqual(['one', 'two'])
  expect(fetch).toHaveBeenCalledWith('/api/feeds/', { headers: { authorization: expect.stringMatching(/^Bearer /) } })
})

test('other tabs sign this one out', async () => {
  const { world, settle } = renderWith(guarded, ADA)
  const other = world.openTab()
  await settle()
  await other.expire('user')
  expect(screen.getByText(/another tab/)).toBeTruthy()
})

test('the first moment after a night’s sleep shows the login page, and no warning', async () => {
  const { world } = renderWith(guarded, ADA)
  await world.sleep(8 * 60 * MIN)
  expect(screen.queryByRole('alertdialog')).toBe(null)
  expect(screen.getByText(/not been active/)).toBeTruthy()
})

test('without act, a test wraps what it does itself', async () => {
  const { session, warn } = createTestSession(ADA)
  render(<SessionProvider session={session}>{<SessionWarning />}</SessionProvider>)
  await act(warn)
  expect(screen.getByRole('alertdialog')).toBeTruthy()
})
