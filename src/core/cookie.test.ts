import { describe, expect, test } from 'vitest'
import { type RestOptions, rest } from '../backends/rest.ts'
import { inCookie } from '../backends/scene.ts'
import { createMockBackend } from '../mock/index.ts'
import { createWorld } from '../testing/world.ts'
import { ANALYST, LEAD, MIN, S } from './scene.ts'
import { type CoreOptions, createSessionCore } from './session.ts'

const HOST = 'http://localhost'

/** One browser: one cookie jar, and any number of tabs. */
function createBrowser(core: Partial<CoreOptions> = {}) {
  const world = createWorld()
  const server = createMockBackend({ now: world.trueNow, pbkdf2Iterations: 1 })
  let jar = ''
  const fetch = world.fetch(async (request) => {
    const headers = new Headers(request.headers)
    if (jar) headers.set('cookie', jar)
    const body = request.body && (await request.text())
    const response = await server.fetch(request.url, { method: request.method, headers, body })
    const cookie = response.headers.get('set-cookie')
    if (cookie) jar = cookie.includes('Max-Age=0') ? '' : cookie.split(';')[0]!
    return response
  })
  const backend = rest({ ...inCookie(HOST), fetch })
  const open = () => {
    const session = createSessionCore({ backend, platform: world.openTab(), name: 'app', handOver: true, ...core })
    session.start()
    return session
  }
  /** Who the server says a tab is. */
  const who = async (tab: { getToken(): Promise<string> }) => {
    const headers = { authorization: `Bearer ${await tab.getToken()}` }
    const response = await server.fetch(`${HOST}/rest/me`, { headers })
    return response.ok ? (await response.json()).data.name : response.status
  }
  const sent = (path: string) => server.requests().filter((request) => request.path.endsWith(path))
  return { world, server, open, who, sent, fetch }
}

/** A browser with two tabs, signed in as the analyst. */
async function withTwo(core?: Partial<CoreOptions>) {
  const browser = createBrowser(core)
  const [one, two] = [browser.open(), browser.open()]
  await browser.world.advance(2 * S)
  await one.signIn(ANALYST)
  await browser.world.advance(2 * S)
  return { ...browser, one, two }
}

describe('a cookie that says whose session it is: the next person’s is not taken for the last one’s', () => {
  test('when another user signs in over the first', async () => {
    const { world, one, two, who } = await withTwo()
    await one.signIn(LEAD)
    await world.advance(10 * S)
    expect([await who(one), await who(two)]).toEqual(['Lead', 'Lead'])
  })

  test('when one signs out and another signs in at once, in another tab', async () => {
    const { world, two, who, sent } = await withTwo()
    two.signOut()
    await two.signIn(LEAD)
    await world.advance(10 * S)
    expect(await who(two)).toBe('Lead')
    expect(sent('/logout').map(({ status }) => status)).toEqual([204])
  })

  test('when another signs in while the sign-out still waits for the server', async () => {
    const { world, one, who } = await withTwo()
    world.network.down = true
    one.signOut()
    await world.advance(S)
    expect(one.getState().revocation).toBe('pending')
    world.network.down = false
    await one.signIn(LEAD)
    await world.advance(60 * S)
    expect(await who(one)).toBe('Lead')
  })

  test('when each tab signs in for itself', async () => {
    const { world, one, two, who, sent } = await withTwo({ handOver: false })
    await two.signIn(ANALYST)
    await world.advance(10 * S)
    expect([one.getState().reason, await who(two)]).toEqual(['replaced', 'Analyst'])
    expect(sent('/logout')).toEqual([])
  })

  test('when somebody signs in by another page, and a tab finds out with its next refresh', async () => {
    const { world, one, two, fetch, sent, server } = await withTwo()
    await fetch(`${HOST}/rest/cookie/login`, { method: 'POST', body: JSON.stringify(LEAD) })
    await world.advance(5 * MIN)
    one.touch(true)
    await world.advance(10 * S)
    for (const tab of [one, two]) {
      expect(tab.getState()).toMatchObject({ status: 'signed-out', reason: 'replaced', session: null })
    }
    expect(sent('/logout')).toEqual([])
    expect((await server.sessions()).filter(({ endedAt }) => !endedAt).map(({ user }) => user)).toEqual([LEAD.username])
  })

  test('when a sign-in that was left answers after the next', async () => {
    const { world, one, who } = await withTwo()
    world.network.latency = 3 * S
    const left = one.signIn(ANALYST).catch((error) => error.name)
    await world.advance(S)
    one.abandonSignIn()
    world.network.latency = 0
    const next = one.signIn(LEAD)
    await world.advance(10 * S)
    await next
    expect([await left, await who(one)]).toEqual(['SessionOverError', 'Lead'])
  })

  test('and a sign-in that was left, with nobody after it, is ended', async () => {
    const { world, open, server } = createBrowser()
    const tab = open()
    await world.advance(2 * S)
    world.network.latency = 3 * S
    const left = tab.signIn(ANALYST).catch((error) => error.name)
    await world.advance(S)
    tab.abandonSignIn()
    await world.advance(30 * S)
    expect(await left).toBe('SessionOverError')
    expect((await server.sessions()).every(({ endedAt }) => endedAt)).toBe(true)
  })
})

/** A session on an API whose answers are given one after the other, the last one again and again. */
async function onScript(answers: object[], over: Partial<RestOptions>, core: Partial<CoreOptions> = {}) {
  const world = createWorld()
  const wire: string[] = []
  const fetch = world.fetch(async (request) => {
    wire.push(`${new URL(request.url).pathname} ${request.headers.get('authorization') ?? ''}`.trim())
    return Response.json(answers.length > 1 ? answers.shift() : answers[0])
  })
  const expires = { field: 'exp', unit: 's-from-now' } as const
  const backend = rest({ baseUrl: HOST, fetch, signIn: { path: '/login' }, answer: { token: 't', expires }, ...over })
  const platform = world.openTab()
  const session = createSessionCore({ backend, platform, name: 'app', handOver: true, ...core })
  session.start()
  await world.settle()
  await session.signIn(ANALYST)
  return { world, wire, session, state: session.getState }
}

describe('a refresh token', () => {
  const fields = {
    token: 't',
    expires: { field: 'exp', unit: 's-from-now' },
    refreshToken: 'r',
    refreshExpires: { field: 'rexp', unit: 's-from-now' },
  } as const
  const refresh = { path: '/refresh', with: 'refresh-token' } as const

  test('or a cookie that each refresh prolongs, and says so, ends nobody who is active', async () => {
    const { world, session, state } = await onScript([{ t: 'a', exp: 600, rexp: 3_600, id: 7 }], {
      refresh: { path: '/refresh', with: 'cookie' },
      answer: { token: 't', expires: fields.expires, refreshExpires: fields.refreshExpires, userKey: 'id' },
    })
    for (let minute = 0; minute < 120; minute += 2) {
      await world.advance(2 * MIN)
      session.touch(true)
      await world.settle()
      expect([minute, state().status]).toEqual([minute, 'active'])
    }
  })

  test('that stays ends the session as a limit, and nobody is told that the server were away', async () => {
    const answers = [
      { t: 'a', exp: 600, r: 'r', rexp: 3_600 },
      { t: 'b', exp: 600 },
    ]
    const { world, session, state } = await onScript(answers, { refresh, answer: fields })
    while (state().status === 'active') {
      await world.advance(MIN)
      session.touch(true)
      await world.settle()
    }
    expect(state()).toMatchObject({ status: 'warning', cause: 'limit', extendable: false, trouble: null })
    await world.advance(3 * MIN)
    expect(state().reason).toBe('limit')
  })

  test('is not revoked with an answer that could not be kept, as the session goes on', async () => {
    const answers = [
      { t: 'a', exp: 900, r: 'r1', rexp: 3_600 },
      { t: 'b', r: 'r2' },
    ]
    const signOut = { path: '/out', with: 'refresh-token' } as const
    const { world, session, state, wire } = await onScript(answers, { refresh, signOut, answer: fields })
    await world.advance(5 * MIN)
    session.touch(true)
    await world.settle()
    expect(state()).toMatchObject({ status: 'active', trouble: 'malformed' })
    expect(wire).toEqual(['/login', '/refresh Bearer r1'])
  })
})

test('a dead token is not exchanged for one by the cookie of whoever came next', async () => {
  const token = { field: 'exp', unit: 's-from-now' } as const
  const { world, session, wire } = await onScript(
    [
      { t: 'analyst', exp: 600, id: 7 },
      { t: 'lead', exp: 600, id: 8 },
      { t: 'lead', exp: 600, id: 8 },
    ],
    {
      refresh: { path: '/refresh', with: 'cookie' },
      signOut: { path: '/out', with: 'token' },
      answer: { token: 't', expires: token, userKey: 'id' },
    },
    { idleTimeout: 30 * MIN },
  )
  world.network.down = true
  await world.advance(20 * MIN)
  session.signOut()
  await world.advance(S)
  world.network.down = false
  await session.signIn(LEAD)
  await world.advance(MIN)
  expect(wire.filter((request) => request !== '/login')).toEqual([])
})
