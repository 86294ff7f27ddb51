// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import type { AuthError } from '../core/errors.ts'
import { LoginPage, RequireSession } from './index.ts'
import { createScene, refused, S, throttled, unreachable } from './scene.tsx'

afterEach(cleanup)

const user = userEvent.setup({ delay: null })
const field = (name: string) => screen.getByLabelText(name) as HTMLInputElement
const press = (name: string) => user.click(screen.getByRole('button', { name }))
const text = (role: string) => screen.getByRole(role).textContent

/** The login page of a system that sends PINs; what it was asked is kept. */
async function openForgotten(page = <RequireSession>in</RequireSession>) {
  const asked: object[] = []
  const server = { error: null as AuthError | null, gate: Promise.resolve() }
  const answer = async (request: object) => {
    asked.push(request)
    await server.gate
    if (server.error) throw server.error
  }
  const scene = createScene(page, {}, {}, { passwordReset: { requestPin: answer, change: answer } })
  await scene.settle()
  await press('Forgotten your password?')
  return { ...scene, idp: scene.server, asked, server }
}

async function requestPin(settle: () => Promise<void>) {
  await user.type(field('User name'), 'ada')
  await press('Send me a PIN')
  await settle()
}

test('a forgotten password is replaced by a PIN, and one signs in with the new one', async () => {
  const { settle, asked } = await openForgotten()
  expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Choose a new password' }))
  await requestPin(settle)
  expect(text('status')).toBe('If there is an account for ada, a one-time PIN is on its way to its phone.')
  expect(document.activeElement).toBe(field('One-time PIN'))
  expect([field('One-time PIN').autocomplete, field('One-time PIN').inputMode]).toEqual(['one-time-code', 'numeric'])
  expect(field('New password').autocomplete).toBe('new-password')

  await user.type(field('One-time PIN'), '123 456')
  await user.type(field('New password'), ' new pass ')
  await press('Change password')
  await settle()
  expect(asked).toEqual([{ username: 'ada' }, { username: 'ada', pin: '123456', password: ' new pass ' }])
  expect(screen.getByText('Your password has been changed. Sign in with the new one.')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Sign in' }))
  expect(field('User name').value).toBe('ada')
  expect(field('Password').value).toBe('')
})

test('a password manager finds the user name beside the new password', async () => {
  const { settle } = await openForgotten()
  await requestPin(settle)
  const form = field('New password').form!
  expect((form.elements.namedItem('username') as HTMLInputElement).value).toBe('ada')
  expect((form.elements.namedItem('username') as HTMLInputElement).autocomplete).toBe('username')
})

test('a wrong PIN says so without saying which of the two was wrong, and what was typed is still there', async () => {
  const { settle, server } = await openForgotten()
  await requestPin(settle)
  server.error = refused()
  await user.type(field('One-time PIN'), '111111')
  await user.type(field('New password'), 'new password')
  await press('Change password')
  await settle()
  expect(text('alert')).toBe('The PIN is wrong or too old, or the new password is not strong enough.')
  expect(document.activeElement).toBe(screen.getByRole('alert'))
  expect([field('One-time PIN').value, field('New password').value]).toEqual(['111111', 'new password'])
})

test('another PIN empties the field of the first', async () => {
  const { settle, asked } = await openForgotten()
  await requestPin(settle)
  await user.type(field('One-time PIN'), '111111')
  await press('Send another PIN')
  await settle()
  expect(asked).toEqual([{ username: 'ada' }, { username: 'ada' }])
  expect(field('One-time PIN').value).toBe('')
  expect(document.activeElement).toBe(field('One-time PIN'))
  expect(text('status')).toBe('Another PIN is on its way to the phone of ada, if there is such an account.')
})

test.each([
  ['silence', unreachable, 'The server can not be reached right now. Try again in a moment.'],
  ['throttling', () => throttled(30 * S), 'Too many attempts. You can try again in 30 seconds.'],
])('%s is said for what it is', async (_, error, expected) => {
  const { settle, server } = await openForgotten()
  server.error = error()
  await requestPin(settle)
  expect(text('alert')).toBe(expected)
  expect(field('User name').value).toBe('ada')
})

test('what is missing is asked for without asking the server', async () => {
  const { settle, asked } = await openForgotten()
  await press('Send me a PIN')
  expect(text('alert')).toBe('Enter your user name.')
  await requestPin(settle)
  await press('Change password')
  expect(text('alert')).toBe('Enter the PIN and a new password.')
  expect(asked).toHaveLength(1)
})

test('submitted twice sends once, and leaving meanwhile leaves nothing behind', async () => {
  const { settle, asked, server } = await openForgotten()
  let open = () => {}
  server.gate = new Promise((resolve) => {
    open = resolve
  })
  await user.type(field('User name'), 'ada')
  await user.dblClick(screen.getByRole('button', { name: 'Send me a PIN' }))
  expect(asked).toHaveLength(1)
  await press('Back to signing in')
  open()
  await settle()
  expect(screen.getByRole('heading', { name: 'Sign in' })).toBeTruthy()
  expect(screen.queryByRole('status')).toBe(null)
})

test('a host’s own page for it comes first', async () => {
  const login = <LoginPage forgotPasswordUrl="/help" />
  const { settle } = createScene(<RequireSession login={login}>in</RequireSession>)
  await settle()
  expect(screen.getByRole('link', { name: 'Forgotten your password?' }).getAttribute('href')).toBe('/help')
})

test('a system that has no way shows none', async () => {
  const { settle } = createScene(<RequireSession>in</RequireSession>)
  await settle()
  expect(screen.queryByText('Forgotten your password?')).toBe(null)
})

test('turning to it leaves a sign-in under way: what that answers is revoked', async () => {
  const { settle, server, session, ...scene } = await openForgotten()
  await press('Back to signing in')
  let open = () => {}
  scene.idp.gate = new Promise((resolve) => {
    open = resolve
  })
  await user.type(field('User name'), 'ada')
  await user.type(field('Password'), 'secret')
  await press('Sign in')
  await press('Forgotten your password?')
  await user.type(field('User name'), 'bob')
  open()
  await settle()
  expect(session.getState().status).toBe('signed-out')
  expect(scene.idp.revoked).toBe(1)
})
