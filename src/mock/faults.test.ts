import { describe, expect, test } from 'vitest'
import { makeControlled } from './fixture.ts'
import { makeGate } from './fixture-held-store.ts'
import type { Faults } from './index.ts'

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
    const gates = [makeGate(), makeGate()]
    const waits: number[] = []
    const sleep = (ms: number) => gates[waits.push(ms) - 1]!.pass()
    const { backend, signIn, token } = makeControlled({ sleep })
    await token()
    backend.setFaults({ latency: 3000 })
    const answer = signIn()
    await gates[0]!.reached
    backend.setFaults({})
    // One that comes later is answered first: the other has done nothing yet.
    await token()
    expect(await backend.sessions()).toHaveLength(2)
    gates[0]!.release()
    expect((await answer).status).toBe(200)
    expect(await backend.sessions()).toHaveLength(3)
    backend.setFaults({ latency: 3000 })
    const giveUp = new AbortController()
    const abandoned = backend.fetch('http://localhost/feeds/', { signal: giveUp.signal })
    await gates[1]!.reached
    giveUp.abort(new Error('too slow'))
    await expect(abandoned).rejects.toThrow('too slow')
    expect(waits).toEqual([3000, 3000])
  })

  test.each([
    [{ latency: -1 }, 'faults.latency: milliseconds, 0 to 600000'],
    [{ status: 200 }, 'faults.status: a whole number, 400 to 599'],
    [{ status: 'down' }, 'faults.status: a whole number, 400 to 599'],
    [{ dwon: true }, 'faults.dwon: there is no such fault'],
    [{ malformed: 'xml' }, 'faults.malformed: one of json, html, empty, shape'],
    [{ retryAfter: 5 }, 'faults.retryAfter: it goes along with a status; give one, such as 503'],
    [[{ status: 500 }, { retryAfter: 5 }], 'faults[1].retryAfter: it goes along with a status; give one, such as 503'],
    [{ times: 0 }, 'faults.times: a whole number, 1 or more'],
    [{ clockSkew: 5000, match: '/auth' }, 'faults.clockSkew: a server has one clock; leave out match and times'],
    [[{ down: true }, { down: 'yes' }], 'faults[1].down: true or false'],
    [[[]], 'faults[0]: an object of faults, not a list'],
    [null, 'faults: an object of faults'],
  ])('%j is no fault state, and the answer says why', async (faults, detail) => {
    const { control, signIn, backend } = makeControlled()
    const response = await control('faults', faults)
    expect([response.status, (await response.json()).detail]).toEqual([400, detail])
    expect(() => backend.setFaults(faults as Faults)).toThrow(new TypeError(detail))
    expect((await signIn()).status).toBe(200)
  })

  test('several hold at once, each on its own paths, the first of two that say the same', async () => {
    const { control, call, signIn, token } = makeControlled()
    const jwt = await token()
    await control('faults', [
      { status: 503, match: '/feeds/200' },
      { status: 500, match: '/feeds' },
      { down: true, match: '/auth' },
    ])
    expect((await call('GET', '/feeds/200/', { token: jwt })).status).toBe(503)
    expect((await call('GET', '/feeds/', { token: jwt })).status).toBe(500)
    await expect(signIn()).rejects.toThrow('fetch failed')
  })

  test('what one says nothing of is left to the next, and a status has its own Retry-After alone', async () => {
    const { backend, call, faults } = makeControlled()
    backend.setFaults([
      { status: 500, malformed: undefined },
      { status: 503, retryAfter: 5, malformed: 'html' },
    ])
    expect(backend.faults()[0]).toStrictEqual({ status: 500 })
    expect(await faults()).toHaveLength(2)
    const response = await call('GET', '/feeds/')
    expect([response.status, response.headers.get('Retry-After')]).toEqual([500, null])
    expect(await response.text()).toContain('<!doctype html>')
  })

  test('times keeps them to the next requests, which the control endpoint counts down', async () => {
    const { control, faults, signIn } = makeControlled()
    expect(await (await control('faults', { status: 503, times: 2 })).json()).toEqual([{ status: 503, times: 2 }])
    expect((await signIn()).status).toBe(503)
    expect(await faults()).toEqual([{ status: 503, times: 1 }])
    expect((await signIn()).status).toBe(503)
    expect(await faults()).toEqual([])
    expect((await signIn()).status).toBe(200)
  })

  test('a preflight is none of the times', async () => {
    const { backend, call, signIn } = makeControlled()
    backend.setFaults({ down: true, times: 1 })
    const headers = { Origin: 'http://localhost:5173', 'Access-Control-Request-Method': 'POST' }
    expect((await call('OPTIONS', '/auth', { headers })).status).toBe(204)
    await expect(signIn()).rejects.toThrow('fetch failed')
  })

  test.each([
    ['json', 'application/json', /^\{"expires_at":"[^}]*$/],
    ['html', 'text/html; charset=utf-8', /^<!doctype html>/],
    ['empty', 'application/json', /^$/],
    ['shape', 'application/json', /^\{"unexpected":"shape"\}$/],
  ] as const)('malformed %s acts, and spoils the body alone', async (malformed, type, body) => {
    const { backend, signIn } = makeControlled()
    backend.setFaults({ malformed })
    const response = await signIn(undefined, undefined, { Origin: 'http://localhost:5173' })
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, type])
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('http://localhost:5173')
    expect(await response.text()).toMatch(body)
    expect(await backend.sessions()).toHaveLength(1)
  })

  test('malformed leaves an answer without a body alone', async () => {
    const { backend, call, token } = makeControlled()
    const jwt = await token()
    backend.setFaults({ malformed: 'html' })
    const response = await call('POST', '/auth/logout/', { token: jwt })
    expect([response.status, await response.text()]).toEqual([204, ''])
  })

  test.each([3600_000, -3600_000])(
    'a clock wrong by %i ms is wrong everywhere, and tokens last as long',
    async (ms) => {
      const { backend, signIn, statusFor, pass } = makeControlled()
      backend.setFaults({ clockSkew: ms })
      const response = await signIn()
      const { expires_at, token } = await response.json()
      const wrong = Date.UTC(2019, 6, 14, 12, 11, 10) + ms
      expect(response.headers.get('Date')).toBe(new Date(wrong).toUTCString())
      expect(Date.parse(expires_at)).toBe(wrong + 1800_000)
      pass(1799_999)
      expect(await statusFor(token)).toBe(200)
      pass(1)
      expect(await statusFor(token)).toBe(401)
    },
  )

  test('a clock put right forward ends the tokens that it gave out while it was slow', async () => {
    const { backend, token, statusFor } = makeControlled()
    backend.setFaults({ clockSkew: -3600_000 })
    const jwt = await token()
    backend.setFaults({})
    expect(await statusFor(jwt)).toBe(401)
  })
})
