import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { eclecticiq } from '../backends/eclecticiq.ts'
import { ANALYST, checkMock, HOST, lineOf, linesOf, MINUTES, type SystemName, systems } from './fixture.ts'
import { checkBackend, type LineId } from './index.ts'

const WARNINGS: Record<SystemName, string[]> = {
  EclecticIQ: [],
  eConnect: [],
  Eclipse: [],
  // As Core answers other origins.
  datarhei: ['cors-expose'],
  'rest in the body': [],
  // Nothing but the cookie itself knows its end.
  'rest in a cookie': ['refresh-end'],
}
const all = Object.keys(systems) as SystemName[]

describe.each(all)('%s', (name) => {
  test('passes, as the mock speaks it', async () => {
    const { report } = await checkMock(name)
    expect(linesOf(report, 'fail')).toEqual([])
    expect(linesOf(report, 'warn')).toEqual(WARNINGS[name])
    expect(report.passed).toBe(linesOf(report, 'pass').length)
    expect(report.passed + report.warned + report.informed + report.skipped).toBe(report.lines.length)
  })

  test('is left without a session where it has a sign-out', async () => {
    const { report, server } = await checkMock(name, { waitForExpiry: 0 })
    const sessions = await server.sessions()
    const left = sessions.filter(({ endedAt }) => endedAt === undefined).length
    const hasSignOut = !['eConnect', 'datarhei'].includes(name)
    expect(sessions.length).toBeGreaterThanOrEqual(3)
    expect(left).toBe(hasSignOut ? 0 : sessions.length)
    expect(lineOf(report, 'left-behind').outcome).toBe(hasSignOut ? 'pass' : 'info')
  })

  test('is asked with a wrong password once at most', async () => {
    const refused: number[] = []
    await checkMock(name, {
      async defect(request, send) {
        const isSignIn = /auth$|authenticate$|login$/.test(new URL(request.url).pathname) && request.method === 'POST'
        const response = await send(request)
        if (isSignIn && response.status >= 400) refused.push(response.status)
        return response
      },
    })
    // The wrong password, and half a JSON, which is nobody's.
    expect(refused).toHaveLength(2)
  })
})

describe('what differs from system to system is told', () => {
  const told = async (name: SystemName, ...ids: Parameters<typeof lineOf>[1][]) => {
    const { report } = await checkMock(name)
    return ids.map((id) => lineOf(report, id).detail)
  }

  test('what three refreshes at once come to', async () => {
    const [free] = await told('datarhei', 'parallel-refresh')
    expect(free).toBe('All went through. The session lives on. Tabs may each refresh for themselves.')
    const [once] = await told('rest in a cookie', 'parallel-refresh')
    expect(once).toMatch(/^1 of 3 went through. The session is dead afterwards. Tabs must take turns/)
  })

  test('what becomes of refresh tokens', async () => {
    expect(await told('datarhei', 'refresh-token-fate', 'refresh-reuse')).toEqual([
      'It stays as it is.',
      'It is never spent.',
    ])
    for (const name of ['rest in the body', 'rest in a cookie'] as const) {
      const [fate, reuse] = await told(name, 'refresh-token-fate', 'refresh-reuse')
      expect([name, fate]).toEqual([name, 'Each refresh gives another one.'])
      expect([name, reuse]).toEqual([name, expect.stringMatching(/^Refused, and it ends the session/)])
    }
  })

  test('that a spent refresh token works within a grace', async () => {
    const { report } = await checkMock('rest in the body', { mock: { refreshGrace: 30 } })
    expect(lineOf(report, 'refresh-reuse').detail).toMatch(/^Accepted/)
    expect(linesOf(report, 'fail')).toEqual([])
  })

  test('that there is no sign-out', async () => {
    expect(await told('eConnect', 'revoke')).toEqual([expect.stringMatching(/^Unsupported/)])
  })

  test('what a sign-out takes', async () => {
    expect(await told('Eclipse', 'revoke-with-old', 'revoke-after-end')).toEqual([
      'Taken, and the latest token is dead as well.',
      'Not taken (refused): a sign-out must come before the end, or after a refresh.',
    ])
    expect(await told('rest in the body', 'revoke-after-end')).toEqual(['Taken.'])
  })

  test('that a refresh is the end of the token before', async () => {
    const spent = new Set<string | null>()
    const { report } = await checkMock('EclecticIQ', {
      async defect(request, send) {
        const token = request.headers.get('authorization')
        if (request.url.includes('refresh')) spent.add(token)
        return request.url.includes('feeds') && spent.has(token) ? new Response('{}', { status: 401 }) : send(request)
      },
    })
    expect(lineOf(report, 'old-token').detail).toMatch(/^It is dead at once/)
    expect(lineOf(report, 'revoked-earlier').outcome).toBe('skipped')
    expect(linesOf(report, 'fail')).toEqual([])
  })

  test('how long a refusal takes', async () => {
    const [slow] = await told('datarhei', 'wrong-password')
    expect(slow).toBe(`POST ${HOST}/api/login answered 401 after 5 s: refused`)
  })
})

describe('a server that never answers is given up on', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  const never = (): Promise<never> => new Promise(() => {})
  const untilAborted: typeof fetch = (_, init) =>
    new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))

  test.each([
    ['by an adapter that listens', untilAborted, `POST ${HOST}/auth got no answer (no answer in time)`],
    ['whether the adapter listens or not', never, 'unreachable ("No answer within 21 s")'],
  ])('%s', async (_, fetch, says) => {
    const checking = checkBackend((fetch) => eclecticiq({ baseUrl: HOST, fetch }), {
      credentials: ANALYST,
      probe: '/feeds/',
      fetch,
    })
    await vi.advanceTimersByTimeAsync(30_000)
    const report = await checking
    expect(linesOf(report, 'fail')).toEqual(['sign-in'])
    expect(lineOf(report, 'sign-in').detail).toContain(says)
  })
})

describe('a token handed over', () => {
  test('to EclecticIQ is tried, and neither refreshed nor signed out', async () => {
    const { report, server } = await checkMock('EclecticIQ', {
      subject: (fetch) => eclecticiq({ baseUrl: `${HOST}/api`, apiToken: true, fetch }),
      credentials: { apiToken: 'demo-api-token-not-a-secret' },
    })
    expect(linesOf(report, 'fail')).toEqual([])
    expect(lineOf(report, 'wrong-password').outcome).toBe('pass')
    expect(lineOf(report, 'accepted').outcome).toBe('pass')
    expect(lineOf(report, 'refresh').outcome).toBe('skipped')
    expect(await server.sessions()).toEqual([])
  })

  test('to datarhei Core signs in', async () => {
    const credentials = { externalToken: '' }
    const body = JSON.stringify({ ...ANALYST, grant_type: 'password', client_id: 'stillhere-mock' })
    const { report } = await checkMock('datarhei', {
      credentials,
      async before(server) {
        const answer = await server.fetch(`${HOST}/auth0/oauth/token`, { method: 'POST', body })
        credentials.externalToken = (await answer.json()).access_token
      },
    })
    expect(linesOf(report, 'fail')).toEqual([])
    expect(JSON.stringify(report)).not.toContain(credentials.externalToken)
  })
})

test('an adapter that was not given as a function is checked as far as answers go', async () => {
  const { report } = await checkMock('EclecticIQ', {})
  const watched = report.skipped
  const made = await checkMock('EclecticIQ', { handOver: true })
  expect(linesOf(made.report, 'fail')).toEqual([])
  expect(made.report.skipped).toBeGreaterThan(watched)
  expect(lineOf(made.report, 'cors-sign-in').detail).toMatch(/give the adapter as a function of fetch/)
  expect(lineOf(made.report, 'revoked-token').outcome).toBe('pass')
})

test('a token that lives longer than may be waited for is not waited for', async () => {
  const { report } = await checkMock('EclecticIQ', { waitForExpiry: 5 * MINUTES })
  const { outcome, detail } = lineOf(report, 'end-kept')
  expect([outcome, detail]).toEqual(['skipped', 'It takes 1800 s, and 300 s may be waited.'])
})

test('a check that is broken off signs out of what it opened, and skips the rest', async () => {
  const stop = new AbortController()
  const { report, server } = await checkMock('EclecticIQ', {
    signal: stop.signal,
    defect(request, send) {
      if (request.url.includes('refresh')) stop.abort()
      return send(request)
    },
  })
  expect(lineOf(report, 'cors-sign-in').detail).toBe('The check was broken off.')
  expect((await server.sessions()).every(({ endedAt }) => endedAt !== undefined)).toBe(true)
})

test('a wait that is broken off says nothing of the end of tokens', async () => {
  const stop = new AbortController()
  const { report, server } = await checkMock('EclecticIQ', {
    signal: stop.signal,
    sleep: async (ms) => {
      if (ms > MINUTES) stop.abort()
    },
  })
  expect(['early-refusal', 'end-kept'].map((id) => lineOf(report, id as LineId).detail)).toEqual([
    'The check was broken off.',
    'The check was broken off.',
  ])
  expect(report.complete).toBe(false)
  expect((await server.sessions()).every(({ endedAt }) => endedAt !== undefined)).toBe(true)
})

test('plain http is allowed on this machine alone, unless told', async () => {
  const transport = async (baseUrl: string, allowPlainHttp = false) => {
    const subject = (fetch: typeof globalThis.fetch) => eclecticiq({ baseUrl, fetch })
    const { report, server } = await checkMock('EclecticIQ', { subject, allowPlainHttp })
    return [lineOf(report, 'transport').outcome, server.requests().length > 0]
  }
  expect(await transport('http://localhost:8080')).toEqual(['pass', true])
  expect(await transport('http://[::1]:8080')).toEqual(['pass', true])
  expect(await transport('http://auth.example')).toEqual(['fail', false])
  expect(await transport('http://localhost.auth.example')).toEqual(['fail', false])
  expect(await transport('http://auth.example', true)).toEqual(['warn', true])
})

test.each([
  [{ credentials: {} }, /^credentials: /],
  [{ probe: '' }, /^probe: /],
  [{ waitForExpiry: -1 }, /^waitForExpiry: /],
  [{ origin: 'https://app.example/page' }, /^origin: /],
])('options that can not work are refused: %j', async (wrong, message) => {
  const subject = eclecticiq({ baseUrl: HOST })
  await expect(checkBackend(subject, { credentials: ANALYST, probe: '/feeds/', ...wrong })).rejects.toThrow(message)
})

test('a base URL that is no whole one is refused', async () => {
  const options = { credentials: ANALYST, probe: '/feeds/' }
  await expect(checkBackend(eclecticiq({ baseUrl: '/api' }), options)).rejects.toThrow(
    /^baseUrl: "\/api" must be a whole/,
  )
})
