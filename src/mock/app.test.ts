import { describe, expect, test, vi } from 'vitest'
import { makeBackend } from './fixture.ts'

describe('across origins', () => {
  test.each(['http://localhost:5173', 'https://localhost', 'http://127.0.0.1:4173', 'http://[::1]:8080'])(
    '%s may read answers, errors included',
    async (Origin) => {
      const { call, signIn } = makeBackend()
      for (const response of [
        await signIn(undefined, undefined, { Origin }),
        await signIn('nobody', 'wrong', { Origin }),
        await call('GET', '/nowhere', { headers: { Origin } }),
        await call('GET', '/auth', { headers: { Origin } }),
      ]) {
        expect(response.headers.get('Access-Control-Allow-Origin')).toBe(Origin)
        expect(response.headers.get('Access-Control-Expose-Headers')).toBe('WWW-Authenticate,Retry-After,Date')
        expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
        expect(response.headers.get('Vary')).toMatch(/origin/i)
      }
    },
  )

  test.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://evil.example:80/localhost',
    'app-http://localhost',
    'null',
  ])('%s may not', async (Origin) => {
    const { signIn, call } = makeBackend()
    expect((await signIn(undefined, undefined, { Origin })).headers.get('Access-Control-Allow-Origin')).toBeNull()
    const preflight = await call('OPTIONS', '/auth', { headers: { Origin, 'Access-Control-Request-Method': 'POST' } })
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBeNull()
  })

  test('a preflight allows what the client sends', async () => {
    const headers = { Origin: 'http://localhost:5173', 'Access-Control-Request-Method': 'POST' }
    const preflight = await makeBackend().call('OPTIONS', '/auth/refresh/', { headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe('http://localhost:5173')
    expect(preflight.headers.get('Access-Control-Allow-Methods')).toBe('GET,HEAD,POST')
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe(
      'Authorization,Content-Type,Accept,x-stillhere-mock-ttl',
    )
  })

  test('a request that names no origin is answered as ever, and no cache gives its answer to one that does', async () => {
    const { signIn, call } = makeBackend()
    for (const { headers } of [await signIn(), await call('GET', '/nowhere')]) {
      expect(headers.get('Vary')).toBe('Origin')
      expect(headers.get('Access-Control-Allow-Origin')).toBeNull()
    }
  })

  test('a list of origins takes the place of loopback', async () => {
    const { signIn } = makeBackend({ origins: ['https://console.example.com'] })
    const allowed = async (Origin: string) =>
      (await signIn(undefined, undefined, { Origin })).headers.get('Access-Control-Allow-Origin')
    expect(await allowed('https://console.example.com')).toBe('https://console.example.com')
    expect(await allowed('http://localhost:5173')).toBeNull()
  })
})

test('every answer forbids caching and carries the date of the server clock', async () => {
  const { call, signIn, token, pass } = makeBackend()
  const jwt = await token()
  pass(5000)
  const answers = [
    await signIn(),
    await signIn('nobody', 'wrong'),
    await call('GET', '/feeds/', { token: jwt }),
    await call('POST', '/auth/logout/', { token: jwt }),
    await call('GET', '/nowhere'),
    await call('GET', '/auth'),
    await call('GET', '/__stillhere/requests', { headers: { 'x-stillhere-mock': '1' } }),
  ]
  for (const { headers } of answers) {
    expect(headers.get('Cache-Control')).toBe('no-store')
    expect(headers.get('Date')).toBe('Sun, 14 Jul 2019 12:11:15 GMT')
  }
})

test('what has no route is 404 in JSON', async () => {
  const response = await makeBackend().call('GET', '/nowhere')
  expect([response.status, response.headers.get('Content-Type')]).toEqual([404, 'application/json'])
  expect(await response.json()).toEqual({ status: 404, detail: 'There is nothing here.' })
})

test.each([
  ['GET', '/auth', 'POST'],
  ['GET', '/auth/logout/', 'POST'],
  ['DELETE', '/api/auth/refresh', 'POST'],
  ['POST', '/feeds/downloads/200', 'GET, HEAD'],
])('%s %s is 405 and tells what is allowed', async (method, path, allow) => {
  const response = await makeBackend().call(method, path)
  expect([response.status, response.headers.get('Allow')]).toEqual([405, allow])
})

test('odd paths, queries and bodies are never answered by 500', async () => {
  const quiet = vi.spyOn(console, 'error')
  const { call } = makeBackend()
  for (const path of [
    '/%',
    '/%00',
    '/feeds/%E0%A4%A',
    '//auth',
    '/auth?%',
    '/feeds/../auth',
    '/feeds/downloads/-1',
    '/…',
  ]) {
    for (const method of ['GET', 'POST', 'PUT']) {
      const body = method === 'GET' ? undefined : '\u0000{"__proto__":{"username":1}}'
      expect((await call(method, path, body === undefined ? {} : { body })).status).toBeLessThan(500)
    }
  }
  expect(quiet).not.toHaveBeenCalled()
})
