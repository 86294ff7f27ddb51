import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import type { MockOptions } from './index.ts'

const ANALYST = { username: 'analyst@example.com', password: 'bug#1' }
const DAY = 86_400_000

function makeRest(options: MockOptions = {}) {
  const made = makeBackend(options)
  const login = (headers = {}) => made.call('POST', '/rest/login', { body: ANALYST, headers })
  return {
    ...made,
    login,
    pair: async () => (await (await login()).json()).data as { accessToken: string; refreshToken: string },
    refresh: (refreshToken: unknown) => made.call('POST', '/rest/refresh', { body: { refreshToken } }),
    logout: (refreshToken: unknown) => made.call('POST', '/rest/logout', { body: { refreshToken } }),
    me: async (token: string) => (await made.call('GET', '/rest/me', { token })).status,
  }
}

describe('rest sign-in', () => {
  test('answers with tokens in data, their end in milliseconds from now, and the user', async () => {
    const { login, me } = makeRest()
    const { data } = await (await login()).json()
    expect(data).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 900_000,
      user: { id: 7, name: 'Analyst', roles: ['GLOBAL_ADMIN'] },
    })
    expect(await me(data.accessToken)).toBe(200)
  })

  test('makes tokens that say by whom, for whom and what for, and no more of a person than an id', async () => {
    const { accessToken, refreshToken } = await makeRest().pair()
    const iat = Date.UTC(2019, 6, 14, 12, 11, 10) / 1000
    const claims = { iss: 'stillhere-mock', aud: 'rest', sub: '7', iat, jti: expect.any(String) }
    expect(decodeJwt(accessToken)).toEqual({ ...claims, exp: iat + 900 })
    expect(decodeJwt(refreshToken)).toEqual({ ...claims, exp: iat + 86_400 })
    const { kid, ...header } = decodeProtectedHeader(accessToken)
    expect([header, kid]).toEqual([{ alg: 'HS256', typ: 'at+jwt' }, expect.any(String)])
    expect(decodeProtectedHeader(refreshToken)).toEqual({ alg: 'HS256', typ: 'rt+jwt', kid })
  })

  test('refuses a wrong password and an unknown user in the same words', async () => {
    const { call } = makeRest()
    const refused = async (body: unknown) => {
      const response = await call('POST', '/rest/login', { body })
      return [response.status, await response.json()]
    }
    const words = { error: { code: 'invalid_credentials', message: 'Wrong user name or password.' } }
    expect(await refused({ ...ANALYST, password: 'wrong' })).toEqual([401, words])
    expect(await refused({ ...ANALYST, username: 'nobody' })).toEqual([401, words])
    expect(await refused({ username: 'nobody' })).toEqual([
      400,
      { error: { code: 'bad_request', message: expect.any(String), field: 'password' } },
    ])
  })

  test('is throttled as everywhere, and says for how long', async () => {
    const { call, login } = makeRest()
    for (let i = 0; i < 5; i++) await call('POST', '/rest/login', { body: { ...ANALYST, password: 'wrong' } })
    const response = await login()
    expect([response.status, response.headers.get('Retry-After')]).toEqual([429, '1'])
    expect((await response.json()).error.code).toBe('too_many_attempts')
  })

  test('takes the place of the session it comes from', async () => {
    const { pair, login, me } = makeRest()
    const { accessToken } = await pair()
    await login({ Authorization: `Bearer ${accessToken}` })
    expect(await me(accessToken)).toBe(401)
  })

  test('a life asked for shortens access tokens and leaves refresh tokens their day', async () => {
    const { login, pass, refresh } = makeRest()
    const { data } = await (await login({ 'x-stillhere-mock-ttl': '90' })).json()
    expect(data.expiresIn).toBe(90_000)
    pass(DAY - 1000)
    const renewed = await (await refresh(data.refreshToken)).json()
    expect(renewed.data.expiresIn).toBe(90_000)
  })
})

describe('rest refresh', () => {
  test('gives a new pair, and the old access token lives to its own end', async () => {
    const { pair, refresh, me, pass } = makeRest()
    const first = await pair()
    const second = (await (await refresh(first.refreshToken)).json()).data
    pass(899_000)
    const third = (await (await refresh(second.refreshToken)).json()).data
    expect([await me(first.accessToken), await me(second.accessToken), await me(third.accessToken)]).toEqual([
      200, 200, 200,
    ])
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3)
  })

  test.each([
    [DAY, {}],
    [3600_000, { refreshTtl: 3600 }],
  ])('is over %i ms after the sign-in with %j, however often it was done', async (life, options) => {
    const { pair, refresh, pass } = makeRest(options)
    let { refreshToken } = await pair()
    const ends = [decodeJwt(refreshToken).exp]
    for (let i = 0; i < 4; i++) {
      pass(life / 4 - 250)
      refreshToken = (await (await refresh(refreshToken)).json()).data.refreshToken
      ends.push(decodeJwt(refreshToken).exp)
    }
    expect(new Set(ends)).toEqual(new Set([(Date.UTC(2019, 6, 14, 12, 11, 10) + life) / 1000]))
    pass(1000)
    expect((await refresh(refreshToken)).status).toBe(401)
  })

  test('never passes the absolute limit of the session', async () => {
    const { pair, refresh, me, pass } = makeRest({ sessionLimit: 50_000 })
    const first = await pair()
    pass(40_000_000)
    const { data } = await (await refresh(first.refreshToken)).json()
    expect(decodeJwt(data.refreshToken).exp).toBe(decodeJwt(first.refreshToken).iat! + 50_000)
    pass(10_000_000)
    expect([await me(data.accessToken), (await refresh(data.refreshToken)).status]).toEqual([401, 401])
  })

  test('with a spent token ends the session with all that came of it, and logs it', async () => {
    const lines: string[] = []
    const { pair, refresh, me, backend } = makeRest({ log: (line) => lines.push(line) })
    const first = await pair()
    const bystander = await pair()
    const second = (await (await refresh(first.refreshToken)).json()).data
    expect(await backend.isLive(first.refreshToken)).toBe(false)
    expect(await me(first.accessToken)).toBe(200)
    const reuse = await refresh(first.refreshToken)
    expect([reuse.status, (await reuse.json()).error.code]).toEqual([401, 'invalid_token'])
    expect((await refresh(second.refreshToken)).status).toBe(401)
    expect([await me(first.accessToken), await me(second.accessToken), await me(bystander.accessToken)]).toEqual([
      401, 401, 200,
    ])
    expect(lines.map((line) => line.split(' ')[1])).toEqual([
      'sign-in',
      'sign-in',
      'refresh',
      'refresh-reused',
      'ended-token',
      'ended-token',
      'ended-token',
    ])
    for (const { refreshToken } of [first, second]) expect(lines.join()).not.toContain(refreshToken)
  })

  test('with one token many times at once is answered once, and ends the session', async () => {
    const { pair, refresh, me } = makeRest()
    const { refreshToken } = await pair()
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)))
    const won = answers.filter(({ status }) => status === 200)
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)])
    expect(await me((await won[0]!.json()).data.accessToken)).toBe(401)
  })

  test('takes nothing but a live refresh token of its own', async () => {
    const { call, pair, refresh, token, backend } = makeRest()
    const { accessToken, refreshToken } = await pair()
    for (const wrong of [accessToken, await token(), '', 'nonsense', `${refreshToken}x`, undefined]) {
      expect([wrong, (await refresh(wrong)).status]).toEqual([wrong, 401])
    }
    expect((await call('POST', '/rest/refresh')).status).toBe(401)
    expect((await call('POST', '/rest/refresh', { token: refreshToken })).status).toBe(401)
    for (const body of ['{', [], { refreshToken: 7 }]) {
      expect((await call('POST', '/rest/refresh', { body })).status).toBe(400)
    }
    expect(await backend.isLive(refreshToken)).toBe(true)
  })
})

describe('with a grace, a refresh', () => {
  test('whose answer was lost may be asked for once more', async () => {
    const { pair, refresh, me, pass } = makeRest({ refreshGrace: 10 })
    const { refreshToken } = await pair()
    await refresh(refreshToken)
    pass(9999)
    const again = await (await refresh(refreshToken)).json()
    expect(await me(again.data.accessToken)).toBe(200)
    expect((await refresh(again.data.refreshToken)).status).toBe(200)
  })

  test('comes too late after it', async () => {
    const { pair, refresh, me, pass } = makeRest({ refreshGrace: 10 })
    const { refreshToken } = await pair()
    const { data } = await (await refresh(refreshToken)).json()
    pass(10_000)
    expect([(await refresh(refreshToken)).status, await me(data.accessToken)]).toEqual([401, 401])
  })

  test('comes too late once the token given for it has been used', async () => {
    const { pair, refresh, me } = makeRest({ refreshGrace: 10 })
    const { refreshToken } = await pair()
    const second = (await (await refresh(refreshToken)).json()).data
    const third = (await (await refresh(second.refreshToken)).json()).data
    expect([(await refresh(refreshToken)).status, await me(third.accessToken)]).toEqual([401, 401])
  })
})

describe('rest sign-out', () => {
  test('wants the refresh token and kills every token of the session', async () => {
    const { pair, refresh, logout, me } = makeRest()
    const first = await pair()
    const second = (await (await refresh(first.refreshToken)).json()).data
    expect((await logout(second.refreshToken)).status).toBe(204)
    expect([await me(first.accessToken), await me(second.accessToken)]).toEqual([401, 401])
    expect((await refresh(second.refreshToken)).status).toBe(401)
    expect((await logout(second.refreshToken)).status).toBe(401)
  })

  test('takes a spent one too: who has it wants out', async () => {
    const { pair, refresh, logout, me } = makeRest()
    const { refreshToken } = await pair()
    const { data } = await (await refresh(refreshToken)).json()
    expect([(await logout(refreshToken)).status, await me(data.accessToken)]).toEqual([204, 401])
  })

  test('is refused without one, and with the access token in its place', async () => {
    const { call, pair, logout, me } = makeRest()
    const { accessToken } = await pair()
    expect((await call('POST', '/rest/logout', { token: accessToken })).status).toBe(401)
    expect((await logout(accessToken)).status).toBe(401)
    expect(await me(accessToken)).toBe(200)
  })
})

describe('rest revocation', () => {
  const revoke = (call: ReturnType<typeof makeRest>['call'], form: Record<string, string>) =>
    call('POST', '/rest/revoke', {
      body: new URLSearchParams(form).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    })

  test.each(['accessToken', 'refreshToken'] as const)('of the %s ends its session and no other', async (which) => {
    const { call, pair, refresh, me } = makeRest()
    const [mine, other] = [await pair(), await pair()]
    const answer = await revoke(call, { token: mine[which], token_type_hint: 'access_token' })
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect([await me(mine.accessToken), (await refresh(mine.refreshToken)).status]).toEqual([401, 401])
    expect(await me(other.accessToken)).toBe(200)
    expect((await revoke(call, { token: mine[which] })).status).toBe(200)
  })

  test('says the same of unknown and expired tokens, and leaves those of other systems alone', async () => {
    const { call, pair, token, pass, statusFor } = makeRest()
    const foreign = await token()
    const { accessToken } = await pair()
    pass(900_000)
    for (const any of ['', 'nonsense', foreign, accessToken]) {
      const answer = await revoke(call, { token: any })
      expect([answer.status, await answer.text()]).toEqual([200, ''])
    }
    expect(await statusFor(foreign)).toBe(200)
  })

  test('without a token is no request', async () => {
    const answer = await revoke(makeRest().call, { refreshToken: 'x' })
    expect([answer.status, (await answer.json()).error]).toEqual([
      400,
      { code: 'invalid_request', message: 'is required', field: 'token' },
    ])
  })
})

describe('what rest protects', () => {
  test('is the user and a list of orders', async () => {
    const { call, pair } = makeRest()
    const { accessToken: token } = await pair()
    const me = await call('GET', '/rest/me', { token })
    expect(await me.json()).toEqual({ data: { id: 7, name: 'Analyst', roles: ['GLOBAL_ADMIN'] } })
    const { data } = await (await call('GET', '/rest/orders', { token })).json()
    expect(data[0]).toEqual({
      id: 10_421,
      placedAt: '2019-07-14T00:00:00.000Z',
      status: 'open',
      currency: 'EUR',
      total: 87_980,
      lines: [
        { sku: 'CHAIR-EX', name: 'Office chair, mesh back', price: 38_500, quantity: 2 },
        { sku: 'MAT-90', name: 'Floor mat, 90 × 120 cm', price: 5_490, quantity: 2 },
      ],
    })
    const times = data.map(({ placedAt }: { placedAt: string }) => placedAt)
    expect(times).toEqual([...times].sort().reverse())
  })

  test.each(['/rest/me', '/rest/orders'])('%s is refused without a good access token', async (path) => {
    const { call, pair, token, pass } = makeRest()
    const { accessToken, refreshToken } = await pair()
    const asked = async (options: { token?: string }) => {
      const response = await call('GET', path, options)
      return [response.status, response.headers.get('WWW-Authenticate'), (await response.json()).error.code]
    }
    const invalid = [401, 'Bearer realm="stillhere-mock", error="invalid_token"', 'invalid_token']
    expect(await asked({})).toEqual([401, 'Bearer realm="stillhere-mock"', 'unauthorized'])
    for (const wrong of [refreshToken, await token(), 'nonsense', ''])
      expect(await asked({ token: wrong })).toEqual(invalid)
    pass(900_000)
    expect(await asked({ token: accessToken })).toEqual(invalid)
  })

  test("a rest token is refused on another system's routes", async () => {
    const { pair, statusFor } = makeRest()
    const { accessToken, refreshToken } = await pair()
    expect([await statusFor(accessToken), await statusFor(refreshToken)]).toEqual([401, 401])
  })

  test.each([
    ['GET', '/rest/nothing', 404, 'not_found'],
    ['GET', '/rest/logout', 405, 'method_not_allowed'],
    ['GET', '/rest/cookie/logout', 405, 'method_not_allowed'],
  ])('%s %s is %d in the words of rest', async (method, path, status, code) => {
    const response = await makeRest().call(method, path)
    expect([response.status, (await response.json()).error.code]).toEqual([status, code])
  })
})

test('a limit on time that is none is refused at once', () => {
  for (const refreshGrace of [-1, Number.NaN, 61]) expect(() => makeRest({ refreshGrace })).toThrow(/refreshGrace/)
})
