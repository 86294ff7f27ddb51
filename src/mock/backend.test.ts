import { afterEach, describe, expect, test, vi } from 'vitest'
import { makeBackend } from './fixture.ts'
import { createMockBackend, demoUsers } from './index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('in production', () => {
  test('it refuses to start, unless told twice', () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(() => createMockBackend()).toThrow(/not for production/)
    expect(() => createMockBackend({ allowProduction: true })).toThrow(/STILLHERE_MOCK_IN_PRODUCTION=yes/)
    vi.stubEnv('STILLHERE_MOCK_IN_PRODUCTION', 'yes')
    expect(() => createMockBackend()).toThrow(/allowProduction: true/)
    expect(() => createMockBackend({ allowProduction: true })).not.toThrow()
  })

  test('a page, which has no process, is none', () => {
    vi.stubGlobal('process', undefined)
    expect(() => createMockBackend()).not.toThrow()
  })
})

test('it owns the paths it has routes for, whatever the method, and no others', () => {
  const { owns } = createMockBackend()
  const owned = [
    '/auth',
    '/api/auth',
    '/auth/refresh',
    '/api/auth/logout/',
    '/feeds',
    '/feeds/200/',
    '/feeds/downloads/200',
  ]
  expect(owned.filter((path) => !owns(path))).toEqual([])
  expect(owns('/__stillhere/reset')).toBe(true)
  const others = [
    '/',
    '/auth/',
    '/auth/more',
    '/feeds/new',
    '/index.html',
    '/src/main.tsx',
    '/@vite/client',
    '/__stillhere',
  ]
  expect(others.filter((path) => owns(path))).toEqual([])
  const methods = ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']
  expect(methods.filter((method) => owns('/auth', method))).toEqual(['POST', 'OPTIONS'])
  expect(methods.filter((method) => owns('/feeds/', method))).toEqual(['GET', 'HEAD', 'OPTIONS'])
  expect(methods.filter((method) => owns('/nowhere', method))).toEqual([])
})

test('it takes a Request, a URL, or text with options, as fetch does', async () => {
  const { fetch } = createMockBackend({ pbkdf2Iterations: 1 })
  const init = { method: 'POST', body: JSON.stringify(demoUsers[1]) }
  expect((await fetch('http://localhost/auth', init)).status).toBe(200)
  expect((await fetch(new URL('http://localhost/auth'), init)).status).toBe(200)
  expect((await fetch(new Request('http://localhost/auth', init))).status).toBe(200)
  expect((await fetch(new Request('http://localhost/auth'), init)).status).toBe(200)
  await expect(fetch('http://localhost/auth', { ...init, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
})

test('sessions are listed without secrets, and swept away after the end of their last token', async () => {
  const { backend, call, token, pass } = makeBackend({ ttl: 60 })
  const jwt = await token()
  const start = Date.UTC(2019, 6, 14, 12, 11, 10)
  const tokens = [{ jti: expect.any(String), use: 'access', expiresAt: start + 60_000 }]
  expect(await backend.sessions()).toEqual([{ id: expect.any(String), user: 'analyst@example.com', tokens }])
  pass(1000)
  await call('POST', '/auth/logout/', { token: jwt })
  expect(await backend.sessions()).toMatchObject([{ endedAt: start + 1000 }])
  expect(JSON.stringify(await backend.sessions())).not.toContain(jwt.split('.')[2])
  pass(120_000)
  await token()
  expect(await backend.sessions()).toHaveLength(1)
})

test('a session that is refreshed for days keeps only the tokens that still live', async () => {
  const { backend, call, token, pass, statusFor } = makeBackend({ ttl: 600 })
  let jwt = await token()
  for (let i = 0; i < 1000; i++) {
    pass(300_000)
    jwt = (await (await call('POST', '/auth/refresh/', { token: jwt })).json()).token
  }
  expect((await backend.sessions())[0]!.tokens.length).toBeLessThan(5)
  expect(await statusFor(jwt)).toBe(200)
})

test('the audit log has time, event, user and a hash of the session, and no secret', async () => {
  const lines: string[] = []
  const { call, token, signIn, pass, backend } = makeBackend({ log: (line) => lines.push(line) })
  const jwt = await token()
  await signIn('lead@example.com', 'wrong-password')
  await signIn('bug#1 typed as a name\nforged line', 'bug#1')
  await call('POST', '/auth/refresh/', { token: jwt })
  await call('POST', '/auth/logout/', { token: jwt })
  await call('GET', '/feeds/', { token: jwt })
  const other = await token()
  pass(1800_000)
  await call('GET', '/feeds/', { token: other })
  await backend.revokeAll()
  expect(lines.map((line) => line.replace(/session=[0-9a-f]{12}$/, 'session=#'))).toEqual([
    '2019-07-14T12:11:10.000Z sign-in user="analyst@example.com" session=#',
    '2019-07-14T12:11:10.000Z sign-in-refused user="lead@example.com" session=-',
    '2019-07-14T12:11:10.000Z sign-in-refused user="(unknown)" session=-',
    '2019-07-14T12:11:10.000Z refresh user="analyst@example.com" session=#',
    '2019-07-14T12:11:10.000Z sign-out user="analyst@example.com" session=#',
    '2019-07-14T12:11:10.000Z ended-token user="analyst@example.com" session=#',
    '2019-07-14T12:11:10.000Z sign-in user="analyst@example.com" session=#',
    '2019-07-14T12:41:10.000Z expired-token user="analyst@example.com" session=#',
    '2019-07-14T12:41:10.000Z revoked user="analyst@example.com" session=#',
  ])
  const ids = (await backend.sessions()).map(({ id }) => id)
  for (const secret of [jwt, other, ...ids, 'wrong-password', 'bug#1']) expect(lines.join('\n')).not.toContain(secret)
})

test('options that make no sense are refused at once', () => {
  expect(() => createMockBackend({ ttl: 0 })).toThrow(/ttl/)
  expect(() => createMockBackend({ ttl: 1.5 })).toThrow(/ttl/)
  expect(() => createMockBackend({ users: [demoUsers[0]!, demoUsers[0]!] })).toThrow(/users/)
})

test('a request without a stream, as requests in Firefox are, is read all the same', async () => {
  const { fetch } = createMockBackend({ pbkdf2Iterations: 1 })
  const signIn = (password: string) => {
    const body = JSON.stringify({ username: 'analyst@example.com', password })
    const request = new Request('http://localhost/auth', { method: 'POST', body })
    return fetch(Object.defineProperty(request, 'body', { value: undefined }))
  }
  expect((await signIn('bug#1')).status).toBe(200)
  expect((await signIn('x'.repeat(70_000))).status).toBe(413)
  const empty = new Request('http://localhost/auth', { method: 'POST' })
  expect((await fetch(Object.defineProperty(empty, 'body', { value: undefined }))).status).toBe(400)
})
