import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'

function makeControlled(options = {}) {
  const made = makeBackend(options)
  const control = (operation: string, body?: unknown) =>
    made.call('POST', `/__stillhere/${operation}`, { headers: { 'x-stillhere-mock': '1' }, body })
  const requests = async () =>
    (await made.call('GET', '/__stillhere/requests', { headers: { 'x-stillhere-mock': '1' } })).json()
  return { ...made, control, requests }
}

describe('the control endpoint', () => {
  test.each([
    ['without its header', {}],
    ['with a foreign host', { 'x-stillhere-mock': '1', Host: 'evil.example' }],
    ['with a host that only looks like loopback', { 'x-stillhere-mock': '1', Host: 'localhost.evil.example' }],
    ['from a page of another origin', { 'x-stillhere-mock': '1', Origin: 'http://localhost:9999' }],
  ])('is not there %s', async (_, headers: Record<string, string>) => {
    const { call, token, backend } = makeBackend()
    const jwt = await token()
    const response = await call('POST', '/__stillhere/revoke-all', { headers })
    expect(response.status).toBe(404)
    expect(await response.text()).toBe(await (await call('GET', '/nowhere')).text())
    expect(await backend.isLive(jwt)).toBe(true)
  })

  test.each(['localhost', 'localhost:5173', '127.0.0.1:80', '[::1]:3000'])('answers host %s', async (Host) => {
    const { call } = makeBackend()
    const headers = { 'x-stillhere-mock': '1', Host, Origin: `http://${Host}` }
    const response = await call('POST', '/__stillhere/revoke-all', { headers })
    expect(await response.json()).toEqual({ ended: 0 })
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('answers no preflight', async () => {
    const headers = { Origin: 'http://localhost:5173', 'Access-Control-Request-Method': 'POST' }
    const response = await makeBackend().call('OPTIONS', '/__stillhere/reset', { headers })
    expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([404, null])
  })

  test('moves the clock on, and refuses to move it back or out of the calendar', async () => {
    const { control, token, statusFor } = makeControlled()
    const jwt = await token()
    expect((await control('clock', { advance: 1800_000 })).status).toBe(200)
    expect(await statusFor(jwt)).toBe(401)
    for (const advance of [-1, 1e15, '5', null]) expect((await control('clock', { advance })).status).toBe(400)
  })

  test('revokes everyone, or one user alone', async () => {
    const { control, token, signIn, statusFor } = makeControlled()
    const analyst = await token()
    const lead = (await (await signIn('lead@example.com', 'bug#2')).json()).token
    expect(await (await control('revoke-all', { user: 'analyst@example.com' })).json()).toEqual({ ended: 1 })
    expect([await statusFor(analyst), await statusFor(lead)]).toEqual([401, 200])
    expect(await (await control('revoke-all')).json()).toEqual({ ended: 1 })
    expect(await statusFor(lead)).toBe(401)
  })

  test('lists the requests seen, tokens told apart and never shown', async () => {
    const { call, control, token, requests } = makeControlled()
    const [first, second] = [await token(), await token()]
    await call('GET', '/feeds/?q=secret', { token: first })
    await call('GET', '/feeds/', { token: second })
    await call('POST', '/auth/logout/', { token: first })
    await call('GET', '/feeds/', { token: first })
    const seen = await requests()
    const at = Date.UTC(2019, 6, 14, 12, 11, 10)
    const signIn = { method: 'POST', path: '/auth', at, status: 200, authorized: false }
    expect(seen).toEqual([
      signIn,
      signIn,
      { method: 'GET', path: '/feeds/', at, status: 200, authorized: true, token: 't1' },
      { method: 'GET', path: '/feeds/', at, status: 200, authorized: true, token: 't2' },
      { method: 'POST', path: '/auth/logout/', at, status: 204, authorized: true, token: 't1' },
      { method: 'GET', path: '/feeds/', at, status: 401, authorized: true, token: 't1' },
    ])
    await control('reset')
    expect(await requests()).toEqual([])
  })

  test('forgets sessions, throttles, faults and the offset of the clock at a reset', async () => {
    const { control, signIn, token, statusFor, backend } = makeControlled()
    const jwt = await token()
    for (let i = 0; i < 6; i++) await signIn('analyst@example.com', 'wrong')
    await control('clock', { advance: 5000 })
    await control('faults', { status: 503 })
    expect((await control('reset')).status).toBe(204)
    expect(await statusFor(jwt)).toBe(401)
    expect((await backend.sessions()).length).toBe(0)
    const again = await signIn()
    expect([again.status, again.headers.get('Date')]).toEqual([200, 'Sun, 14 Jul 2019 12:11:10 GMT'])
  })
})

describe('faults', () => {
  test('down drops the connection and does nothing', async () => {
    const { control, signIn, backend, requests } = makeControlled()
    await control('faults', { down: true })
    await expect(signIn()).rejects.toThrow(new TypeError('fetch failed'))
    expect(await backend.sessions()).toEqual([])
    expect(await requests()).toMatchObject([{ path: '/auth', status: null }])
    await control('faults', {})
    expect((await signIn()).status).toBe(200)
  })

  test('a lost answer has been acted on', async () => {
    const { control, call, token, backend } = makeControlled()
    const jwt = await token()
    await control('faults', { loseAnswer: true, match: 'logout' })
    await expect(call('POST', '/auth/logout/', { token: jwt })).rejects.toBeInstanceOf(TypeError)
    expect(await backend.isLive(jwt)).toBe(false)
  })

  test('a status is answered instead of acting, readable across origins, with Retry-After if wanted', async () => {
    const { control, call, token, backend } = makeControlled()
    const jwt = await token()
    await control('faults', { status: 503, retryAfter: 7 })
    const response = await call('POST', '/auth/logout/', { token: jwt, headers: { Origin: 'http://localhost:5173' } })
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '7'])
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('http://localhost:5173')
    expect(await backend.isLive(jwt)).toBe(true)
  })

  test('match keeps them to the paths that contain it', async () => {
    const { control, call, token } = makeControlled()
    const jwt = await token()
    await control('faults', { status: 500, match: '/feeds/downloads/' })
    expect((await call('GET', '/feeds/downloads/200', { token: jwt })).status).toBe(500)
    expect((await call('GET', '/feeds/', { token: jwt })).status).toBe(200)
  })

  test('latency comes before anything else, and who gives up meanwhile is let go', async () => {
    const waits: number[] = []
    let release = () => {}
    const sleep = (ms: number) => {
      waits.push(ms)
      return new Promise<void>((resolve) => {
        release = resolve
      })
    }
    const { backend, signIn } = makeControlled({ sleep })
    backend.setFaults({ latency: 3000 })
    const answer = signIn()
    expect(await backend.sessions()).toEqual([])
    release()
    expect((await answer).status).toBe(200)
    const giveUp = new AbortController()
    const abandoned = backend.fetch('http://localhost/feeds/', { signal: giveUp.signal })
    giveUp.abort(new Error('too slow'))
    await expect(abandoned).rejects.toThrow('too slow')
    expect(waits).toEqual([3000, 3000])
  })

  test.each([{ latency: -1 }, { status: 200 }, { status: 'down' }, { dwon: true }, [[]]])(
    '%j is no fault state',
    async (faults) => {
      const { control, signIn } = makeControlled()
      expect((await control('faults', faults)).status).toBe(400)
      expect((await signIn()).status).toBe(200)
    },
  )
})
