import { describe, expect, test } from 'vitest'
import { makeBackend, makeControlled } from './fixture.ts'

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

  test('is not there where it is switched off', async () => {
    const { call, backend } = makeBackend({ control: false })
    const response = await call('POST', '/__stillhere/reset', { headers: { 'x-stillhere-mock': '1' } })
    expect([response.status, backend.owns('/__stillhere/reset')]).toEqual([404, false])
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
