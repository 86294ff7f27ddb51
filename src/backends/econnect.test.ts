import { describe, expect, test } from 'vitest'
import { econnect } from './econnect.ts'
import { answering, call, grantOf, jwt, jwtOf, MIN, NOW, PERSON } from './scene.ts'

const BASE = 'https://customername.econnectcloud.com/identities'
const TOKEN = jwtOf(1_800, { unique_name: 'your_username', nbf: NOW / 1_000 })

function scene(...answers: unknown[]) {
  const server = answering(...answers)
  return { ...server, backend: econnect({ baseUrl: BASE, fetch: server.fetch }) }
}

test('signs in as the document does, and reads who it is from the token', async () => {
  const { backend, wire } = scene({ username: 'Your Username', token: TOKEN })
  const answer = await backend.signIn({ username: 'your_username', password: 'your_password' }, call)
  expect(wire()).toEqual([
    [`POST ${BASE}/api/v1/authenticate`, {}, { username: 'your_username', password: 'your_password' }],
  ])
  expect(answer).toMatchObject({ expiresAt: NOW + 30 * MIN, user: { key: 'your_username', name: 'Your Username' } })
  expect(answer.token.reveal()).toBe(TOKEN)
})

test('renews with the live token on a GET, and leaves the user as it was', async () => {
  const next = jwtOf(1_800, { jti: 'new' })
  const { backend, wire } = scene({ username: 'x', token: TOKEN }, { username: 'x', token: next })
  const answer = await backend.refresh!(await grantOf(backend), call)
  expect(wire()[1]).toEqual([`GET ${BASE}/api/v1/renewToken`, { authorization: `Bearer ${TOKEN}` }])
  expect(answer.token.reveal()).toBe(next)
  expect(answer).not.toHaveProperty('user')
})

test('has no sign-out', () => {
  expect(scene().backend.revoke).toBeUndefined()
})

describe('an answer', () => {
  test.each([
    ['refused', 400],
    ['refused', 401],
    ['malformed', 404],
    ['unreachable', 500],
  ])('to a sign-in is %s by a %i', async (kind, status) => {
    const { backend } = scene(new Response('', { status }))
    await expect(backend.signIn(PERSON, call)).rejects.toMatchObject({ kind, status })
  })

  test.each([
    ['refused', 401],
    ['malformed', 400],
  ])('to a renewal is %s by a %i', async (kind, status) => {
    const { backend } = scene({ username: 'x', token: TOKEN }, new Response('', { status }))
    const grant = await grantOf(backend)
    await expect(backend.refresh!(grant, call)).rejects.toMatchObject({ kind, status })
  })

  test.each([
    ['"token"', { username: 'x' }],
    ['"token"', { username: 'x', token: 'with\nnewline' }],
    ['"username"', { token: TOKEN }],
    ['"exp of token"', { username: 'x', token: jwt({ exp: 'soon' }) }],
    ['"exp of token"', { username: 'x', token: jwt({ exp: NOW / 1_000 - 1 }) }],
    ['"exp of token"', { username: 'x', token: jwt({ exp: NOW, iat: NOW / 1_000 }) }],
  ])('of the wrong shape names %s: %o', async (field, body) => {
    await expect(scene(body).backend.signIn(PERSON, call)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringMatching(new RegExp(`^eConnect Identities: POST ${BASE}/api/v1/authenticate: ${field} `)),
    })
  })

  test('with a token that does not decode has no known end', async () => {
    const { backend } = scene({ username: 'x', token: 'opaque' })
    expect(await backend.signIn(PERSON, call)).toMatchObject({ expiresAt: null, user: { key: 'x' } })
  })
})
