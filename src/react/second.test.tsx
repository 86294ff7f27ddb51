// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { Secret } from '../core/secret.ts'
import { createSessionCore } from '../core/session.ts'
import { createWorld } from '../testing/world.ts'
import { RequireSession, SessionProvider, SessionWarning } from './index.ts'

afterEach(cleanup)
const MIN = 60_000

test('a double click on "Stay signed in" does not sign out, where the session limit takes over', async () => {
  const world = createWorld()
  const answer = async () => ({ token: new Secret('t'), expiresAt: world.now() + 30 * MIN })
  const session = createSessionCore({
    backend: {
      system: 'Test',
      baseUrl: 'https://api.example.com',
      renewsWith: 'token',
      signIn: answer,
      refresh: answer,
      revoke: async () => {},
      headers: () => ({}),
      refusesToken: () => false,
    },
    platform: world.openTab(),
    name: 'app',
    handOver: true,
    sessionLimit: 29.5 * MIN,
  })
  render(
    <SessionProvider session={session}>
      <SessionWarning />
      <RequireSession>
        <p>private</p>
      </RequireSession>
    </SessionProvider>,
  )
  await act(world.settle)
  await act(async () => {
    await session.signIn({ username: 'ada', password: 'x' })
    await world.settle()
  })
  await act(() => world.advance(28 * MIN))
  const user = userEvent.setup({ delay: null })
  const stay = screen.getByRole('button', { name: 'Stay signed in' })
  expect(document.activeElement).toBe(stay)
  await user.keyboard('{Enter}')
  await act(world.settle)
  expect(session.getState()).toMatchObject({ status: 'warning', cause: 'limit' })
  // The second press, of a double click or of an impatient finger.
  await user.keyboard('{Enter}')
  await act(world.settle)
  expect(session.getState().status).toBe('warning')
})
