import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import { createMockBackend, type MockOptions } from './index.ts'

function makeCore(options: MockOptions = {}) {
  const sleeps: number[] = []
  const made = makeBackend({
    sleep: async (ms) => {
      sleeps.push(ms)
      made.pass(ms)
    },
    ...options,
  })
  const login = (username = 'analyst@example.com', password = 'bug#1', headers: Record<string, string> = {}) =>
    made.call('POST', '/api/login', { body: { username, password }, headers })
  return {
    ...made,
    sleeps,
    login,
    grant: async (headers = {}): Promise<{ access_token: string; refresh_token: string }> =>
      (await login(undefined, undefined, headers)).json(),
    refresh: (token: string) => made.call('GET', '/api/login/refresh', { token }),
    statusFor: async (token: string) => (await made.call('GET', '/api/v3/process', { token })).status,
  }
}

const unauthorized = (detail: string) => ({ code: 401, message: 'Unauthorized', details: [detail] })
const lifeOf = (token: string) => decodeJwt(token).exp! - decodeJwt(token).iat!

describe('a refused sign-in', () => {
  test.each([
    ['analyst@example.com', 'wrong'],
    ['nobody@example.com', 'bug#1'],
  ])('of %s is answered after 5 seconds', async (username, password) => {
    const { login, sleeps } = makeCore()
    const response = await login(username, password)
    expect(sleeps).toEqual([5000])
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual(
      unauthorized('Invalid authorization credentials: invalid username or password'),
    )
    expect(response.headers.get('WWW-Authenticate')).toBeNull()
  })

  test.each([[undefined], ['{"username": '], [{}], [[]], [{ username: 'ana' }], [{ username: 'ana', password: 7 }]])(
    'with a body of %j for credentials is 400 after 5 seconds',
    async (body) => {
      const { call, sleeps } = makeCore()
      const response = await call('POST', '/api/login', { body })
      expect(sleeps).toEqual([5000])
      expect([response.status, await response.json()]).toEqual([
        400,
        { code: 400, message: 'Bad Request', details: ['Missing authorization credentials'] },
      ])
    },
  )

  test('waits as long as the option says, which must be sensible', async () => {
    const { login, sleeps } = makeCore({ refusalDelay: 20 })
    await login('analyst@example.com', 'wrong')
    expect(sleeps).toEqual([20])
    expect(() => createMockBackend({ refusalDelay: -1 })).toThrow(/refusalDelay/)
  })

  test('that is throttled is answered at once', async () => {
    const sleeps: number[] = []
    const { login } = makeCore({ sleep: async (ms) => void sleeps.push(ms) })
    for (let i = 0; i < 5; i++) await login('analyst@example.com', 'wrong')
    const response = await login()
    expect([response.status, response.headers.get('Retry-After'), sleeps.length]).toEqual([429, '1', 5])
    expect(await response.json()).toMatchObject({ code: 429, message: 'Too Many Requests' })
  })

  test('does not keep the right one waiting', async () => {
    const { login, sleeps } = makeCore()
    expect((await login()).status).toBe(200)
    expect(sleeps).toEqual([])
  })
})

describe('tokens', () => {
  test('live 600 and 86 400 seconds and say what they are for', async () => {
    const { grant } = makeCore()
    const { access_token, refresh_token } = await grant()
    expect(decodeJwt(access_token)).toMatchObject({ exi: 600, usefor: 'access', sub: 'analyst@example.com' })
    expect(decodeJwt(refresh_token)).toMatchObject({ exi: 86_400, usefor: 'refresh', iss: 'datarhei-core' })
    expect([lifeOf(access_token), lifeOf(refresh_token)]).toEqual([600, 86_400])
    expect(decodeProtectedHeader(access_token)).toMatchObject({ alg: 'HS256', typ: 'JWT' })
  })

  test('are refused for what they are not for', async () => {
    const { grant, refresh, statusFor } = makeCore()
    const { access_token, refresh_token } = await grant()
    expect([await statusFor(access_token), await statusFor(refresh_token)]).toEqual([200, 401])
    expect([(await refresh(access_token)).status, (await refresh(refresh_token)).status]).toEqual([401, 200])
  })

  test('end at their exp, without leeway', async () => {
    const { grant, refresh, statusFor, pass } = makeCore()
    const { access_token, refresh_token } = await grant()
    pass(599_999)
    expect(await statusFor(access_token)).toBe(200)
    pass(1)
    expect(await statusFor(access_token)).toBe(401)
    pass(85_799_999)
    expect((await refresh(refresh_token)).status).toBe(200)
    pass(1)
    expect((await refresh(refresh_token)).status).toBe(401)
  })

  test('have their times cut to whole seconds: one of 15 s made late in a second ends sooner', async () => {
    const { grant, statusFor, pass } = makeCore({ ttl: 15 })
    pass(900)
    const { access_token } = await grant()
    expect(decodeJwt(access_token).exi).toBe(15)
    pass(14_099)
    expect(await statusFor(access_token)).toBe(200)
    pass(1)
    expect(await statusFor(access_token)).toBe(401)
  })

  test.each([
    [{ ttl: 90 }, undefined, 90],
    [{ ttl: 7200 }, undefined, 600],
    [{}, '90', 90],
    [{}, '86400', 600],
    [{ ttl: 60 }, '90', 60],
    [{ ttl: 7200 }, '7200', 600],
  ])('with the options %j and %s s asked for live %i s', async (options, asked, life) => {
    const { grant, refresh } = makeCore(options)
    const { access_token, refresh_token } = await grant(asked === undefined ? {} : { 'x-stillhere-mock-ttl': asked })
    expect([lifeOf(access_token), lifeOf(refresh_token)]).toEqual([life, 86_400])
    expect(lifeOf((await (await refresh(refresh_token)).json()).access_token)).toBe(life)
  })

  test('for refreshing live as long as the option says, and no longer than documented', async () => {
    const { grant, refresh, pass } = makeCore({ refreshTtl: 120 })
    const { refresh_token } = await grant()
    expect(decodeJwt(refresh_token).exi).toBe(120)
    pass(120_000)
    expect((await refresh(refresh_token)).status).toBe(401)
    for (const refreshTtl of [0, 1.5, 86_401]) expect(() => createMockBackend({ refreshTtl })).toThrow(/refreshTtl/)
  })

  test('are all dead after a change of the secret', async () => {
    const { grant, refresh, statusFor, backend } = makeCore()
    const { access_token, refresh_token } = await grant()
    await backend.rotateKeys({ keepOld: false })
    expect([await statusFor(access_token), (await refresh(refresh_token)).status]).toEqual([401, 401])
  })
})

describe('a refresh', () => {
  test('gives an access token alone, and the refresh token works again and again', async () => {
    const { grant, refresh, statusFor, pass } = makeCore()
    const { refresh_token } = await grant()
    for (let i = 0; i < 5; i++) {
      pass(3600_000)
      const body = await (await refresh(refresh_token)).json()
      expect(Object.keys(body)).toEqual(['access_token'])
      expect(await statusFor(body.access_token)).toBe(200)
    }
  })

  test.each([undefined, '', 'garbage'])('with %j for a token is refused as observed', async (token) => {
    const { call, sleeps } = makeCore()
    for (const path of ['/api/login/refresh', '/api/v3/process']) {
      const response = await call('GET', path, token === undefined ? {} : { token })
      expect([response.status, await response.json()]).toEqual([401, unauthorized('Missing or invalid JWT token')])
      expect(response.headers.get('WWW-Authenticate')).toBeNull()
    }
    expect(sleeps).toEqual([])
  })

  test('is refused after the session was revoked', async () => {
    const { grant, refresh, backend } = makeCore()
    const { refresh_token } = await grant()
    expect(await backend.revokeAll()).toBe(1)
    expect((await refresh(refresh_token)).status).toBe(401)
  })
})

test('there is no sign-out', async () => {
  const { call, grant } = makeCore()
  const { access_token } = await grant()
  expect((await call('POST', '/api/logout', { token: access_token })).status).toBe(404)
  expect((await call('DELETE', '/api/login', { token: access_token })).status).toBe(405)
})

test.each(['/api', '/api/'])('%s answers without a token, and more with an access token', async (path) => {
  const { call, grant, pass } = makeCore()
  const about = async (token?: string) => (await call('GET', path, token === undefined ? {} : { token })).json()
  const { access_token, refresh_token } = await grant()
  const minimal = {
    app: 'datarhei-core',
    auths: ['localjwt', expect.stringMatching(/^auth0 domain=stillhere\.auth0\.test /)],
    version: { number: '16' },
  }
  expect([await about(), await about('garbage'), await about(refresh_token)]).toEqual([minimal, minimal, minimal])
  pass(90_000)
  expect(await about(access_token)).toMatchObject({
    app: 'datarhei-core',
    name: 'stillhere-mock',
    uptime_seconds: 90,
    version: { number: '16.16.0' },
  })
})

describe('the API', () => {
  test('lists processes, each by its id, whose figures grow', async () => {
    const { call, grant, pass } = makeCore()
    const { access_token: token } = await grant()
    const get = async (path: string) => (await call('GET', `/api/v3/${path}`, { token })).json()
    const before = await get('process')
    expect(before).toHaveLength(3)
    for (const process of before) {
      expect(await get(`process/${encodeURIComponent(process.id)}`)).toEqual(process)
      expect(await get(`process/${process.id}/state`)).toEqual(process.state)
    }
    pass(10_000)
    const after = await get('process')
    expect(after[0].state.runtime_seconds).toBe(before[0].state.runtime_seconds + 10)
    expect(after[0].state.progress.frame).toBe(before[0].state.progress.frame + 250)
  })

  test('has its settings, without secrets, and its metrics', async () => {
    const { call, grant } = makeCore()
    const { access_token: token } = await grant()
    const { config } = await (await call('GET', '/api/v3/config', { token })).json()
    expect(config.api.auth).toMatchObject({ enable: true, username: '', password: '', jwt: { secret: '' } })
    const metrics = await (await call('GET', '/api/v3/metrics', { token })).json()
    expect(metrics.map(({ name }: { name: string }) => name)).toContain('restream_process')
  })

  test('has no other process', async () => {
    const { call, grant } = makeCore()
    const { access_token: token } = await grant()
    const response = await call('GET', '/api/v3/process/none', { token })
    expect([response.status, await response.json()]).toEqual([
      404,
      { code: 404, message: 'Not Found', details: ['Unknown process ID: none'] },
    ])
  })
})

describe('across origins', () => {
  const Origin = 'https://anywhere.example'

  test('anyone may read, with credentials, and sees of the headers Content-Length alone', async () => {
    const { call, login } = makeCore()
    for (const response of [
      await login(undefined, undefined, { Origin }),
      await call('GET', '/api', { headers: { Origin } }),
      await call('GET', '/api/v3/process', { headers: { Origin } }),
    ]) {
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(Origin)
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBe('true')
      expect(response.headers.get('Access-Control-Expose-Headers')).toBe('Content-Length')
    }
  })

  test('a preflight allows four headers, that for the life of tokens not among them', async () => {
    const headers = { Origin, 'Access-Control-Request-Method': 'POST' }
    const preflight = await makeCore().call('OPTIONS', '/api/login', { headers })
    expect([preflight.status, preflight.headers.get('Access-Control-Allow-Origin')]).toEqual([204, Origin])
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe(
      'Origin,Content-Length,Content-Type,Authorization',
    )
  })

  test('the option origins narrows it', async () => {
    const { login } = makeCore({ origins: ['https://console.example.com'] })
    expect((await login(undefined, undefined, { Origin })).headers.get('Access-Control-Allow-Origin')).toBeNull()
  })

  test('the other systems keep to their own rules', async () => {
    const { call } = makeCore()
    for (const path of ['/auth', '/api/v1/authenticate', '/auth0/oauth/token', '/eclipse-conductor', '/nowhere']) {
      const response = await call('GET', path, { headers: { Origin } })
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull()
    }
  })
})
