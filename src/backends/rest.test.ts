import { describe, expect, test } from 'vitest'
import { type RestOptions, rest } from './rest.ts'
import { answering, call, grantOf, jwtOf, MIN, NOW, PERSON } from './scene.ts'

const BASE = 'https://api.example.com'
const PLAIN = { baseUrl: BASE, signIn: { path: '/login' }, answer: { token: 'token' } } satisfies RestOptions

function scene(options: Partial<RestOptions>, ...answers: unknown[]) {
  const server = answering(...answers)
  return { ...server, backend: rest({ ...PLAIN, fetch: server.fetch, ...options }) }
}

describe('by default', () => {
  test('it posts user name and password, and reads token, end and user from a JWT', async () => {
    const { backend, wire } = scene({}, { token: jwtOf(900, { sub: 42 }) })
    expect(await backend.signIn(PERSON, call)).toMatchObject({
      expiresAt: NOW + 15 * MIN,
      user: { key: '42', name: PERSON.username },
    })
    expect(wire()).toEqual([[`POST ${BASE}/login`, {}, PERSON]])
  })

  test('nothing renews, and nothing revokes', () => {
    const { backend } = scene({})
    expect(backend).toMatchObject({ renewsWith: 'nothing' })
    expect(backend.refresh).toBeUndefined()
    expect(backend.revoke).toBeUndefined()
  })
})

test('fields may be nested, in what is sent and in what is answered', async () => {
  const { backend, wire } = scene(
    {
      signIn: { path: '/login', method: 'PUT', body: { username: 'user.email', password: 'user.pass' } },
      headers: { 'x-api-key': 'key' },
      answer: {
        token: 'data.accessToken',
        expires: { field: 'data.expiresIn', unit: 'ms-from-now' },
        refreshToken: 'data.refreshToken',
        userKey: 'data.user.id',
        userName: 'data.user.name',
        roles: 'data.user.roles',
      },
    },
    {
      data: {
        accessToken: 'a1',
        refreshToken: 'r1',
        expiresIn: 60_000,
        user: { id: 7, name: 'Ada', roles: ['admin'] },
      },
    },
  )
  const answer = await backend.signIn(PERSON, call)
  expect(answer).toMatchObject({ expiresAt: NOW + MIN, user: { key: '7', name: 'Ada' }, roles: ['admin'] })
  expect(answer.refreshToken!.reveal()).toBe('r1')
  expect(wire()).toEqual([
    [`PUT ${BASE}/login`, { 'x-api-key': 'key' }, { user: { email: PERSON.username, pass: PERSON.password } }],
  ])
})

test('a function may make the body of a sign-in from whatever was handed over', async () => {
  const { backend, wire } = scene(
    { signIn: { path: '/login', body: ({ code = '' }) => ({ grant: 'code', code }) } },
    { token: 't' },
  )
  await backend.signIn({ code: 'abc' }, call)
  expect(wire()[0]![2]).toEqual({ grant: 'code', code: 'abc' })
})

describe('a moment', () => {
  const inTenMinutes = NOW + 10 * MIN
  test.each([
    ['s', inTenMinutes / 1_000],
    ['ms', inTenMinutes],
    ['iso', new Date(inTenMinutes).toISOString()],
    ['iso', new Date(inTenMinutes).toISOString().replace('Z', '123+00:00')],
    ['s-from-now', 600],
    ['ms-from-now', 600_000],
  ] as const)('may be told in %s: %o', async (unit, end) => {
    const { backend } = scene({ answer: { token: 't', expires: { field: 'end', unit } } }, { t: 'opaque', end })
    expect((await backend.signIn(PERSON, call)).expiresAt).toBe(inTenMinutes)
  })

  test.each([
    ['s', 'soon'],
    ['s', null],
    ['s', -1],
    ['s', NOW],
    ['ms', NOW],
    ['iso', NOW],
    ['iso', 'tomorrow'],
    ['s-from-now', 0],
    ['ms-from-now', '600000'],
  ] as const)('of the wrong kind is named: %s %o', async (unit, end) => {
    const { backend } = scene(
      { answer: { token: 't', expires: { field: 'data.end', unit } } },
      { t: 'o', data: { end } },
    )
    await expect(backend.signIn(PERSON, call)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining(`REST API: POST ${BASE}/login: "data.end" must be`),
    })
  })

  test('of the refresh token may be told too', async () => {
    const { backend } = scene(
      { answer: { token: 't', refreshToken: 'r', refreshExpires: { field: 'e', unit: 's-from-now' } } },
      { t: 'a', r: 'b', e: 3_600 },
    )
    expect(await backend.signIn(PERSON, call)).toMatchObject({ expiresAt: null, refreshExpiresAt: NOW + 60 * MIN })
  })
})

describe('a refresh', () => {
  const fields = { token: 'token', refreshToken: 'refresh' }
  const first = { token: jwtOf(900, { sub: 'ada' }), refresh: 'r1' }

  test('may rotate a refresh token in the body', async () => {
    const refresh = { path: '/refresh', with: 'refresh-token', field: 'refresh' } as const
    const { backend, wire } = scene({ refresh, answer: fields }, first, { ...first, refresh: 'r2' })
    const answer = await backend.refresh!(await grantOf(backend), call)
    expect(wire()[1]).toEqual([`POST ${BASE}/refresh`, {}, { refresh: 'r1' }])
    expect(answer.refreshToken!.reveal()).toBe('r2')
    expect(backend).toMatchObject({ renewsWith: 'refresh-token', prolongs: true })
  })

  test('may send it as Bearer, and answer in fields of its own, without a new one', async () => {
    const refresh = {
      path: '/r',
      method: 'GET',
      with: 'refresh-token',
      prolongs: false,
      answer: { token: 't' },
    } as const
    const { backend, wire } = scene({ refresh, answer: fields }, first, { t: 'next' })
    const answer = await backend.refresh!(await grantOf(backend), call)
    expect(wire()[1]).toEqual([`GET ${BASE}/r`, { authorization: 'Bearer r1' }])
    expect(answer).not.toHaveProperty('refreshToken')
    expect(answer).not.toHaveProperty('refreshExpiresAt')
    expect(backend.prolongs).toBe(false)
  })

  test('may go by a cookie that no script can read', async () => {
    const cookie = { path: '/refresh', with: 'cookie' } as const
    const { backend, sent, wire } = scene(
      { refresh: cookie, signOut: { ...cookie, path: '/logout' } },
      { token: jwtOf(900, { sub: 'ada' }) },
      { token: jwtOf(900, { sub: 'ada', jti: 2 }) },
      new Response(null, { status: 204 }),
    )
    const grant = await grantOf(backend)
    expect(grant.refreshExpiresAt).toBeNull()
    await backend.refresh!(grant, call)
    await backend.revoke!(grant, call)
    expect(wire().slice(1)).toEqual([
      [`POST ${BASE}/refresh`, {}],
      [`POST ${BASE}/logout`, {}],
    ])
    expect(sent.map(({ init }) => init.credentials)).toEqual(['include', 'include', 'include'])
    expect(backend).toMatchObject({ renewsWith: 'cookie', revokesWith: 'nothing' })
  })

  describe('by a cookie, which may by now be somebody else’s,', () => {
    const refresh = { path: '/refresh', with: 'cookie' } as const
    const answer = { token: 'token', userKey: 'user.id', userName: 'user.name' }
    const ada = { token: jwtOf(900, { sub: 'ada' }), user: { id: 7, name: 'Ada' } }

    test.each([
      ['sign-in', { token: 'opaque' }, undefined, '"sub of token"'],
      ['sign-in', { token: 'opaque', user: { name: 'Ada' } }, answer, '"user.id"'],
    ])('tells at the %s whose session it is, or is malformed', async (_, body, fields, name) => {
      const { backend } = scene({ refresh, ...(fields && { answer: fields }) }, body)
      await expect(backend.signIn(PERSON, call)).rejects.toThrow(`${name} must be a text or a whole number`)
    })

    test('tells it at each refresh, or is malformed', async () => {
      const { backend } = scene({ refresh, answer }, ada, { token: 'opaque', user: { name: 'Ada' } })
      await expect(backend.refresh!(await grantOf(backend), call)).rejects.toThrow('"user.id" must be')
    })

    test('need not, where the token says that it is for the same', async () => {
      const { backend } = scene({ refresh, answer }, ada, { token: ada.token })
      expect(await backend.refresh!(await grantOf(backend), call)).not.toHaveProperty('user')
    })

    test('is somebody else where the token is for another', async () => {
      const { backend } = scene({ refresh, answer }, ada, { ...ada, token: jwtOf(900, { sub: 'bob' }) })
      expect((await backend.refresh!(await grantOf(backend), call)).user).toEqual({ key: 'bob', name: 'bob' })
    })
  })

  test('that tells the name alone leaves the key as it was', async () => {
    const answer = { token: 'token', userKey: 'user.id', userName: 'user.name' }
    const refresh = { path: '/r', with: 'token' } as const
    const ada = { token: 'a', user: { id: 1, name: 'Ada' } }
    const { backend } = scene({ refresh, answer }, ada, { token: 'b', user: { name: 'Ada L.' } })
    expect((await backend.refresh!(await grantOf(backend), call)).user).toEqual({ key: '1', name: 'Ada L.' })
  })

  test('has its own fields over those of a sign-in, and may leave out every end', async () => {
    const refresh = { path: '/r', with: 'refresh-token', answer: { token: 'access' } } as const
    const answer = {
      token: 'token',
      refreshToken: 'refresh',
      expires: { field: 'ends', unit: 's-from-now' },
      refreshExpires: { field: 'refreshEnds', unit: 's-from-now' },
      userKey: 'id',
    } as const
    const signedIn = { token: 'a', ends: 60, refresh: 'r1', refreshEnds: 600, id: 7 }
    const { backend } = scene({ refresh, answer }, signedIn, { access: jwtOf(900, { sub: 'x' }), refresh: 'r2' })
    const next = await backend.refresh!(await grantOf(backend), call)
    expect(next).toMatchObject({ expiresAt: NOW + 15 * MIN, refreshExpiresAt: null })
    expect(next.refreshToken!.reveal()).toBe('r2')
    expect(next).not.toHaveProperty('user')
  })

  test('tells the end of a refresh token or cookie that it prolongs', async () => {
    const refresh = { path: '/r', with: 'cookie' } as const
    const answer = { token: 'token', userKey: 'id', refreshExpires: { field: 'ends', unit: 's-from-now' } } as const
    const { backend } = scene({ refresh, answer }, { token: 'a', id: 7, ends: 600 }, { token: 'b', id: 7, ends: 900 })
    const grant = await grantOf(backend)
    expect(grant.refreshExpiresAt).toBe(NOW + 10 * MIN)
    expect((await backend.refresh!(grant, call)).refreshExpiresAt).toBe(NOW + 15 * MIN)
  })

  test.each([
    ['stays', { token: 'b' }, false],
    ['rotates', { token: 'b', refresh: 'r2' }, true],
  ])('shows whether it prolongs the refresh token: it %s', async (_, body, prolongs) => {
    const { backend } = scene({ refresh: { path: '/r', with: 'refresh-token' }, answer: fields }, first, body)
    expect(backend.prolongs).toBe(true)
    await backend.refresh!(await grantOf(backend), call)
    expect(backend.prolongs).toBe(prolongs)
  })

  test('sends no cookie where none is spoken of', async () => {
    const { backend, sent } = scene({}, { token: 'a' })
    await backend.signIn(PERSON, call)
    expect(sent[0]!.init).not.toHaveProperty('credentials')
  })

  test('may leave out who it is, and tells of someone else', async () => {
    const answer = { token: 'token', userKey: 'user.id', userName: 'user.name' }
    const refresh = { path: '/r', with: 'token' } as const
    const ada = { token: 'a', user: { id: 1, name: 'Ada' } }
    const { backend } = scene({ refresh, answer }, ada, { token: 'b' }, { token: 'c', user: { id: 2, name: 'Bob' } })
    const grant = await grantOf(backend)
    expect(await backend.refresh!(grant, call)).not.toHaveProperty('user')
    expect(await backend.refresh!(grant, call)).toMatchObject({ user: { key: '2', name: 'Bob' } })
  })
})

test('a sign-out may want the refresh token', async () => {
  const signOut = { path: '/logout', with: 'refresh-token', field: 'token.refresh', method: 'DELETE' } as const
  const { backend, sent, wire } = scene(
    { signOut, answer: { token: 'token', refreshToken: 'refresh' } },
    { token: 'a', refresh: 'r' },
    new Response(null, { status: 204 }),
  )
  await backend.revoke!(await grantOf(backend), call)
  expect(wire()[1]).toEqual([`DELETE ${BASE}/logout`, {}, { token: { refresh: 'r' } }])
  expect(sent[1]!.init.keepalive).toBe(true)
  expect(backend.revokesWith).toBe('refresh-token')
})

test('of two headers of one name, in any case, the one nearer to the request counts', async () => {
  const headers = { Authorization: 'Basic app', 'Content-Type': 'application/vnd.x+json' }
  const refresh = { path: '/r', with: 'token' } as const
  const { backend, sent } = scene({ headers, refresh }, { token: 'a' }, { token: 'b' })
  await backend.refresh!(await grantOf(backend), call)
  expect(sent.map(({ init }) => new Headers(init.headers).get('authorization'))).toEqual(['Basic app', 'Bearer a'])
  expect(new Headers(sent[0]!.init.headers).get('content-type')).toBe('application/vnd.x+json')
})

test('the token may go in a header of its own', async () => {
  const { backend } = scene({ header: { name: 'x-auth-token' } }, { token: 'a' })
  expect(backend.headers(await grantOf(backend))).toEqual({ 'x-auth-token': 'a' })
  const { backend: usual } = scene({ header: { name: 'Authorization' } }, { token: 'a' })
  expect(usual.headers(await grantOf(usual))).toEqual({ Authorization: 'Bearer a' })
})

test('a field of the body called __proto__ is a field', async () => {
  const { backend, sent } = scene(
    { signIn: { path: '/l', body: { username: '__proto__.name', password: 'p' } } },
    { token: 'a' },
  )
  await backend.signIn(PERSON, call)
  expect(sent[0]!.init.body).toBe(`{"__proto__":{"name":"${PERSON.username}"},"p":"${PERSON.password}"}`)
  expect({}).not.toHaveProperty('name')
})

describe('which answers are refusals', () => {
  const outcome = (signIn: Partial<RestOptions['signIn']>, answer: Response) =>
    scene({ signIn: { path: '/login', ...signIn } }, answer)
      .backend.signIn(PERSON, call)
      .catch(({ kind }) => kind)

  test.each([
    [[401], 401, 'refused'],
    [[400, 403, 422], 422, 'refused'],
    [[400], 401, 'malformed'],
    [[401], 429, 'unreachable'],
  ])('may be any set of statuses: %o', async (refusals, status, kind) => {
    expect(await outcome({ refusals }, new Response('{}', { status }))).toBe(kind)
  })

  test('are not said by a function that throws', async () => {
    const refusals = (_: number, body: unknown) => (body as { user: unknown }).user === null
    const down = new Response('<h1>', { status: 503, headers: { 'retry-after': '30' } })
    expect(await outcome({ refusals }, down)).toBe('unreachable')
  })

  test('may be a 200 that says "nobody"', async () => {
    const refusals = (status: number, body: unknown) => status === 200 && (body as { user: unknown }).user === null
    expect(await outcome({ refusals }, Response.json({ user: null }))).toBe('refused')
    expect(await outcome({ refusals }, Response.json({ user: 1, token: 'a' }))).toMatchObject({ user: { key: null } })
  })
})

describe('an answer to a sign-in', () => {
  const answer = { token: 'data.token', refreshToken: 'data.refresh', userKey: 'data.id', roles: 'data.roles' }
  const whole = { token: 'a', refresh: 'r', id: 1, roles: [] }
  test.each([
    ['data.token', { token: undefined }],
    ['data.token', { token: { toString: 'x' } }],
    ['data.refresh', { refresh: undefined }],
    ['data.id', { id: {} }],
    ['data.id', { id: '' }],
    ['data.id', { id: 2 ** 60 }],
    ['data.roles', { roles: {} }],
  ])('is malformed, by name, without %s', async (field, change) => {
    const { backend } = scene({ answer }, { data: { ...whole, ...change } })
    await expect(backend.signIn(PERSON, call)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining(`"${field}" must be`),
    })
  })

  test('never reads what an object merely inherits', async () => {
    const { backend } = scene({ answer: { token: 'constructor.name' } }, {})
    await expect(backend.signIn(PERSON, call)).rejects.toMatchObject({ kind: 'malformed' })
  })
})

describe('a configuration that can not work is named at once', () => {
  test.each([
    [{ signIn: { path: 'login' } }, /"login" must have a path that begins with one "\/"/],
    [{ refresh: { path: '/r', with: 'token', method: 'GET', field: 'token' } }, /"\/r" can not carry "token"/],
    [{ signIn: { path: '//elsewhere.example/login' } }, /must have a path that begins with one "\/"/],
    [{ signIn: { path: '/login', method: 'GET' } }, /signIn can not be a GET/],
    [{ refresh: { path: '/r', with: 'cookie', field: 'x' } }, /"\/r" needs no "x"/],
    [{ signIn: undefined as never }, /rest needs signIn: \{ path \}/],
    [{ answer: {} as never }, /and answer: \{ token \}/],
    [{ refresh: { path: '/r', with: 'cooky' as never } }, /"\/r" must say with: one of token, refresh-token, cookie/],
    [
      { answer: { token: 't', expires: { field: 'e', unit: 'min' as never } } },
      /unit of "e" must be one of s, ms, iso/,
    ],
    [{ header: { name: 'X Token' } }, /X Token/i],
    [{ headers: { 'x y': '' } }, /x y/i],
    [{ signOut: { path: '/o', with: 'refresh-token' } }, /"\/o" needs answer.refreshToken/],
    [{ baseUrl: undefined as never }, /baseUrl must be a text/],
  ] satisfies [Partial<RestOptions>, RegExp][])('%o', (options, message) => {
    expect(() => rest({ ...PLAIN, system: 'Mine', ...options })).toThrow(message)
  })
})
