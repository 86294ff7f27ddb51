import { describe, expect, test } from 'vitest'
import { datarhei } from '../backends/datarhei.ts'
import { eclecticiq } from '../backends/eclecticiq.ts'
import { eclipse } from '../backends/eclipse.ts'
import { econnect } from '../backends/econnect.ts'
import { rest } from '../backends/rest.ts'
import { inBody, jwt } from '../backends/scene.ts'
import { createMockBackend, type MockOptions } from '../mock/index.ts'
import { createWorld } from '../testing/world.ts'
import { ANALYST, MIN, S } from './scene.ts'
import { type CoreOptions, createSessionCore } from './session.ts'
import type { Backend } from './types.ts'

const BASE = 'http://localhost'
const DAY = 1_440 * MIN
type Fetch = typeof fetch

/** A mock of all systems, and tabs with a session each on the adapter of one of them. */
function createScene(make: (fetch: Fetch) => Backend, options: Partial<CoreOptions> = {}, mock: MockOptions = {}) {
  const world = createWorld()
  const server = createMockBackend({
    now: world.trueNow,
    pbkdf2Iterations: 1,
    // What the server waits is the network's latency here.
    sleep: async (ms) => {
      waited += ms
    },
    ...mock,
  })
  let waited = 0
  const backend = make(world.fetch(server.fetch))
  const open = () => {
    const core = { backend, platform: world.openTab(), name: 'app', handOver: true, ...options }
    const session = createSessionCore(core)
    session.start()
    return session
  }
  const sent = (path: string) => server.requests().filter((request) => request.path === path)
  const probe = async (path: string, token: string) =>
    (await server.fetch(BASE + path, { headers: { authorization: `Bearer ${token}` } })).status
  return { world, server, open, sent, probe, waited: () => waited }
}

/** A session of one tab, signed in. */
async function signedIn(...args: Parameters<typeof createScene>) {
  const scene = createScene(...args)
  const session = scene.open()
  await scene.world.settle()
  await session.signIn(ANALYST)
  await scene.world.settle()
  return { ...scene, session, state: session.getState }
}

const econnectAt = (fetch: Fetch) => econnect({ baseUrl: `${BASE}/identities`, fetch })
const eclipseAt = (fetch: Fetch) => eclipse({ baseUrl: BASE, fetch })
const datarheiAt = (fetch: Fetch) => datarhei({ baseUrl: BASE, fetch })
const apiTokenAt = (fetch: Fetch) => eclecticiq({ baseUrl: BASE, apiToken: true, fetch })

describe('eConnect: getToken', () => {
  const renew = '/identities/api/v1/renewToken'

  test('gives a valid token on demand, renewed ahead of its end while the policy says that someone may still be here', async () => {
    const { world, session, sent, probe } = await signedIn(econnectAt, { idleTimeout: 240 * MIN })
    const first = await session.getToken()
    await world.advance(29 * MIN)
    const second = await session.getToken()
    expect(second).not.toBe(first)
    expect(await probe('/identities/api/v1/badges', second)).toBe(200)
    expect(sent(renew).length).toBeGreaterThan(0)
  })

  test('renews once for many calls at once', async () => {
    const { world, session, sent } = await signedIn(econnectAt)
    await world.advance(2 * MIN)
    session.touch(true)
    const tokens = await Promise.all(Array.from({ length: 10 }, () => session.getToken()))
    expect(new Set(tokens).size).toBe(1)
    expect(sent(renew)).toHaveLength(1)
  })

  test('asked for by a page that polls, with nobody there, renews nothing', async () => {
    const { world, session, sent } = await signedIn(econnectAt)
    for (let minute = 1; minute < 29; minute++) {
      await world.advance(MIN)
      await session.getToken()
    }
    expect(sent(renew)).toEqual([])
    await world.advance(2 * MIN)
    await expect(session.getToken()).rejects.toThrow('No request was sent')
  })

  test('after a sleep longer than the token has nothing to renew with', async () => {
    const { world, session, state } = await signedIn(econnectAt, { idleTimeout: 240 * MIN })
    await world.sleep(60 * MIN)
    await expect(session.getToken()).rejects.toThrow('No request was sent')
    expect(state().reason).toBe('expired')
  })
})

describe('eConnect', () => {
  test('says that there is no sign-out at the server, and sends none', async () => {
    const { world, session, state, server } = await signedIn(econnectAt)
    const before = server.requests().length
    session.signOut()
    await world.advance(MIN)
    expect(state()).toMatchObject({ status: 'signed-out', reason: 'user', revocation: 'unsupported' })
    expect(server.requests()).toHaveLength(before)
  })

  test('a renewal that is refused ends the session', async () => {
    const { world, session, state, server } = await signedIn(econnectAt)
    await server.revokeAll()
    await world.advance(2 * MIN)
    session.touch(true)
    await world.settle()
    expect(state()).toMatchObject({ status: 'signed-out', reason: 'refused' })
  })
})

describe('Eclipse', () => {
  test('renews with the header that a strict server wants, again and again, and revokes at sign-out', async () => {
    const { world, session, state, server } = await signedIn(eclipseAt, {}, { strictCsrf: true })
    for (let round = 2; round < 5; round++) {
      await world.advance(2 * MIN)
      session.touch(true)
      await world.settle()
      expect(state()).toMatchObject({ status: 'active', session: { generation: round }, roles: ['GLOBAL_ADMIN'] })
    }
    expect(state().user).toEqual({ key: '100007', name: ANALYST.username })
    const token = await session.getToken()
    session.signOut()
    await world.settle()
    expect(state().revocation).toBe('revoked')
    expect(await server.isLive(token)).toBe(false)
  })

  test('a new password by PIN: the old one works no more, and the sessions opened with it are over', async () => {
    const { world, session, state, server } = await signedIn(eclipseAt)
    const reset = session.passwordReset!
    await reset.requestPin({ username: ANALYST.username })
    const { pin } = server.outbox().at(-1)!
    const change = { username: ANALYST.username, pin, password: 'a new password' }
    await expect(reset.change({ ...change, pin: pin === '000000' ? '000001' : '000000' })).rejects.toMatchObject({
      kind: 'refused',
    })
    await reset.change(change)
    await expect(reset.change(change)).rejects.toMatchObject({ kind: 'refused' })
    await world.advance(2 * MIN)
    session.touch(true)
    await world.settle()
    expect(state().reason).toBe('refused')
    await expect(session.signIn(ANALYST)).rejects.toMatchObject({ kind: 'refused' })
    await session.signIn({ ...ANALYST, password: 'a new password' })
    expect(state().status).toBe('active')
  })

  test('a PIN for nobody is asked for as any other', async () => {
    const { session, server } = await signedIn(eclipseAt)
    await session.passwordReset!.requestPin({ username: 'nobody@example.com' })
    expect(server.outbox()).toEqual([])
  })
})

describe('datarhei', () => {
  test('activity renews the access token for a day, and then the refresh token’s end is a limit that nobody moves', async () => {
    const { world, session, state } = await signedIn(datarheiAt)
    const refreshToken = state().session!.grant.refreshToken
    for (let minute = 0; minute < 1_440; minute += 4) {
      await world.advance(4 * MIN)
      session.touch(true)
      await world.settle()
      expect([minute, state().status]).toEqual([minute, 'active'])
    }
    expect(state().session!.grant.refreshToken).toBe(refreshToken)
    expect(state()).toMatchObject({ cause: 'limit', extendable: false })
    // The last access token outlives it by minutes, and is of use until then.
    const { deadline } = state()
    await world.advance(deadline! - MIN - world.now())
    session.touch(true)
    await world.settle()
    expect(state()).toMatchObject({ status: 'warning', deadline })
    await world.advance(MIN)
    expect(state()).toMatchObject({ status: 'signed-out', reason: 'limit', revocation: 'unsupported' })
  })

  test('with an idle limit of its own it is renewed ahead, with nobody there, until that limit', async () => {
    const { world, session, state, sent } = await signedIn(datarheiAt, { idleTimeout: 60 * MIN })
    await world.advance(57 * MIN)
    expect(state().status).toBe('active')
    expect(sent('/api/login/refresh').length).toBeGreaterThan(5)
    await expect(session.getToken()).resolves.toBeTruthy()
    await world.advance(3 * MIN)
    expect(state()).toMatchObject({ status: 'signed-out', reason: 'idle' })
  })

  test('an access token that ran out in a sleep is renewed before the next request', async () => {
    const { world, session, state, probe } = await signedIn(datarheiAt, { idleTimeout: 120 * MIN })
    await world.sleep(60 * MIN)
    expect(await probe('/api/v3/process', await session.getToken())).toBe(200)
    expect(state().status).toBe('active')
  })

  test('a token that the server refuses is renewed at the first sign of a person, however young it is', async () => {
    const { world, session, state, server, sent } = await signedIn(datarheiAt)
    await server.revokeAll()
    const grant = await session.grant()
    await expect(session.grant(grant)).rejects.toThrow('No request was sent')
    await world.advance(5 * S)
    expect([state().status, sent('/api/login/refresh').length]).toEqual(['active', 0])
    session.touch(false)
    await world.settle()
    expect(state()).toMatchObject({ status: 'signed-out', reason: 'refused' })
  })

  test('past the deadline the refresh token is dropped unused', async () => {
    const { world, session, sent } = await signedIn(datarheiAt)
    await world.sleep(60 * MIN)
    await expect(session.getToken()).rejects.toThrow('No request was sent')
    expect(sent('/api/login/refresh')).toEqual([])
  })

  test('a refusal that takes five seconds is a refusal', async () => {
    const scene = createScene(datarheiAt)
    scene.world.network.latency = 5 * S
    const session = scene.open()
    await scene.world.settle()
    const outcome = session.signIn({ ...ANALYST, password: 'wrong' }).catch((error) => error)
    await scene.world.advance(15 * S)
    expect(await outcome).toMatchObject({ kind: 'refused', status: 401 })
    expect(scene.waited()).toBe(5 * S)
  })

  test.each([0, 250, 500, 999])(
    'no token is sent that a server with whole seconds refuses, signed in at %i ms past one',
    async (ms) => {
      const scene = createScene(datarheiAt, { idleTimeout: 60 * MIN }, { ttl: 16 })
      const session = scene.open()
      await scene.world.advance(ms)
      await session.signIn(ANALYST)
      for (let step = 0; step < 200; step++) {
        await scene.world.advance(137)
        expect(await scene.probe('/api/v3/process', await session.getToken())).toBe(200)
      }
    },
  )

  test('a token of Auth0 signs in, and says who it is', async () => {
    const scene = createScene(datarheiAt)
    const { fetch } = scene.server
    const body = { grant_type: 'password', client_id: 'stillhere-mock', ...ANALYST }
    const answer = await fetch(`${BASE}/auth0/oauth/token`, { method: 'POST', body: JSON.stringify(body) })
    const { access_token } = await answer.json()
    const session = scene.open()
    await scene.world.settle()
    await session.signIn({ externalToken: access_token })
    const { user, status } = session.getState()
    expect(status).toBe('active')
    expect(user!.key).toMatch(/^auth0\|/)
    await expect(session.signIn({ externalToken: `${access_token}x` })).rejects.toMatchObject({ kind: 'refused' })
  })
})

describe('on an API token', () => {
  const options = { idleTimeout: 15 * MIN }
  const server = { apiTokens: ['an-api-token'] }

  test('an idle limit is required', () => {
    expect(() => createScene(apiTokenAt, {}, server).open()).toThrow(/idleTimeout is required.*EclecticIQ/)
  })

  test('the session has no refresh, ends when nobody is there, and leaves the token as it is', async () => {
    const scene = createScene(apiTokenAt, options, server)
    const session = scene.open()
    await scene.world.settle()
    await session.signIn({ apiToken: 'an-api-token' })
    for (let minute = 0; minute < 60; minute++) {
      await scene.world.advance(MIN)
      session.touch(true)
    }
    expect(session.getState()).toMatchObject({ status: 'active', cause: 'idle' })
    expect(await scene.probe('/feeds/', await session.getToken())).toBe(200)
    await scene.world.advance(15 * MIN)
    expect(session.getState()).toMatchObject({ status: 'signed-out', reason: 'idle', revocation: 'unsupported' })
    expect(await scene.probe('/feeds/', 'an-api-token')).toBe(200)
    expect(scene.server.requests().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /feeds/',
      'GET /feeds/',
      'GET /feeds/',
    ])
  })

  test('another tab is given none, though it asks', async () => {
    const scene = createScene(apiTokenAt, options, server)
    const first = scene.open()
    await scene.world.settle()
    await first.signIn({ apiToken: 'an-api-token' })
    const second = scene.open()
    await scene.world.advance(3 * S)
    expect([first.getState().status, second.getState().status]).toEqual(['active', 'signed-out'])
  })
})

describe('any other API', () => {
  const restAt = (fetch: Fetch) => rest({ ...inBody(BASE), fetch })

  test('five tabs share refresh tokens that work once, for hours, and none is used twice', async () => {
    const scene = createScene(restAt)
    const tabs = Array.from({ length: 5 }, scene.open)
    await scene.world.advance(S)
    await tabs[0]!.signIn(ANALYST)
    await scene.world.settle()
    for (let round = 1; round <= 60; round++) {
      await scene.world.advance(4 * MIN)
      for (const tab of tabs) tab.touch(true)
      await scene.world.settle()
      expect(scene.sent('/rest/refresh')).toHaveLength(round)
    }
    expect(scene.sent('/rest/refresh').every(({ status }) => status === 200)).toBe(true)
    expect(tabs.map((tab) => tab.getState().status)).toEqual(Array(5).fill('active'))
    tabs[3]!.signOut()
    await scene.world.settle()
    expect((await scene.server.sessions()).every(({ endedAt }) => endedAt)).toBe(true)
  })

  test('after a lost answer the spent token ends at the server, and here only with the access token', async () => {
    const { world, server, session, state } = await signedIn(restAt)
    await world.advance(5 * MIN)
    server.setFaults({ loseAnswer: true, match: '/rest/refresh' })
    session.touch(true)
    await world.advance(2 * S)
    server.setFaults({})
    await world.advance(MIN)
    expect(state()).toMatchObject({ status: 'active' })
    await world.advance(15 * MIN)
    expect(state()).toMatchObject({ status: 'signed-out' })
    expect(['expired', 'refused', 'limit']).toContain(state().reason)
  })
})

test('a renewal that answers for another person ends the session, and nothing of theirs shows', async () => {
  const people = ['ada', 'bob']
  const { world, session, state } = await signedIn(() =>
    econnect({
      baseUrl: `${BASE}/identities`,
      fetch: async () => {
        const unique_name = people.shift()!
        return Response.json({ username: unique_name, token: jwt({ unique_name, iat: 0, exp: 1_800 }) })
      },
    }),
  )
  await world.advance(5 * MIN)
  session.touch(true)
  await world.settle()
  expect(state()).toMatchObject({ status: 'signed-out', reason: 'replaced', claims: null })
})

test.each([
  ['eConnect', econnectAt, '/identities/api/v1/renewToken', 30 * MIN],
  ['Eclipse', eclipseAt, '/eclipse-conductor/rest/v1/authentication/renew', 60 * MIN],
  ['datarhei', datarheiAt, '/api/login/refresh', 10 * MIN],
] as const)('%s: a device clock a day wrong either way changes nothing', async (_, make, refresh, life) => {
  for (const skew of [-DAY, DAY]) {
    const scene = createScene(make)
    scene.world.setClock(skew)
    const session = scene.open()
    await scene.world.settle()
    await session.signIn(ANALYST)
    await scene.world.advance(2 * MIN)
    session.touch(true)
    await scene.world.settle()
    expect(scene.sent(refresh)).toHaveLength(1)
    await scene.world.advance(life - 2 * MIN)
    expect(session.getState().status).toBe('warning')
    await scene.world.advance(2 * MIN)
    expect(session.getState()).toMatchObject({ status: 'signed-out', reason: 'idle' })
  }
})
