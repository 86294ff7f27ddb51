import { describe, expect, test, vi } from 'vitest'
import { eclipse } from './eclipse.ts'
import { answering, call, grantOf, jwtOf, MIN, NOW, PERSON } from './scene.ts'

const BASE = 'https://eclipse.example.com'
const V1 = `${BASE}/eclipse-conductor/rest/v1`
const JWT = jwtOf(3_600, { uid: 4711 })

/** The document's answer, with times of now. */
const ANSWER = {
  headerName: 'Authorization',
  headerValue: `Bearer ${JWT}`,
  sessionId: 'abc123-session-id',
  roles: ['GLOBAL_ADMIN'],
  csrfHeaderName: 'renew-csrf',
  csrfToken: '352435',
  expiresEpochSecs: NOW / 1_000 + 3_600,
}

/** The document's refusal. */
const REFUSAL = [
  {
    type: 'BUSINESS',
    severity: 'LOW',
    description: 'Incorrect identity/password',
    code: 'USR002',
    traceId: '2d4c74754749c038fdb4149ae6100219',
    spanId: '71b4672cbf575634',
    environment: 'eclipse-java-sandbox',
  },
]

function scene(...answers: unknown[]) {
  const server = answering(...answers)
  return { ...server, backend: eclipse({ baseUrl: BASE, fetch: server.fetch }) }
}

test('signs in as the document does, and keeps roles, session id, customer id and both headers', async () => {
  const { backend, wire } = scene(ANSWER)
  const answer = await backend.signIn(PERSON, call)
  expect(wire()).toEqual([
    [`POST ${V1}/authentication/login`, {}, { identity: PERSON.username, password: PERSON.password }],
  ])
  expect(answer).toMatchObject({
    expiresAt: NOW + 60 * MIN,
    serverSessionId: 'abc123-session-id',
    roles: ['GLOBAL_ADMIN'],
    user: { key: '4711', name: PERSON.username },
    claims: { uid: 4711 },
    header: { name: 'Authorization' },
    csrf: { name: 'renew-csrf' },
  })
  expect(answer.token.reveal()).toBe(JWT)
  expect(JSON.stringify(answer)).not.toContain('352435')
})

test('renews and signs out with the token in header and body, the CSRF header along with a renewal only', async () => {
  const { backend, wire, sent } = scene(ANSWER, ANSWER, new Response(null, { status: 200 }))
  const grant = await grantOf(backend)
  await backend.refresh!(grant, call)
  await backend.revoke!(grant, call)
  const authorization = { authorization: `Bearer ${JWT}` }
  expect(wire().slice(1)).toEqual([
    [`POST ${V1}/authentication/renew`, { ...authorization, 'renew-csrf': '352435' }, { jwt: JWT }],
    [`POST ${V1}/authentication/logout`, authorization, { jwt: JWT }],
  ])
  expect(sent[2]!.init.keepalive).toBe(true)
})

test('sends the header that the server names', async () => {
  const { backend } = scene({ ...ANSWER, headerName: 'X-Eclipse-Auth', headerValue: 'opaque' })
  expect(backend.headers(await grantOf(backend))).toEqual({ 'X-Eclipse-Auth': 'opaque' })
})

describe('a header that the server names is malformed', () => {
  test.each([
    ['headerName', ''],
    ['headerName', 'Author ization'],
    ['headerName', 'a:b'],
    ['headerName', 'a\r\nX-Injected'],
    ['headerName', 'Cookie'],
    ['headerName', '__proto__'],
    ['headerName', 'content-length'],
    ['headerName', 'Sec-Fetch-Site'],
    ['headerName', 'Access-Control-Request-Method'],
    ['headerName', 'X-HTTP-Method-Override'],
    ['headerName', 7],
    ['headerName', undefined],
    ['headerValue', 'Bearer a\r\nX-Injected: 1'],
    ['headerValue', 'Bearer ü'],
    ['headerValue', ''],
    ['headerValue', 'Bearer'],
    ['headerValue', 'Basic abc'],
    ['headerValue', null],
    ['csrfHeaderName', 'Host'],
    ['csrfHeaderName', 'authorization'],
    ['csrfHeaderName', 'AUTHORIZATION'],
    ['headerName', 'X-Original-URL'],
    ['csrfHeaderName', null],
    ['csrfToken', undefined],
    ['csrfToken', 352435],
  ])('where %s is %o', async (field, value) => {
    await expect(scene({ ...ANSWER, [field]: value }).backend.signIn(PERSON, call)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringMatching(
        new RegExp(`^Eclipse Conductor: POST ${V1}/authentication/login: "${field}" must be`),
      ),
    })
  })
})

test.each([
  ['expiresEpochSecs', '1774277221'],
  ['expiresEpochSecs', null],
  ['expiresEpochSecs', NOW / 1_000 - 1],
  ['expiresEpochSecs', NOW + 3_600_000],
  ['sessionId', 7],
  ['roles', 'GLOBAL_ADMIN'],
  ['roles', [7]],
])('an answer is malformed where %s is %o', async (field, value) => {
  const { backend } = scene({ ...ANSWER, headerValue: 'Bearer opaque', [field]: value })
  await expect(backend.signIn(PERSON, call)).rejects.toMatchObject({
    kind: 'malformed',
    message: expect.stringContaining(`"${field}" must be`),
  })
})

test('an answer without a CSRF header, roles or a session id is a whole one', async () => {
  const { headerName, headerValue, expiresEpochSecs } = ANSWER
  const { backend, wire } = scene({ headerName, headerValue, expiresEpochSecs }, ANSWER)
  const grant = await grantOf(backend)
  expect(grant).not.toHaveProperty('csrf')
  await backend.refresh!(grant, call)
  expect(wire()[1]![1]).toEqual({ authorization: `Bearer ${JWT}` })
})

describe('a refusal', () => {
  test('tells the developer code, severity, type and trace, and not whose password it was', async () => {
    const { backend } = scene(Response.json(REFUSAL, { status: 401 }))
    const error = await backend.signIn(PERSON, call).catch((error) => error)
    expect(error).toMatchObject({
      kind: 'refused',
      message: `Eclipse Conductor: POST ${V1}/authentication/login answered 401: USR002 BUSINESS LOW 2d4c74754749c038fdb4149ae6100219`,
      details: [
        {
          code: 'USR002',
          severity: 'LOW',
          type: 'BUSINESS',
          traceId: '2d4c74754749c038fdb4149ae6100219',
          description: 'Incorrect identity/password',
        },
      ],
    })
    expect(JSON.stringify(error.details)).not.toContain('eclipse-java-sandbox')
  })

  test.each([[null], ['text'], [[null, 7, 'x']], [{ code: { nested: true } }], [[{ code: 'a\nb' }]]])(
    'of the wrong shape is a refusal all the same: %o',
    async (body) => {
      const { backend } = scene(Response.json(body, { status: 401 }))
      await expect(backend.signIn(PERSON, call)).rejects.toMatchObject({
        kind: 'refused',
        message: `Eclipse Conductor: POST ${V1}/authentication/login answered 401`,
      })
    },
  )
})

describe('a forgotten password', () => {
  test('is replaced by the two calls of the document, without a token', async () => {
    const { backend, wire } = scene(new Response(null, { status: 200 }), new Response(null, { status: 204 }))
    await backend.passwordReset.requestPin({ username: 'a/b@example.com' }, call)
    await backend.passwordReset.change({ username: 'a/b@example.com', pin: '123456', password: 'new_password' }, call)
    const identity = `${V1}/global/identities/a%2Fb%40example.com`
    expect(wire()).toEqual([
      [`POST ${identity}/password-change-init`, {}, { type: 'OTP' }],
      [`POST ${identity}/password-change`, {}, { hash: '123456', password: 'new_password' }],
    ])
  })

  test.each(['', '.', '..'])('of "%s" is asked of nobody', async (username) => {
    const { backend, sent } = scene()
    await expect(backend.passwordReset.requestPin({ username }, call)).rejects.toMatchObject({ kind: 'refused' })
    expect(sent).toEqual([])
  })

  test('of nobody is asked for as any other, whatever the server says of that', async () => {
    const { backend } = scene(Response.json(REFUSAL, { status: 404 }))
    await expect(backend.passwordReset.requestPin({ username: 'nobody' }, call)).resolves.toBeUndefined()
  })

  test('with a wrong PIN is refused', async () => {
    const { backend } = scene(Response.json(REFUSAL, { status: 400 }))
    const wrong = backend.passwordReset.change({ username: 'x', pin: '1', password: 'y' }, call)
    await expect(wrong).rejects.toMatchObject({ kind: 'refused', details: [{ code: 'USR002' }] })
  })
})

describe('a base over plain http', () => {
  test.each([
    'http://eclipse.example.com',
    'http://10.0.0.7:8080',
    'http://127.0.0.1.example.com',
    'http://localhost.de',
  ])('is turned away: %s', (baseUrl) =>
    expect(() => eclipse({ baseUrl })).toThrow(`Eclipse Conductor: baseUrl ${baseUrl} is plain http`),
  )

  test.each(['http://localhost:4000', 'http://app.localhost', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
    'is fine on loopback: %s',
    (baseUrl) => expect(eclipse({ baseUrl }).baseUrl).toBe(baseUrl),
  )

  test('is fine where one says so', () => {
    expect(() => eclipse({ baseUrl: 'http://eclipse.example.com', allowPlainHttp: true })).not.toThrow()
  })

  test('is what a path means on a page of plain http', () => {
    vi.stubGlobal('location', new URL('http://console.example.com/app'))
    expect(() => eclipse({ baseUrl: '/eclipse' })).toThrow(/plain http/)
    vi.stubGlobal('location', new URL('https://console.example.com/app'))
    expect(() => eclipse({ baseUrl: '/eclipse' })).not.toThrow()
    vi.unstubAllGlobals()
  })
})
