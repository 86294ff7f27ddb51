import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Auth0Options, createAuth0Tenant } from './auth0.ts'
import { makeBackend } from './fixture.ts'
import { createMockBackend, demoUsers, type MockOptions } from './index.ts'
import { toAccount } from './users.ts'

const AUDIENCE = 'https://core.example/api'
const ISSUER = 'https://stillhere.auth0.test/'
const SUBJECT = 'auth0|000000000000000000000007'
const REFUSED = { code: 401, message: 'Unauthorized', details: ['Invalid authorization credentials: invalid token'] }

const request = {
  grant_type: 'password',
  client_id: 'stillhere-mock',
  username: 'analyst@example.com',
  password: 'bug#1',
  audience: AUDIENCE,
  scope: 'openid profile',
}

function makeTenant(options: MockOptions = {}) {
  const sleeps: number[] = []
  const made = makeBackend({ sleep: async (ms) => void sleeps.push(ms), ...options })
  const ask = (body: unknown = request, headers: Record<string, string> = {}) =>
    made.call('POST', '/auth0/oauth/token', { body, headers })
  return {
    ...made,
    sleeps,
    ask,
    token: async (): Promise<string> => (await (await ask()).json()).access_token,
    jwks: async () => (await made.call('GET', '/auth0/.well-known/jwks.json')).json(),
    /** Signs in at datarhei Core with a token of Auth0. */
    login: (token: string) => made.call('POST', '/api/login', { token }),
  }
}

describe('the tenant', () => {
  test('hands out a token for a password that its public keys verify', async () => {
    const { ask, jwks } = makeTenant()
    const answer = await (await ask()).json()
    expect(answer).toEqual({
      access_token: expect.any(String),
      scope: 'openid profile',
      expires_in: 86_400,
      token_type: 'Bearer',
    })
    const iat = Date.UTC(2019, 6, 14, 12, 11, 10) / 1000
    const verified = await jwtVerify(answer.access_token, createLocalJWKSet(await jwks()), {
      currentDate: new Date(iat * 1000),
      algorithms: ['RS256'],
    })
    expect(verified.payload).toEqual({
      iss: ISSUER,
      sub: SUBJECT,
      aud: AUDIENCE,
      iat,
      exp: iat + 86_400,
      scope: 'openid profile',
      gty: 'password',
      azp: 'stillhere-mock',
    })
  })

  test('publishes the public half of its key alone', async () => {
    const { keys } = await makeTenant().jwks()
    expect(keys).toEqual([
      { kty: 'RSA', use: 'sig', alg: 'RS256', kid: expect.any(String), n: expect.any(String), e: 'AQAB' },
    ])
  })

  test('takes a form as well as JSON', async () => {
    const { ask } = makeTenant()
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    expect((await ask(new URLSearchParams(request).toString(), headers)).status).toBe(200)
  })

  test.each([
    [{ password: 'wrong' }, 403, 'invalid_grant', 'Wrong email or password.'],
    [{ username: 'nobody@example.com' }, 403, 'invalid_grant', 'Wrong email or password.'],
    [{ grant_type: 'implicit' }, 403, 'unsupported_grant_type', 'Unsupported grant type: implicit'],
    [{ grant_type: undefined }, 400, 'invalid_request', 'Missing required parameter: grant_type'],
    [{ password: undefined }, 400, 'invalid_request', 'Missing required parameter: password'],
    [{ client_id: 'another' }, 401, 'access_denied', 'Unauthorized'],
    [{ audience: 'https://other.example' }, 403, 'access_denied', 'Service not found: https://other.example'],
    [{ username: 7 }, 400, 'invalid_request', expect.stringMatching(/^username: /)],
  ])('refuses %j', async (change, status, error, error_description) => {
    const response = await makeTenant().ask({ ...request, ...change })
    expect([response.status, await response.json()]).toEqual([status, { error, error_description }])
  })

  test('throttles guesses', async () => {
    const { ask } = makeTenant()
    for (let i = 0; i < 5; i++) await ask({ ...request, password: 'wrong' })
    const response = await ask()
    expect([response.status, response.headers.get('Retry-After')]).toEqual([429, '1'])
    expect((await response.json()).error).toBe('too_many_attempts')
  })

  test('can be configured, and says what it can not be', async () => {
    const auth0: Auth0Options = { domain: 'acme.eu.auth0.test', audience: 'acme-api', clientId: 'acme', ttl: 60 }
    const { ask, login, call, pass } = makeTenant({ auth0 })
    const body = { ...request, client_id: 'acme', audience: 'acme-api' }
    const { access_token } = await (await ask(body)).json()
    expect(decodeJwt(access_token)).toMatchObject({ iss: 'https://acme.eu.auth0.test/', aud: 'acme-api', azp: 'acme' })
    expect((await login(access_token)).status).toBe(200)
    expect((await (await call('GET', '/api')).json()).auths[1]).toBe(
      'auth0 domain=acme.eu.auth0.test audience=acme-api clientid=acme',
    )
    pass(60_000)
    expect((await login(access_token)).status).toBe(401)
    expect(() => createMockBackend({ auth0: { allowed: ['nobody'] } })).toThrow(/auth0\.allowed: .*"nobody"/)
    expect(() => createMockBackend({ auth0: { ttl: 0 } })).toThrow(/auth0\.ttl/)
  })
})

describe('a sign-in at datarhei Core with a token of the tenant', () => {
  test('names the Auth0 user in the tokens, refreshed ones included', async () => {
    const { token, login, call, backend } = makeTenant()
    const grant = await (await login(await token())).json()
    const refreshed = await (await call('GET', '/api/login/refresh', { token: grant.refresh_token })).json()
    for (const jwt of [grant.access_token, grant.refresh_token, refreshed.access_token]) {
      expect(decodeJwt(jwt).sub).toBe(SUBJECT)
    }
    expect((await call('GET', '/api/v3/process', { token: refreshed.access_token })).status).toBe(200)
    expect((await backend.sessions()).map(({ user }) => user)).toEqual(['analyst@example.com'])
  })

  test('is for allowed users', async () => {
    const { token, login, ask } = makeTenant({ auth0: { allowed: ['lead@example.com'] } })
    const refused = await login(await token())
    expect([refused.status, await refused.json()]).toEqual([401, REFUSED])
    const lead = await (await ask({ ...request, username: 'lead@example.com', password: 'bug#2' })).json()
    expect((await login(lead.access_token)).status).toBe(200)
  })

  test('that is refused is in the audit log, without the token', async () => {
    const lines: string[] = []
    const { login } = makeTenant({ log: (line) => lines.push(line) })
    await login('garbage')
    expect(lines).toEqual(['2019-07-14T12:11:10.000Z sign-in-refused user="(unknown)" session=-'])
  })

  test('is all that its token is good for', async () => {
    const { token, call } = makeTenant()
    const jwt = await token()
    const statuses = ['/api/v3/process', '/api/login/refresh', '/feeds/', '/api/v1/identities'].map(
      async (path) => (await call('GET', path, { token: jwt })).status,
    )
    expect(await Promise.all(statuses)).toEqual([401, 401, 401, 401])
  })

  test("is not for Core's own tokens", async () => {
    const { token, login } = makeTenant()
    const { access_token, refresh_token } = await (await login(await token())).json()
    expect([(await login(access_token)).status, (await login(refresh_token)).status]).toEqual([401, 401])
  })

  test('is refused when the token has expired', async () => {
    const { token, login, pass } = makeTenant()
    const jwt = await token()
    pass(86_399_999)
    expect((await login(jwt)).status).toBe(200)
    pass(1)
    expect((await login(jwt)).status).toBe(401)
  })

  describe('that is forged', () => {
    let stranger: CryptoKey
    beforeAll(async () => {
      stranger = (await generateKeyPair('RS256')).privateKey
    })

    type Forge = (
      header: { alg: string; kid?: string },
      claims: ReturnType<typeof decodeJwt>,
      publicKey: CryptoKey,
    ) => Promise<string>
    const sign = (claims: object, header: { alg: string; kid?: string }, key: CryptoKey | Uint8Array) =>
      new SignJWT({ ...claims }).setProtectedHeader({ typ: 'JWT', ...header }).sign(key)

    const forgeries: [string, Forge][] = [
      ['by alg none', async (_, claims) => new UnsecuredJWT(claims).encode()],
      [
        'by alg none with the kid',
        async ({ kid }, claims) =>
          `${btoa(JSON.stringify({ alg: 'none', typ: 'JWT', kid }))}.${btoa(JSON.stringify(claims))}.`.replaceAll(
            '=',
            '',
          ),
      ],
      [
        'by HS256 with the public key',
        async ({ kid }, claims, publicKey) =>
          sign(claims, { alg: 'HS256', kid: kid! }, new TextEncoder().encode(await exportSPKI(publicKey))),
      ],
      ['by another key with the same kid', async (header, claims) => sign(claims, header, stranger)],
      ['by another key with another kid', async ({ alg }, claims) => sign(claims, { alg, kid: 'another' }, stranger)],
      ['by another key without a kid', async ({ alg }, claims) => sign(claims, { alg }, stranger)],
      ['by no key at all', async () => 'garbage'],
      ['by nothing', async () => ''],
      ['by sheer size', async () => 'x'.repeat(10_000)],
    ]

    test.each(forgeries)('%s is refused after 5 seconds', async (_, forge) => {
      const { token, jwks, login, sleeps } = makeTenant()
      const good = await token()
      const publicKey = (await importJWK((await jwks()).keys[0], 'RS256')) as CryptoKey
      const forged = await forge(
        decodeProtectedHeader(good) as { alg: string; kid: string },
        decodeJwt(good),
        publicKey,
      )
      const response = await login(forged)
      expect([response.status, await response.json()]).toEqual([401, REFUSED])
      expect(sleeps).toEqual([5000])
      expect((await login(good)).status).toBe(200)
    })

    test('by a change of its claims is refused', async () => {
      const { token, login } = makeTenant()
      const [header, payload, signature] = (await token()).split('.') as [string, string, string]
      const claims = { ...JSON.parse(atob(payload)), sub: 'auth0|000000000000000000000008' }
      const changed = btoa(JSON.stringify(claims)).replaceAll('=', '')
      expect((await login(`${header}.${changed}.${signature}`)).status).toBe(401)
    })
  })
})

describe('with the right key', () => {
  const accounts = demoUsers.map(toAccount)
  const now = () => 1_563_106_270_000

  test.each<[string, Auth0Options]>([
    ['another audience', { audience: 'https://other.example' }],
    ['another issuer', { domain: 'other.auth0.test' }],
    ['another application', { clientId: 'another' }],
  ])('%s is refused', async (_, options) => {
    const keys = generateKeyPair('RS256')
    const make = (own: Auth0Options) => createAuth0Tenant(accounts, now, own, () => keys)
    const [ours, other] = [make({}), make(options)]
    expect(await ours.accept(await ours.sign(accounts[0]!, ''))).toEqual(accounts[0])
    expect(await other.accept(await other.sign(accounts[0]!, ''))).toEqual(accounts[0])
    expect(await ours.accept(await other.sign(accounts[0]!, ''))).toBeUndefined()
  })

  test('another type, no kid, no subject, no exp, or a begin in the future is refused', async () => {
    const keys = generateKeyPair('RS256')
    const ours = createAuth0Tenant(accounts, now, {}, () => keys)
    const good = await ours.sign(accounts[0]!, '')
    const claims = decodeJwt(good)
    const { kid } = decodeProtectedHeader(good)
    const { privateKey } = await keys
    const accepts = async (header: object, change: object) => {
      const payload = JSON.parse(JSON.stringify({ ...claims, ...change }))
      const token = await new SignJWT(payload).setProtectedHeader({ alg: 'RS256', ...header }).sign(privateKey)
      return (await ours.accept(token)) !== undefined
    }
    expect(await accepts({ typ: 'JWT', kid }, {})).toBe(true)
    expect(await accepts({ typ: 'id+jwt', kid }, {})).toBe(false)
    expect(await accepts({ typ: 'JWT' }, {})).toBe(false)
    for (const change of [{ sub: undefined }, { exp: undefined }, { iat: undefined }, { nbf: now() / 1000 + 60 }]) {
      expect(await accepts({ typ: 'JWT', kid }, change)).toBe(false)
    }
  })
})

test('a reset makes another key, so that the tokens from before are no longer taken', async () => {
  const { token, login, jwks, backend } = makeTenant()
  const [before, published] = [await token(), await jwks()]
  expect((await login(before)).status).toBe(200)
  await backend.reset()
  expect((await login(before)).status).toBe(401)
  expect((await login(await token())).status).toBe(200)
  expect(await jwks()).not.toEqual(published)
})
