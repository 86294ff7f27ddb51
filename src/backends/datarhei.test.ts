import { describe, expect, test } from 'vitest'
import { datarhei } from './datarhei.ts'
import { answering, call, grantOf, jwt, jwtOf, MIN, NOW, PERSON } from './scene.ts'

const BASE = 'https://core.example.com'
const ACCESS = jwtOf(600, { exi: 600, iss: 'datarhei-core', sub: 'admin', usefor: 'access' })
const REFRESH = jwtOf(86_400, { exi: 86_400, iss: 'datarhei-core', sub: 'admin', usefor: 'refresh' })
const BOTH = { access_token: ACCESS, refresh_token: REFRESH }

function scene(...answers: unknown[]) {
  const server = answering(...answers)
  return { ...server, backend: datarhei({ baseUrl: BASE, fetch: server.fetch }) }
}

test('signs in as the document does, and takes both lives from the tokens: no Date can be read', async () => {
  const { backend, wire } = scene(BOTH)
  const answer = await backend.signIn(PERSON, call)
  expect(wire()).toEqual([[`POST ${BASE}/api/login`, {}, PERSON]])
  expect(answer).toMatchObject({
    expiresAt: NOW + 10 * MIN,
    refreshExpiresAt: NOW + 1_440 * MIN,
    user: { key: 'admin', name: 'admin' },
    claims: { usefor: 'access' },
  })
  expect(answer.refreshToken!.reveal()).toBe(REFRESH)
})

test('signs in with an Auth0 token and no body', async () => {
  const { backend, sent, wire } = scene(BOTH)
  await backend.signIn({ externalToken: 'auth0' }, call)
  expect(wire()).toEqual([[`POST ${BASE}/api/login`, { authorization: 'Bearer auth0' }]])
  expect(sent[0]!.init.body).toBeNull()
})

test.each(['a\nb', ''])(
  'an Auth0 token that no header can carry is sent nowhere, and named without being shown: %j',
  async (token) => {
    const { backend, sent } = scene()
    const error = await backend.signIn({ externalToken: token }, call).catch((error) => error)
    expect(error).toMatchObject({
      kind: 'refused',
      message: 'datarhei Core: externalToken must be a text fit for a header',
    })
    expect(sent).toEqual([])
  },
)

test('refreshes with the refresh token on a GET, and keeps it where the answer has none', async () => {
  const next = jwtOf(600, { exi: 600, jti: 'next' })
  const { backend, wire } = scene(BOTH, { access_token: next })
  const grant = await grantOf(backend)
  const answer = await backend.refresh!(grant, call)
  expect(wire()[1]).toEqual([`GET ${BASE}/api/login/refresh`, { authorization: `Bearer ${REFRESH}` }])
  expect(answer.token.reveal()).toBe(next)
  expect({ ...grant, ...answer }).toMatchObject({ refreshToken: grant.refreshToken, user: { key: 'admin' } })
})

test('has no sign-out, and no refresh prolongs its refresh token', () => {
  const { backend } = scene()
  expect(backend.revoke).toBeUndefined()
  expect(backend.prolongs).toBeFalsy()
})

describe('the life of a token', () => {
  test.each([
    ['exi alone', { exi: 300 }, 300],
    ['exp − iat alone', { exp: NOW / 1_000 + 600, iat: NOW / 1_000 + 100 }, 500],
    ['the shorter of both', { exi: 200, exp: NOW / 1_000 + 600, iat: NOW / 1_000 }, 200],
  ])('is %s', async (_, claims, life) => {
    const { backend } = scene({ ...BOTH, access_token: jwt(claims) })
    expect((await backend.signIn(PERSON, call)).expiresAt).toBe(NOW + life * 1_000)
  })

  test('is exi where exp has nothing to be counted from but a wrong clock', async () => {
    const claims = (life: number) => jwt({ exi: life, exp: NOW / 1_000 + life })
    const { backend } = scene({ access_token: claims(600), refresh_token: claims(86_400) })
    const departedAt = NOW + 2_880 * MIN
    expect((await backend.signIn(PERSON, { departedAt })).expiresAt).toBe(departedAt + 10 * MIN)
  })

  test('does not depend on the device’s clock', async () => {
    const { backend } = scene(BOTH)
    const departedAt = NOW + 24 * 60 * MIN
    expect((await backend.signIn(PERSON, { departedAt })).expiresAt).toBe(departedAt + 10 * MIN)
  })
})

describe('an answer', () => {
  test.each([
    ['refused', 401],
    ['malformed', 400],
    ['unreachable', 503],
  ])('is %s by a %i', async (kind, status) => {
    const details = { code: status, message: 'Unauthorized', details: ['Invalid authorization credentials'] }
    const { backend } = scene(Response.json(details, { status }))
    await expect(backend.signIn(PERSON, call)).rejects.toMatchObject({ kind, details })
  })

  test.each([
    ['access_token', undefined],
    ['access_token', 7],
    ['refresh_token', undefined],
    ['refresh_token', null],
    ['refresh_token', 'with\nnewline'],
    ['exi of access_token', jwt({ exi: 'long' })],
    ['exi of access_token', jwt({ exi: null })],
    ['exp of access_token', jwt({ exp: NOW / 1_000 - 1 })],
    ['exp of refresh_token', jwt({ exp: {} })],
  ])('to a sign-in names "%s" where it is %o', async (name, value) => {
    const body = { ...BOTH, [name.split(' ').at(-1)!]: value }
    await expect(scene(body).backend.signIn(PERSON, call)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining(`datarhei Core: POST ${BASE}/api/login: "${name}" must be`),
    })
  })
})
