import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'

describe("the document's own calls", () => {
  test.each(['', '/api'])('sign in at %s/auth, then list the content blocks of feed 200', async (base) => {
    const { call } = makeBackend()
    const signedIn = await call('POST', `${base}/auth`, {
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: '{"username": "analyst@example.com", "password": "bug#1"}',
    })
    expect(signedIn.status).toBe(200)
    const { expires_at, token, ...rest } = await signedIn.json()
    expect(rest).toEqual({})
    expect(expires_at).toBe('2019-07-14T12:41:10.000000+00:00')

    const blocks = await call('GET', `${base}/feeds/downloads/200`, {
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    })
    expect(blocks.status).toBe(200)
    const { count, data } = await blocks.json()
    expect(data).toHaveLength(count)
    expect(data[0]).toEqual({
      id: expect.any(Number),
      feed_id: 200,
      file_name: expect.stringMatching(/^feed-200-.*\.json$/),
      content_type: 'STIX 2.1',
      size: expect.any(Number),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      created_at: '2019-07-14T12:00:00.000000+00:00',
    })
  })

  test('the token has its times in the header and nothing but the user in the payload', async () => {
    const { token } = makeBackend()
    const jwt = await token()
    const { jti, ...header } = decodeProtectedHeader(jwt) as Record<string, unknown>
    const iat = Date.UTC(2019, 6, 14, 12, 11, 10) / 1000
    expect(header).toEqual({ typ: 'JWT', alg: 'HS256', iat, exp: iat + 1800 })
    expect(jti).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(decodeJwt(jwt)).toEqual({ user_id: 7 })
  })

  test('/auth takes no trailing slash', async () => {
    expect((await makeBackend().call('POST', '/auth/', { body: {} })).status).toBe(404)
  })
})

describe('sign-in', () => {
  test('a wrong password and an unknown user get the same answer, whatever the user', async () => {
    const { signIn } = makeBackend()
    const wrong = await signIn('analyst@example.com', 'Bug#1')
    const unknown = await signIn('nobody@example.com', 'bug#1')
    expect(wrong.status).toBe(401)
    expect(wrong.headers.get('WWW-Authenticate')).toBe('Bearer realm="stillhere-mock"')
    expect([unknown.status, [...unknown.headers], await unknown.text()]).toEqual([
      wrong.status,
      [...wrong.headers],
      await wrong.text(),
    ])
  })

  test.each([
    ['not JSON', '{"username": ', undefined],
    ['no body', undefined, undefined],
    ['an array', [], undefined],
    ['no password', { username: 'analyst@example.com' }, 'password'],
    ['a number for a name', { username: 7, password: 'bug#1' }, 'username'],
    ['an endless password', { username: 'analyst@example.com', password: 'x'.repeat(1025) }, 'password'],
  ])('%s is answered by 400 and the field to blame', async (_, body, field) => {
    const response = await makeBackend().call('POST', '/auth', { body })
    expect(response.status).toBe(400)
    expect((await response.json()).field).toBe(field)
  })

  test('a password that is not UTF-8 is answered by 400', async () => {
    const body = new Uint8Array([...new TextEncoder().encode('{"username":"ana","password":"'), 0xff, 0x22, 0x7d])
    const { backend } = makeBackend()
    expect((await backend.fetch('http://localhost/auth', { method: 'POST', body })).status).toBe(400)
  })

  test('a body over 64 KiB is answered by 413', async () => {
    const body = { username: 'analyst@example.com', password: 'x'.repeat(65_536) }
    expect((await makeBackend().call('POST', '/auth', { body })).status).toBe(413)
  })

  test('a password is taken exactly as typed, 64 and more characters of any kind', async () => {
    const password = ` pässwörd 🔑 ${'x'.repeat(200)} `
    const { signIn } = makeBackend({ users: [{ userId: 1, username: 'ana', password }] })
    expect((await signIn('ana', password)).status).toBe(200)
    expect((await signIn('ana', password.trim())).status).toBe(401)
    expect((await signIn('ana', password.toUpperCase())).status).toBe(401)
  })

  test('every sign-in makes a new session, and ends the one it comes from', async () => {
    const { backend, signIn, token, statusFor } = makeBackend()
    const [first, second] = [await token(), await token()]
    expect(new Set((await backend.sessions()).map((session) => session.id)).size).toBe(2)
    await signIn('lead@example.com', 'bug#2', { Authorization: `Bearer ${second}` })
    expect(await statusFor(second)).toBe(401)
    expect(await statusFor(first)).toBe(200)
  })
})

describe('refresh', () => {
  test.each(['/auth/refresh', '/auth/refresh/', '/api/auth/refresh/'])(
    '%s gives a new token of the same session, and the previous one lives to its own end',
    async (path) => {
      const { backend, call, token, statusFor, pass } = makeBackend()
      const first = await token()
      pass(60_000)
      const refreshed = await call('POST', path, { token: first })
      const { expires_at, token: second } = await refreshed.json()
      expect(expires_at).toBe('2019-07-14T12:42:10.000000+00:00')
      expect(decodeProtectedHeader(second).jti).not.toBe(decodeProtectedHeader(first).jti)
      expect((await backend.sessions()).map((session) => session.tokens.length)).toEqual([2])
      pass(1740_000 - 1)
      expect([await statusFor(first), await statusFor(second)]).toEqual([200, 200])
      pass(1)
      expect([await statusFor(first), await statusFor(second)]).toEqual([401, 200])
    },
  )

  test('it is refused without a token, with an expired one, with a revoked one and with an API token', async () => {
    const { call, token, pass } = makeBackend({ apiTokens: ['opaque'] })
    const refresh = async (jwt?: string) =>
      (await call('POST', '/auth/refresh/', jwt === undefined ? {} : { token: jwt })).status
    expect(await refresh()).toBe(401)
    expect(await refresh('opaque')).toBe(401)
    const signedOut = await token()
    await call('POST', '/auth/logout/', { token: signedOut })
    expect(await refresh(signedOut)).toBe(401)
    const expired = await token()
    pass(1800_000)
    expect(await refresh(expired)).toBe(401)
  })

  test('no refresh passes the absolute limit of a session', async () => {
    const { call, token, pass, statusFor } = makeBackend({ sessionLimit: 2400 })
    const first = await token()
    pass(1200_000)
    const { token: second, expires_at } = await (await call('POST', '/auth/refresh/', { token: first })).json()
    expect(expires_at).toBe('2019-07-14T12:51:10.000000+00:00')
    pass(1200_000)
    expect(await statusFor(second)).toBe(401)
    expect((await call('POST', '/auth/refresh/', { token: second })).status).toBe(401)
  })
})

describe('sign-out', () => {
  test.each(['/auth/logout', '/auth/logout/', '/api/auth/logout/'])(
    '%s kills every token of the session',
    async (path) => {
      const { call, token, statusFor } = makeBackend()
      const first = await token()
      const other = await token()
      const { token: second } = await (await call('POST', '/auth/refresh/', { token: first })).json()
      const signedOut = await call('POST', path, { token: second })
      expect([signedOut.status, await signedOut.text()]).toEqual([204, ''])
      expect([await statusFor(first), await statusFor(second), await statusFor(other)]).toEqual([401, 401, 200])
    },
  )

  test('a repeated sign-out with the dead token gets 401', async () => {
    const { call, token } = makeBackend()
    const jwt = await token()
    await call('POST', '/auth/logout/', { token: jwt })
    const again = await call('POST', '/auth/logout/', { token: jwt })
    expect(again.status).toBe(401)
    expect(again.headers.get('WWW-Authenticate')).toBe('Bearer realm="stillhere-mock", error="invalid_token"')
  })

  test('a sign-out while a refresh is on its way leaves no live token', async () => {
    const { backend, call, token } = makeBackend()
    const first = await token()
    const [refreshed] = await Promise.all([
      call('POST', '/auth/refresh/', { token: first }),
      call('POST', '/auth/logout/', { token: first }),
    ])
    const { token: second } = await refreshed.json()
    expect(await backend.isLive(second ?? '')).toBe(false)
    expect(await backend.isLive(first)).toBe(false)
  })
})

describe('outgoing feeds', () => {
  test.each(['/feeds', '/feeds/', '/api/feeds/'])('%s lists the feeds, each with its content blocks', async (path) => {
    const { call, token } = makeBackend()
    const jwt = await token()
    const { count, data } = await (await call('GET', path, { token: jwt })).json()
    expect([count, data.length]).toEqual([6, 6])
    for (const feed of data) {
      const blocks = await (await call('GET', `/feeds/downloads/${feed.id}/`, { token: jwt })).json()
      expect(blocks.count).toBe(feed.content_blocks)
      expect(blocks.data[0].created_at).toBe(feed.last_run_at)
      expect((await (await call('GET', `/feeds/${feed.id}/`, { token: jwt })).json()).data).toEqual(feed)
    }
  })

  test.each(['/feeds/downloads/199', '/feeds/199/', '/feeds/downloads/99999999999999999999'])(
    '%s is 404',
    async (path) => {
      const { call, token } = makeBackend()
      expect((await call('GET', path, { token: await token() })).status).toBe(404)
    },
  )

  test('an API token is accepted, before and after any sign-out, and does not expire', async () => {
    const { call, token, statusFor, pass } = makeBackend({ apiTokens: ['opaque'] })
    await call('POST', '/auth/logout/', { token: await token() })
    expect((await call('POST', '/auth/logout/', { token: 'opaque' })).status).toBe(401)
    pass(365 * 86_400_000)
    expect(await statusFor('opaque')).toBe(200)
    expect(await statusFor('opaque-not')).toBe(401)
  })
})

describe('the life of tokens chosen by a client', () => {
  test('shortens that session alone, its refreshes included', async () => {
    const { call, token, pass, statusFor } = makeBackend()
    const [short, long] = [await token({ 'x-stillhere-mock-ttl': '90' }), await token()]
    pass(60_000)
    const { token: refreshed } = await (await call('POST', '/auth/refresh/', { token: short })).json()
    pass(30_000)
    expect([await statusFor(short), await statusFor(refreshed), await statusFor(long)]).toEqual([401, 200, 200])
    pass(60_000)
    expect([await statusFor(refreshed), await statusFor(long)]).toEqual([401, 200])
  })

  test('never lengthens', async () => {
    const { signIn } = makeBackend({ ttl: 600 })
    const { expires_at } = await (await signIn(undefined, undefined, { 'x-stillhere-mock-ttl': '86400' })).json()
    expect(expires_at).toBe('2019-07-14T12:21:10.000000+00:00')
  })

  test.each(['0', '-5', '1.5', 'ten', '1e3', ''])('%j is answered by 400 and the name of the header', async (ttl) => {
    const response = await makeBackend().signIn(undefined, undefined, { 'x-stillhere-mock-ttl': ttl })
    expect(response.status).toBe(400)
    expect((await response.json()).field).toBe('x-stillhere-mock-ttl')
  })
})
