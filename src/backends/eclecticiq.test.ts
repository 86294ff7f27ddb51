import { describe, expect, test, vi } from 'vitest'
import type { Grant } from '../core/types.ts'
import { createMockBackend } from '../mock/index.ts'
import { eclecticiq } from './eclecticiq.ts'
import { answering, call, grantOf, jwt, MIN, NOW, PERSON } from './scene.ts'

/** The token of the system's own document, which does not decode. */
const DOCUMENTED =
  'eyJhbGciOiJU ... wiZ1oxNTEwaTIyNDcwfQ.eyJ1c2VyX2lk1jo3fQ.3o65E263hSGf4od5o4eoME2GRF-CnYJvaVg69YTq9HU'

/** An adapter whose server gives these answers, one after the other; what was sent is kept. */
function scene(...answers: unknown[]) {
  const server = answering(...answers)
  return { ...server, backend: eclecticiq({ baseUrl: 'https://ic.example.com/api/', fetch: server.fetch }) }
}
const ok = (body: unknown, headers: Record<string, string> = {}) => Response.json(body, { headers })
const inHalfAnHour = new Date(NOW + 30 * MIN).toISOString().replace('Z', '375+00:00')

describe('the times of a token', () => {
  test('stand in its header, not in its payload', async () => {
    const token = jwt({ user_id: 7 }, { alg: 'HS256', iat: NOW / 1_000, exp: NOW / 1_000 + 1_200 })
    const { backend } = scene(ok({ token, expires_at: inHalfAnHour }))
    expect(await backend.signIn(PERSON, call)).toMatchObject({
      expiresAt: NOW + 20 * MIN,
      claims: { user_id: 7 },
      user: { key: '7', name: PERSON.username },
    })
  })

  test('are taken from expires_at, microseconds and all, where the token does not decode', async () => {
    const { backend } = scene(
      ok({ token: DOCUMENTED, expires_at: inHalfAnHour }, { date: new Date(NOW).toUTCString() }),
    )
    const answer = await backend.signIn(PERSON, call)
    expect(answer).toMatchObject({ expiresAt: NOW + 30 * MIN, user: { key: null } })
    expect(answer.token.reveal()).toBe(DOCUMENTED)
  })

  test.each([-24, 24])('do not depend on a device clock %i h wrong, thanks to the server’s', async (hours) => {
    const skewed = { departedAt: NOW + hours * 60 * MIN }
    const { backend } = scene(
      ok({ token: DOCUMENTED, expires_at: inHalfAnHour }, { date: new Date(NOW).toUTCString() }),
    )
    expect((await backend.signIn(PERSON, skewed)).expiresAt).toBe(skewed.departedAt + 30 * MIN)
  })

  test('are those of expires_at alone where the header tells them in a way of its own', async () => {
    const token = jwt({ user_id: 7 }, { iat: new Date(NOW).toISOString(), exp: 'later' })
    const { backend } = scene(ok({ token, expires_at: inHalfAnHour }, { date: new Date(NOW).toUTCString() }))
    expect((await backend.signIn(PERSON, call)).expiresAt).toBe(NOW + 30 * MIN)
  })

  test.each(['America/New_York', 'Asia/Tokyo'])(
    'are in UTC where they have no offset, on a device in %s',
    async (zone) => {
      vi.stubEnv('TZ', zone)
      const expires_at = new Date(NOW + 30 * MIN).toISOString().replace('Z', '')
      const { backend } = scene(ok({ token: DOCUMENTED, expires_at }))
      expect((await backend.signIn(PERSON, call)).expiresAt).toBe(NOW + 30 * MIN)
      vi.unstubAllEnvs()
    },
  )

  test('are the shorter of what issue time and server clock give', async () => {
    const token = jwt({}, { iat: NOW / 1_000 - 600 })
    const { backend } = scene(ok({ token, expires_at: inHalfAnHour }, { date: new Date(NOW).toUTCString() }))
    expect((await backend.signIn(PERSON, call)).expiresAt).toBe(NOW + 30 * MIN)
  })

  test('in the past are malformed, by name', async () => {
    const { backend } = scene(ok({ token: DOCUMENTED, expires_at: '2019-07-14T12:41:10.063375+00:00' }))
    await expect(backend.signIn(PERSON, call)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringMatching(/EclecticIQ.*POST https:\/\/ic.example.com\/api\/auth.*"expires_at"/),
    })
  })
})

describe('what goes over the wire', () => {
  test('is the document’s request, with no header of an earlier session', async () => {
    const { backend, sent, wire } = scene(ok({ token: DOCUMENTED, expires_at: inHalfAnHour }))
    await backend.signIn(PERSON, call)
    expect(wire()).toEqual([['POST https://ic.example.com/api/auth', {}, PERSON]])
    expect(sent[0]!.init.redirect).toBe('error')
    expect(Object.fromEntries(new Headers(sent[0]!.init.headers))).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
    })
  })

  test('is the token on refresh and sign-out, the latter outliving the page', async () => {
    const { backend, sent, wire } = scene(
      ok({ token: 'one', expires_at: inHalfAnHour }),
      ok({ token: 'two', expires_at: inHalfAnHour }),
      new Response(null, { status: 204 }),
    )
    const grant = await grantOf(backend)
    await backend.refresh!(grant, call)
    await backend.revoke!(grant, call)
    const authorization = 'Bearer one'
    expect(wire().slice(1)).toEqual([
      ['POST https://ic.example.com/api/auth/refresh/', { authorization }],
      ['POST https://ic.example.com/api/auth/logout/', { authorization }],
    ])
    expect(sent.slice(1).map(({ init }) => init.keepalive)).toEqual([false, true])
  })

  test('leaves what a refresh does not say as it was', async () => {
    const { backend } = scene(
      ok({ token: 'one', expires_at: inHalfAnHour }),
      ok({ token: 'two', expires_at: inHalfAnHour }),
    )
    expect(await backend.refresh!(await grantOf(backend), call)).not.toHaveProperty('user')
  })
})

describe('a failure', () => {
  test.each([
    ['refused', new Response('{}', { status: 401 })],
    ['unreachable', new Response('oops', { status: 503 })],
    ['unreachable', new Response(null, { status: 408 })],
    ['unreachable', new TypeError('Failed to fetch')],
    ['malformed', new Response('<h1>not found</h1>', { status: 404 })],
    ['malformed', new Response('', { status: 200 })],
    ['malformed', new Response('<h1>hello</h1>', { status: 200 })],
    ['malformed', ok(null)],
    ['malformed', ok([])],
    ['malformed', ok({ token: 7, expires_at: inHalfAnHour })],
    ['malformed', ok({ token: '', expires_at: inHalfAnHour })],
    ['malformed', ok({ token: 'one', expires_at: 'soon' })],
  ])('is %s: %o', async (kind, answer) => {
    const { backend } = scene(answer)
    await expect(backend.signIn(PERSON, call)).rejects.toMatchObject({ name: 'AuthError', kind })
  })

  test.each([
    ['40', {}, 40_000],
    ['1e9', {}, 86_400_000],
    [new Date(NOW + 90_000).toUTCString(), { date: new Date(NOW).toUTCString() }, 90_000],
    // By this device's clock it might be a day.
    [new Date(NOW + 90_000).toUTCString(), {}, undefined],
    ['nonsense', {}, undefined],
  ])('tells how long to wait: %s %o', async (header, date, retryAfter) => {
    const answer = new Response(null, { status: 429, headers: { 'retry-after': header, ...date } })
    await expect(scene(answer).backend.signIn(PERSON, call)).rejects.toMatchObject({
      kind: 'unreachable',
      retryAfter,
    })
  })

  test('hides what was sent, though the server repeats it', async () => {
    const echo = Response.json({ detail: [{ input: { password: PERSON.password } }], text: `no: ${PERSON.password}` })
    const { backend } = scene(new Response(await echo.text(), { status: 422 }))
    const error = await backend.signIn(PERSON, call).catch((error) => error)
    expect(error.details).toEqual({ detail: [{ input: { password: '[secret]' } }], text: 'no: [secret]' })
  })

  test('names no secret', async () => {
    const { backend } = scene(ok({ token: 'one', expires_at: inHalfAnHour }), new Response('{}', { status: 401 }))
    const error = await backend.refresh!(await grantOf(backend), call).catch((e) => e)
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('one')
    await expect(scene(new TypeError('x')).backend.signIn(PERSON, call)).rejects.not.toThrow(/bug#1/)
  })
})

test('an answer to a protected request refuses the token only by a 401 that says so, or gives no reason', () => {
  const { backend } = scene()
  const response = (status: number, authenticate?: string) =>
    new Response(null, { status, ...(authenticate && { headers: { 'www-authenticate': authenticate } }) })
  expect(backend.refusesToken(response(401))).toBe(true)
  expect(backend.refusesToken(response(401, 'Bearer realm="x", error="invalid_token"'))).toBe(true)
  expect(backend.refusesToken(response(401, 'Bearer realm="x", error="insufficient_scope"'))).toBe(false)
  expect(backend.refusesToken(response(403))).toBe(false)
})

test.each([{}, { username: 'ada' }, { apiToken: 'opaque' }])(
  'what is no user name and password is sent nowhere: %o',
  async (typed) => {
    const { backend, sent } = scene()
    const wrong = backend.signIn(typed as Record<string, string>, call)
    await expect(wrong).rejects.toThrow('EclecticIQ Intelligence Center: sign in with { username, password }')
    expect(sent).toEqual([])
  },
)

describe('a base URL', () => {
  test.each([
    [undefined, 'must be a text'],
    ['api', 'must be absolute, or a path'],
    ['//elsewhere.example', 'must be absolute, or a path'],
    ['ftp://ic.example.com', 'must begin with https://'],
    ['https://user:secret@ic.example.com', 'must not have a password in it'],
    ['https://ic.example.com/api?x=1', 'must end with its path'],
    ['https://ic.example.com/#api', 'must end with its path'],
  ])('that can not work is named at once: %s', (baseUrl, why) => {
    const make = () => eclecticiq({ baseUrl: baseUrl as string })
    expect(make).toThrow(`EclecticIQ Intelligence Center: baseUrl ${why}`)
    expect(make).not.toThrow(/secret/)
  })

  test('that is a path belongs to the origin of the page, whatever its <base> says', () => {
    vi.stubGlobal('location', new URL('https://console.example.com/app/'))
    expect(eclecticiq({ baseUrl: '/api/' }).baseUrl).toBe('https://console.example.com/api')
    vi.stubGlobal('location', { href: 'about:srcdoc', origin: 'null' })
    vi.stubGlobal('origin', 'https://console.example.com')
    expect(eclecticiq({ baseUrl: '/' }).baseUrl).toBe('https://console.example.com')
    vi.stubGlobal('origin', 'null')
    expect(() => eclecticiq({ baseUrl: '/' })).toThrow('must be absolute on a page without an origin')
    vi.unstubAllGlobals()
  })
})

test('with the mock backend: signs in, refreshes, signs out, and the token is dead', async () => {
  const server = createMockBackend({ pbkdf2Iterations: 1 })
  const backend = eclecticiq({ baseUrl: 'http://mock/api', fetch: server.fetch })
  const now = { departedAt: Date.now() }
  const first: Grant = { user: { key: null, name: '' }, ...(await backend.signIn(PERSON, now)), ...now }
  const second = { ...first, ...(await backend.refresh!(first, now)) }
  expect(second.user).toEqual({ key: '7', name: PERSON.username })
  await backend.revoke!(second, now)
  for (const { token } of [first, second]) expect(await server.isLive(token.reveal())).toBe(false)
  await expect(backend.refresh!(second, now)).rejects.toMatchObject({ kind: 'refused' })
  await expect(backend.signIn({ ...PERSON, password: 'x' }, now)).rejects.toMatchObject({ kind: 'refused' })
})

describe('on an API token', () => {
  const withToken = (...answers: unknown[]) => {
    const server = answering(...answers)
    const baseUrl = 'https://ic.example.com'
    return { ...server, backend: eclecticiq({ baseUrl, apiToken: true, fetch: server.fetch }) }
  }

  test.each([
    ['data', { count: 0, data: [] }],
    ['a 403: someone known who may not read feeds', new Response('{}', { status: 403 })],
  ])('signs in after a look whether it is good: %s', async (_, answer) => {
    const { backend, wire } = withToken(answer)
    const { token, expiresAt } = await backend.signIn({ apiToken: 'opaque' }, call)
    expect([token.reveal(), expiresAt]).toEqual(['opaque', null])
    expect(wire()).toEqual([['GET https://ic.example.com/feeds/', { authorization: 'Bearer opaque' }]])
  })

  test.each([
    ['refused', new Response('{}', { status: 401 })],
    ['malformed', new Response('<h1>Welcome</h1>')],
    ['malformed', new Response('{}', { status: 404 })],
    ['unreachable', new Response('', { status: 503 })],
    ['unreachable', new TypeError('Failed to fetch')],
  ])('does not sign in where the look is %s', async (kind, answer) => {
    await expect(withToken(answer).backend.signIn({ apiToken: 'opaque' }, call)).rejects.toMatchObject({ kind })
  })

  test.each([{ apiToken: 'two\nlines' }, { apiToken: '' }, PERSON])('turns away what is none', async (credentials) => {
    const { backend, sent } = withToken()
    await expect(backend.signIn(credentials as never, call)).rejects.toThrow(/apiToken must be a text/)
    expect(sent).toEqual([])
  })

  test('renews and revokes nothing', () => {
    const { backend } = withToken()
    expect(backend).toMatchObject({ renewsWith: 'nothing', permanent: true })
    expect([backend.refresh, backend.revoke]).toEqual([undefined, undefined])
  })

  test('works against the mock, whose sign-outs do not touch it', async () => {
    const server = createMockBackend({ pbkdf2Iterations: 1, apiTokens: ['an-api-token'] })
    const backend = eclecticiq({ baseUrl: 'http://mock/api', apiToken: true, fetch: server.fetch })
    expect((await backend.signIn({ apiToken: 'an-api-token' }, call)).token.reveal()).toBe('an-api-token')
    await expect(backend.signIn({ apiToken: 'another' }, call)).rejects.toMatchObject({ kind: 'refused' })
  })
})
