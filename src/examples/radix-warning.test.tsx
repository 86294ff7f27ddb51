// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { RequireSession } from 'stillhere/react'
import { afterEach, expect, test } from 'vitest'
import { createScene, MIN, S, unreachable } from '../react/scene.tsx'
import { RadixWarning } from './radix-warning.tsx'

afterEach(cleanup)

const user = userEvent.setup({ delay: null })
const dialog = () => screen.queryByRole('alertdialog')
const stay = () => within(dialog()!).getByRole('button', { name: 'Stay signed in' })

async function openAt(passed: number, policy = {}) {
  const scene = createScene(
    <>
      <RadixWarning />
      <RequireSession>
        <button type="button">work</button>
      </RequireSession>
    </>,
    {},
    policy,
  )
  await scene.signIn()
  screen.getByRole('button', { name: 'work' }).focus()
  await scene.advance(passed)
  return scene
}

test('opens when it is time and no sooner, named, described, and focused on staying', async () => {
  const { advance } = await openAt(26 * MIN)
  expect(dialog()).toBe(null)
  await advance(MIN)
  expect(document.activeElement).toBe(stay())
  const text = (name: string) => document.getElementById(dialog()!.getAttribute(name)!)!.textContent
  expect(text('aria-labelledby')).toBe('You’re about to be signed out')
  expect(text('aria-describedby')).toMatch(/^For your security/)
})

test('hides what ticks from screen readers, and tells them the time in coarse steps', async () => {
  const { advance } = await openAt(27 * MIN)
  await advance(65 * S)
  const ticking = screen.getByText('You will be signed out in 55 seconds.')
  expect(ticking.closest('[aria-hidden="true"]')).toBe(ticking)
  const said = screen.getByText('You will be signed out in 60 seconds.')
  expect(said.getAttribute('aria-live')).toBe('polite')
  expect(said.closest('[aria-hidden="true"]')).toBe(null)
})

test.each([
  ['Esc', () => user.keyboard('{Escape}')],
  ['Enter', () => user.keyboard('{Enter}')],
  ['a click', () => user.click(stay())],
])('stays by %s, and gives the focus back', async (_, answer) => {
  const { settle, session } = await openAt(27 * MIN)
  await answer()
  await settle()
  expect(session.getState().status).toBe('active')
  expect(dialog()).toBe(null)
  // Radix gives it back in a task of its own.
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'work' })))
})

test('is shut by staying in another tab', async () => {
  const { openSibling, settle } = await openAt(27 * MIN)
  const sibling = await openSibling()
  expect(sibling.getState().status).toBe('warning')
  await act(() => sibling.stay())
  await settle()
  expect(dialog()).toBe(null)
})

test('stays open, and says why, while the server is away', async () => {
  const { server, settle } = await openAt(27 * MIN)
  server.error = unreachable()
  await user.keyboard('{Escape}')
  await settle()
  expect(screen.getByText(/can not be reached/)).toBeTruthy()
  expect(document.activeElement?.closest('[role="alertdialog"]')).toBe(dialog())
})

test('signs out by its other button, and that is no staying', async () => {
  const { server, settle, session } = await openAt(27 * MIN)
  await user.click(within(dialog()!).getByRole('button', { name: 'Sign out' }))
  await settle()
  expect(session.getState()).toMatchObject({ status: 'signed-out', reason: 'user' })
  expect(server.revoked).toBe(1)
  expect(dialog()).toBe(null)
})

test('where nothing can be extended, Esc puts it away', async () => {
  const { session } = await openAt(19 * MIN, { sessionLimit: 20 * MIN })
  expect(within(dialog()!).getByRole('button', { name: 'Sign in again' })).toBeTruthy()
  await user.keyboard('{Escape}')
  expect(dialog()).toBe(null)
  expect(session.getState().status).toBe('warning')
})
