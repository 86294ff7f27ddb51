import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import { makeBackend, makeControlled } from './fixture.ts'
import { createMockBackend, type MockOptions, type SystemName } from './index.ts'

type Call = ReturnType<typeof makeBackend>['call']

type Told = { status: number; detail: string }

/** What is the same at each system, with its own paths and words. */
type Dialect = {
  name: SystemName
  signInPath: string
  body: (username: string, password: string) => object
  tokenOf: (answer: never) => string
  protectedPath: string
  wrongPassword: number
  /** A path below the system's base that is not there. */
  nowhere: string
  /** Status and text of an error, out of its body. */
  told: (body: never, status: number) => Told
}

const dialects: readonly Dialect[] = [
  {
    name: 'eclecticiq',
    signInPath: '/auth',
    body: (username, password) => ({ username, password }),
    tokenOf: (answer: { token: string }) => answer.token,
    protectedPath: '/feeds/',
    wrongPassword: 401,
    nowhere: '/feeds/nowhere',
    told: (body: Told) => body,
  },
  {
    name: 'econnect',
    signInPath: '/identities/api/v1/authenticate',
    body: (username, password) => ({ username, password }),
    tokenOf: (answer: { token: string }) => answer.token,
    protectedPath: '/api/v1/badges',
    wrongPassword: 400,
    nowhere: '/identities/api/v1/nowhere',
    told: (body: Told) => body,
  },
  {
    name: 'eclipse',
    signInPath: '/eclipse-conductor/rest/v1/authentication/login',
    body: (identity, password) => ({ identity, password }),
    tokenOf: (answer: { headerValue: string }) => answer.headerValue.slice('Bearer '.length),
    protectedPath: '/eclipse-conductor/rest/v1/tenants/1/customers/100007',
    wrongPassword: 401,
    nowhere: '/eclipse-conductor/rest/v1/nowhere',
    told: ([{ description }]: [{ description: string }], status) => ({ status, detail: description }),
  },
  {
    name: 'datarhei',
    signInPath: '/api/login',
    body: (username, password) => ({ username, password }),
    tokenOf: (answer: { access_token: string }) => answer.access_token,
    protectedPath: '/api/v3/process',
    wrongPassword: 401,
    nowhere: '/api/v3/nowhere',
    told: ({ code, details }: { code: number; details: string[] }) => ({ status: code, detail: details.join() }),
  },
  {
    name: 'rest',
    signInPath: '/rest/login',
    body: (username, password) => ({ username, password }),
    tokenOf: (answer: { data: { accessToken: string } }) => answer.data.accessToken,
    protectedPath: '/rest/me',
    wrongPassword: 401,
    nowhere: '/rest/nowhere',
    told: ({ error }: { error: { message: string } }, status) => ({ status, detail: error.message }),
  },
]

const each = dialects.map((dialect) => [dialect.name, dialect] as const)

function speak(call: Call, { signInPath, body, tokenOf }: Dialect) {
  const signIn = (username = 'analyst@example.com', password = 'bug#1', headers: Record<string, string> = {}) =>
    call('POST', signInPath, { body: body(username, password), headers })
  return {
    signIn,
    token: async (headers = {}) => tokenOf((await (await signIn(undefined, undefined, headers)).json()) as never),
  }
}

const makeSpoken = (dialect: Dialect, options: MockOptions = {}) => {
  const made = makeControlled({ sleep: async () => {}, ...options })
  return { ...made, ...speak(made.call, dialect) }
}

describe.each(each)('%s', (_, dialect) => {
  const { name, signInPath, protectedPath, nowhere, told, wrongPassword } = dialect
  const tell = async (response: Response) => told((await response.json()) as never, response.status)

  test('takes no token of another system', async () => {
    const { call, token } = makeSpoken(dialect)
    const others = dialects.filter((other) => other !== dialect)
    expect((await call('GET', protectedPath, { token: await token() })).status).toBe(200)
    for (const other of others) {
      const foreign = await speak(call, other).token()
      expect([other.name, (await call('GET', protectedPath, { token: foreign })).status]).toEqual([other.name, 401])
    }
  })

  test('tells of unknown paths, wrong methods and bad bodies in its own words', async () => {
    const { call } = makeSpoken(dialect)
    expect(await tell(await call('GET', nowhere))).toMatchObject({ status: 404, detail: 'There is nothing here.' })
    const wrongMethod = await call('PUT', signInPath)
    expect(wrongMethod.headers.get('Allow')).toBe('POST')
    expect(await tell(wrongMethod)).toMatchObject({ status: 405, detail: 'Method not allowed.' })
    expect(await tell(await call('POST', signInPath, { body: '{' }))).toMatchObject({ status: 400 })
    const huge = await call('POST', signInPath, { body: dialect.body('ana', 'x'.repeat(65_536)) })
    expect(await tell(huge)).toMatchObject({ status: 413, detail: expect.stringContaining('larger than 65536 bytes') })
  })

  test('throttles, with Retry-After and in its own words', async () => {
    const { signIn, pass } = makeSpoken(dialect)
    for (let i = 0; i < 5; i++) expect((await signIn(undefined, 'wrong')).status).toBe(wrongPassword)
    const throttled = await signIn()
    expect(throttled.headers.get('Retry-After')).toBe('1')
    expect(await tell(throttled)).toMatchObject({ status: 429, detail: 'Too many failed sign-ins.' })
    pass(1000)
    expect((await signIn()).status).toBe(200)
  })

  test('fails on demand and by accident in its own words', async () => {
    const { backend, signIn, call } = makeSpoken(dialect)
    backend.setFaults({ status: 503, retryAfter: 7, times: 1 })
    const fault = await signIn()
    expect(fault.headers.get('Retry-After')).toBe('7')
    expect(await tell(fault)).toMatchObject({ status: 503, detail: 'A fault on demand.' })
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => {})
    const broken = vi.spyOn(crypto.subtle, 'deriveBits').mockRejectedValue(new Error('a secret of the server'))
    const accident = await signIn('lead@example.com', 'bug#2')
    broken.mockRestore()
    expect(await tell(accident)).toMatchObject({ status: 500, detail: 'The mock backend failed.' })
    expect(quiet).toHaveBeenCalledOnce()
    quiet.mockRestore()
    expect((await call('GET', protectedPath)).status).toBe(401)
  })

  test('is spoilt on demand: a body cut in half, a clock gone wrong', async () => {
    const { backend, signIn, token, call } = makeSpoken(dialect)
    backend.setFaults([{ malformed: 'json', match: signInPath, times: 1 }, { clockSkew: -86_400_000 }])
    const spoilt = await signIn()
    expect(spoilt.status).toBe(200)
    await expect(spoilt.json()).rejects.toThrow(SyntaxError)
    const jwt = await token()
    const { iat } = { ...decodeJwt(jwt), ...decodeProtectedHeader(jwt) }
    const at = Date.UTC(2019, 6, 13, 12, 11, 10)
    expect(iat).toBe(at / 1000)
    const answer = await call('GET', protectedPath, { token: jwt })
    expect([answer.status, answer.headers.get('Date')]).toEqual([200, new Date(at).toUTCString()])
  })

  test('gives shorter tokens to a client that asks, and tells who asks badly', async () => {
    const { call, token, pass, signIn } = makeSpoken(dialect)
    const [short, long] = [await token({ 'x-stillhere-mock-ttl': '90' }), await token()]
    const statusFor = async (jwt: string) => (await call('GET', protectedPath, { token: jwt })).status
    pass(89_999)
    expect([await statusFor(short), await statusFor(long)]).toEqual([200, 200])
    pass(1)
    expect([await statusFor(short), await statusFor(long)]).toEqual([401, 200])
    const refused = await signIn(undefined, undefined, { 'x-stillhere-mock-ttl': 'soon' })
    expect(await tell(refused)).toMatchObject({
      status: 400,
      detail: expect.stringContaining('x-stillhere-mock-ttl: a whole number of seconds'),
    })
  })

  test('writes sign-ins, refusals and dead tokens to the audit log', async () => {
    const lines: string[] = []
    const { signIn, token, call, pass } = makeSpoken(dialect, { ttl: 60, log: (line) => lines.push(line) })
    const jwt = await token()
    await signIn(undefined, 'wrong')
    pass(60_000)
    await call('GET', protectedPath, { token: jwt })
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['sign-in', 'sign-in-refused', 'expired-token'])
    for (const secret of [jwt, 'wrong', 'bug#1']) expect(lines.join('\n')).not.toContain(` ${secret}`)
  })

  test('is alone where it alone is asked for', async () => {
    const { call, token, backend } = makeSpoken(dialect, { systems: [name] })
    expect((await call('GET', protectedPath, { token: await token() })).status).toBe(200)
    for (const other of dialects.filter((one) => one !== dialect)) {
      const response = await call('POST', other.signInPath, { body: other.body('analyst@example.com', 'bug#1') })
      expect([other.name, response.status]).toEqual([other.name, 404])
      expect(backend.owns(other.signInPath)).toBe(false)
      expect(await tell(response)).toMatchObject({ status: 404, detail: 'There is nothing here.' })
    }
    expect(backend.owns('/auth0/oauth/token')).toBe(name === 'datarhei')
  })
})

test('an account throttled at one system is throttled at all', async () => {
  const { call } = makeBackend({ sleep: async () => {} })
  for (const dialect of dialects) await speak(call, dialect).signIn(undefined, 'wrong')
  for (const dialect of dialects) expect((await speak(call, dialect).signIn()).status).toBe(429)
})

test('revoking everyone ends the sessions of all systems', async () => {
  const { call, backend } = makeBackend()
  const tokens = await Promise.all(dialects.map((dialect) => speak(call, dialect).token()))
  expect(await backend.revokeAll()).toBe(dialects.length)
  expect(await Promise.all(tokens.map(backend.isLive))).toEqual(tokens.map(() => false))
})

test('a system that there is not, or none at all, is refused at once', () => {
  expect(() => createMockBackend({ systems: ['eclipsed' as SystemName] })).toThrow(
    /systems: there is no system "eclipsed"; there are eclecticiq, /,
  )
  expect(() => createMockBackend({ systems: [] })).toThrow(/systems: name at least one/)
})

test('no two systems answer on the same path, and the mock owns all of them', () => {
  const names = dialects.map(({ name }) => name)
  const alone = names.map((name) => createMockBackend({ systems: [name] }))
  const { owns } = createMockBackend()
  const paths = [
    ...['/auth', '/api/auth', '/auth/refresh/', '/feeds/downloads/200', '/api/feeds/'],
    ...['/api/v1/authenticate', '/identities/api/v1/renewToken', '/api/v1/identities/501', '/api/v1/sites'],
    ...['login', 'renew', 'logout'].map((path) => `/eclipse-conductor/rest/v1/authentication/${path}`),
    '/eclipse-conductor/rest/v1/global/identities/ana/password-change-init',
    '/eclipse-conductor/rest/v1/tenants/1/customers/2/wallets',
    ...['/api', '/api/', '/api/login', '/api/login/refresh', '/api/v3/process/one/state', '/api/v3/config'],
    ...['/auth0/.well-known/jwks.json', '/auth0/oauth/token', '/rest/login', '/rest/cookie/refresh'],
  ]
  for (const path of paths) {
    expect([path, owns(path), alone.filter((backend) => backend.owns(path)).length]).toEqual([path, true, 1])
  }
})

test('odd paths, queries and bodies are never answered by 500, at any system', async () => {
  const quiet = vi.spyOn(console, 'error')
  const { call } = makeBackend({ sleep: async () => {} })
  const odd = ['%', '%00', '%E0%A4%A', '-1', '99999999999999999999', '…', '..%2f..', '\'"<']
  for (const dialect of dialects) {
    const token = await speak(call, dialect).token()
    for (const part of odd) {
      for (const path of [
        `${dialect.protectedPath}/${part}`,
        `${dialect.signInPath}?${part}`,
        `${dialect.nowhere}/${part}`,
      ]) {
        expect((await call('GET', path, { token })).status).toBeLessThan(500)
        expect((await call('POST', path, { token, body: '\u0000{"__proto__":{"type":"OTP"}}' })).status).toBeLessThan(
          500,
        )
      }
      const change = `/eclipse-conductor/rest/v1/global/identities/${part}/password-change`
      expect((await call('POST', `${change}-init`, { body: { type: 'OTP' } })).status).toBeLessThan(500)
      const body = { hash: part, password: 'a new password' }
      expect((await call('POST', change, { body })).status).toBeLessThan(500)
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
      expect((await call('POST', '/auth0/oauth/token', { headers, body: `grant_type=${part}` })).status).toBeLessThan(
        500,
      )
    }
  }
  expect(quiet).not.toHaveBeenCalled()
})

test('a form that is not UTF-8 is 400', async () => {
  const { backend } = makeBackend()
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const body = new Uint8Array([0x61, 0x3d, 0xff])
  const response = await backend.fetch('http://localhost/auth0/oauth/token', { method: 'POST', headers, body })
  expect([response.status, (await response.json()).error]).toEqual([400, 'invalid_request'])
})
