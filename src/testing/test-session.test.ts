import { AuthError, eclecticiq, nistAal3, type Session, SessionOverError } from 'stillhere'
import { createMockBackend } from 'stillhere/mock'
import { createTestSession, createTestWorld, type TestSession, type TestTabOptions } from 'stillhere/testing'
import { describe, expect, test } from 'vitest'

const S = 1_000
const MIN = 60 * S
const ADA = { user: { name: 'Ada' }, roles: ['admin'], claims: { team: 'blue' } }
const GRACE = { user: { name: 'Grace', key: 'g-1' }, roles: ['reader'] }

const state = ({ session }: TestSession) => session.getState()
const left = (tab: TestSession) => state(tab).deadline! - tab.world.now()

describe('a test session', () => {
  test('runs where there is no page', () => {
    expect(globalThis.document).toBe(undefined)
  })

  test('is signed in at once, in the very same task', () => {
    const tab = createTestSession(ADA)
    expect(state(tab)).toMatchObject({
      status: 'active',
      user: { name: 'Ada', key: 'Ada' },
      roles: ['admin'],
      claims: { team: 'blue' },
      cause: 'idle',
    })
    expect(left(tab)).toBe(29 * MIN)
  })

  test('is somebody’s though nobody is named', () => {
    expect(state(createTestSession()).user).toEqual({ name: 'Test user', key: 'Test user' })
  })

  test('changes nothing by itself, whatever real time passes', async () => {
    const { session } = createTestSession(ADA)
    let changes = 0
    session.subscribe(() => changes++)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(changes).toBe(0)
  })

  test('goes where createSession’s goes', () => {
    const manager: Session = createTestSession().session
    expect(manager.getState().status).toBe('active')
  })

  test.each<[TestTabOptions, object]>([
    [{ status: 'warning' }, { status: 'warning', cause: 'idle', extendable: true }],
    [{ endsIn: 30 * S }, { status: 'warning' }],
    [{ endsIn: 10 * MIN }, { status: 'active' }],
    [{ status: 'signed-out' }, { status: 'signed-out', reason: null, user: null, lastUser: null }],
    [
      { status: 'signed-out', reason: 'idle', ...ADA },
      { reason: 'idle', lastUser: { name: 'Ada' }, endedHere: true },
    ],
    [
      { reason: 'user', ...ADA },
      { status: 'signed-out', reason: 'user', lastUser: null },
    ],
    [{ status: 'restoring' }, { status: 'restoring', user: null }],
    [{ status: 'signing-in' }, { status: 'signing-in', user: null }],
  ])('begins as it is told to: %o', async (options, expected) => {
    const tab = createTestSession(options)
    expect(state(tab)).toMatchObject(expected)
    await tab.settle()
    expect(state(tab)).toMatchObject(expected)
    if (options.endsIn) expect(left(tab)).toBe(options.endsIn)
  })

  test.each<[object, string]>([
    [{ status: 'warning', endsIn: 5 * MIN }, 'endsIn must be over 0 and at most 120000 ms for the status "warning"'],
    [{ status: 'active', endsIn: MIN }, 'endsIn must be over 120000 and at most 1740000 ms for the status "active"'],
    [{ endsIn: 0 }, 'endsIn must be over'],
    [{ warnBefore: 1 }, 'warnBefore must be from 20000'],
    [{ status: 'active', reason: 'idle' }, 'reason says why a session ended: it does not go with the status "active"'],
    [{ backend: eclecticiq({ baseUrl: '/api' }), user: { name: 'Ada' } }, 'user is for the built-in server'],
    [{ backend: eclecticiq({ baseUrl: '/api' }), status: 'active' }, 'status is for the built-in server'],
  ])('names what can not be: %o', (options, message) => {
    expect(() => createTestSession(options)).toThrow(message)
  })
})

describe('time', () => {
  test('warns after real idle time, and ends after it', async () => {
    const tab = createTestSession(ADA)
    await tab.advance(27 * MIN - 1)
    expect(state(tab).status).toBe('active')
    await tab.advance(1)
    expect(state(tab).status).toBe('warning')
    await tab.advance(2 * MIN)
    expect(state(tab)).toMatchObject({ status: 'signed-out', reason: 'idle', revocation: 'revoked' })
  })

  test('warn stops at the moment at which the warning opens', async () => {
    const tab = createTestSession({ ...ADA, idleTimeout: 10 * MIN, warnBefore: 30 * S })
    await tab.warn()
    expect(state(tab).status).toBe('warning')
    expect(left(tab)).toBe(30 * S)
  })

  test('someone who presses a key puts the end off, and a refresh is sent', async () => {
    const tab = createTestSession(ADA)
    const before = await tab.session.getToken()
    await tab.advance(10 * MIN)
    await tab.press()
    expect(left(tab)).toBe(29 * MIN)
    expect(await tab.session.getToken()).not.toBe(before)
    await tab.advance(28 * MIN)
    await tab.session.stay()
    expect(state(tab).status).toBe('active')
  })

  test('an unanswered warning can be answered while the network is away, once it is back', async () => {
    const { session, world, ...tab } = createTestSession({ status: 'warning' })
    await world.goOffline()
    expect(await session.stay()).toBe(false)
    expect(session.getState()).toMatchObject({ status: 'warning', trouble: 'unreachable' })
    await world.goOnline()
    expect(session.getState()).toMatchObject({ status: 'active', trouble: null })
    await tab.advance(MIN)
  })

  test.each([-1, Number.NaN, Infinity])('passes by no %d ms', async (ms) => {
    await expect(createTestSession().advance(ms)).rejects.toThrow(RangeError)
  })
})

describe('expire', () => {
  test.each([
    ['idle', {}],
    ['limit', { sessionLimit: 60 * MIN }],
    ['limit', { sessionLimit: 12 * 60 * MIN, idleTimeout: 15 * MIN }],
    ['expired', {}],
    ['expired', { idleTimeout: 20 * MIN }],
    ['refused', {}],
    ['user', {}],
  ] as const)('ends it by %s, with %o', async (reason, policy) => {
    const { session, world, ...tab } = createTestSession({ ...ADA, ...policy })
    await tab.expire(reason)
    expect(session.getState()).toMatchObject({ status: 'signed-out', reason, endedHere: true, user: null })
    await expect(session.getToken()).rejects.toThrow(SessionOverError)
    // All is well with the network afterwards.
    await session.signIn({ username: 'Ada', password: 'x' })
    expect(session.getState().roles).toEqual(['admin'])
  })

  test.each([
    ['limit', { sessionLimit: 60 * MIN }],
    ['expired', { idleTimeout: 5 * MIN }],
    ['idle', { idleTimeout: 5 * MIN }],
  ] as const)('ends it by %s under a policy that was set since, %o', async (reason, policy) => {
    const tab = createTestSession(ADA)
    tab.session.setPolicy(policy)
    await tab.expire(reason)
    expect(state(tab).reason).toBe(reason)
  })

  test.each([
    ['limit', {}, "expire('limit'): this session has no limit. Give createTestSession({ sessionLimit"],
    ['idle', { sessionLimit: 5 * MIN }, `expire('idle'): the session ended by "limit" instead`],
    ['idle', { status: 'signed-out' }, "expire('idle'): nobody is signed in here"],
    ['tired', {}, 'the reason must be user, idle, limit, expired, refused, and is tired'],
  ])('says so where it can not end by %s', async (reason, options, message) => {
    await expect(createTestSession(options as TestTabOptions).expire(reason as 'idle')).rejects.toThrow(message)
  })

  test('no warning opens where there is nobody, or something keeps the session awake', async () => {
    await expect(createTestSession({ status: 'signed-out' }).warn()).rejects.toThrow('nobody is signed in here')
    const tab = createTestSession()
    tab.session.keepAwake('Import', { max: 60 * MIN })
    await expect(tab.warn()).rejects.toThrow('something keeps the session awake')
  })
})

describe('who it is', () => {
  test('becomes another person, in a session of their own', async () => {
    const tab = createTestSession(ADA)
    const before = state(tab).session!.id
    await tab.become(GRACE)
    expect(state(tab)).toMatchObject({ status: 'active', user: { name: 'Grace', key: 'g-1' }, roles: ['reader'] })
    expect(state(tab).session!.id).not.toBe(before)
    await tab.become(null)
    expect(state(tab)).toMatchObject({ status: 'signed-out', reason: 'user' })
  })

  test.each(['restoring', 'signing-in', 'signed-out'] as const)(
    'is answered by become in a tab that is %s',
    async (status) => {
      const tab = createTestSession({ status })
      await tab.become(GRACE)
      expect(state(tab)).toMatchObject({ status: 'active', user: { name: 'Grace', key: 'g-1' }, roles: ['reader'] })
      await tab.expire()
      expect(state(tab).reason).toBe('idle')
    },
  )

  test.each(['restoring', 'signing-in', 'signed-out'] as const)(
    'is nobody, where become says so in a tab that is %s',
    async (status) => {
      const tab = createTestSession({ status })
      await tab.become(null)
      expect(state(tab)).toMatchObject({ status: 'signed-out', user: null })
      await tab.session.signIn({ username: 'Grace', password: 'x' })
      expect(state(tab).user!.name).toBe('Grace')
    },
  )

  test('a sign-in under way that nobody answers fails after its time, as a real one does', async () => {
    const tab = createTestSession({ status: 'signing-in' })
    await tab.advance(20 * S)
    expect(state(tab).status).toBe('signed-out')
  })

  test('anybody may sign in, with any password', async () => {
    const { session } = createTestSession({ ...ADA, status: 'signed-out' })
    await session.signIn({ username: 'Grace', password: 'whatever' })
    expect(session.getState()).toMatchObject({ user: { name: 'Grace', key: 'Grace' }, roles: [] })
    await session.signIn({ username: 'Ada', password: 'whatever' })
    expect(session.getState()).toMatchObject({ user: { name: 'Ada' }, roles: ['admin'] })
  })

  test('only those on the list may, where there is one', async () => {
    const accounts = [
      { username: 'ada', password: 'correct horse', user: { name: 'Ada L.', key: '7' }, roles: ['admin'] },
      { username: 'grace', password: 'battery staple' },
    ]
    expect(state(createTestSession({ accounts })).user).toEqual({ name: 'Ada L.', key: '7' })
    const { session, world } = createTestSession({ status: 'signed-out', accounts })
    const wrong = session.signIn({ username: 'ada', password: 'battery staple' })
    await expect(wrong).rejects.toMatchObject({ name: 'AuthError', kind: 'refused' })
    await expect(session.signIn({ username: 'eve', password: 'x' })).rejects.toThrow(AuthError)
    await session.signIn({ username: 'grace', password: 'battery staple' })
    expect(session.getState()).toMatchObject({ user: { name: 'grace', key: 'grace' }, roles: [] })
    await world.goOffline()
    await expect(session.signIn({ username: 'ada', password: 'correct horse' })).rejects.toMatchObject({
      kind: 'unreachable',
    })
  })
})

describe('session.fetch', () => {
  const open = (options: TestTabOptions = {}) => {
    const seen: { url: string; authorization: string | undefined; body: unknown }[] = []
    const tab = createTestSession({
      fetch: async (url, { headers, body }) => {
        seen.push({ url, authorization: headers.authorization, body })
        return Response.json({ feeds: [] })
      },
      ...options,
    })
    return { ...tab, seen }
  }

  test('answers what the test says, with the token on the request', async () => {
    const { session, seen } = open()
    const response = await session.fetch('/api/feeds/', {
      method: 'POST',
      body: 'x',
      headers: { Accept: 'text/plain' },
    })
    expect(await response.json()).toEqual({ feeds: [] })
    expect(seen).toEqual([{ url: '/api/feeds/', authorization: `Bearer ${await session.getToken()}`, body: 'x' }])
  })

  test('takes what fetch takes', async () => {
    const { session, seen } = open()
    await session.fetch(new URL('http://localhost/a'))
    await session.fetch(new Request('http://localhost/b', { method: 'PUT', body: 'text', headers: { 'x-a': '1' } }))
    await session.fetch('/c', { headers: new Headers({ 'x-a': '1' }) })
    expect(seen.map(({ url, body }) => [url, body])).toEqual([
      ['http://localhost/a', undefined],
      ['http://localhost/b', 'text'],
      ['/c', undefined],
    ])
    expect(seen.every(({ authorization }) => authorization?.startsWith('Bearer '))).toBe(true)
  })

  test('takes the token to no origin that is not named', async () => {
    const { session, seen } = open({ origins: ['https://files.example.com'] })
    await session.fetch('https://elsewhere.example/')
    await session.fetch('https://files.example.com/1')
    expect(seen.map(({ authorization }) => !!authorization)).toEqual([false, true])
  })

  test('rejects once the session is over, and sends nothing', async () => {
    const { session, seen, expire } = open()
    await expire()
    await expect(session.fetch('/api/feeds/')).rejects.toThrow(SessionOverError)
    expect(seen).toEqual([])
  })

  test('a 401 for every token ends the session; one for a single token is mended by another', async () => {
    const { session, world, press } = open({ fetch: async () => new Response(null, { status: 401 }) })
    expect((await session.fetch('/api/feeds/')).status).toBe(401)
    expect(session.getState()).toMatchObject({ status: 'signed-out', reason: 'refused' })
    await world.settle()

    let answers = 0
    const other = open({ fetch: async () => new Response(null, { status: answers++ ? 200 : 401 }) })
    await other.advance(MIN / 2)
    await other.press()
    expect((await other.session.fetch('/api/feeds/')).status).toBe(200)
    expect(other.session.getState().status).toBe('active')
    await press()
  })

  test('without an answer says how to give one', async () => {
    await expect(createTestSession().session.fetch('/api/feeds/')).rejects.toThrow(
      'session.fetch("/api/feeds/"): this test does not say what is answered. Give createTestSession({ fetch:',
    )
  })
})

describe('the session’s own ways', () => {
  test('policy, log and hand-over are those of createSession', async () => {
    const events: string[] = []
    const tab = createTestSession({ ...ADA, activityDuringWarning: 'extend', log: ({ type }) => events.push(type) })
    await tab.warn()
    await tab.press()
    expect(state(tab).status).toBe('active')
    await tab.expire('user')
    expect(events).toEqual(['signed-in', 'warned', 'extended', 'refreshed', 'ended', 'revoked'])
  })

  test('a preset goes with options of one’s own, and says where the token rests', async () => {
    const tab = createTestSession({ ...ADA, ...nistAal3, warnBefore: MIN })
    await tab.warn()
    expect(left(tab)).toBe(MIN)
    const other = tab.world.openTab(nistAal3)
    await other.advance(2 * S)
    expect(state(other).status).toBe('signed-out')
    await other.close()
    const again = await tab.reload()
    await again.advance(2 * S)
    expect(state(again).status).toBe('signed-out')
    const given = createTestSession({ ...ADA, ...nistAal3, handOver: true })
    const sibling = given.world.openTab(nistAal3)
    await sibling.settle()
    expect(state(sibling).status).toBe('active')
  })

  test('an adapter and the mock backend take the place of the built-in server', async () => {
    const world = createTestWorld()
    const mock = createMockBackend({ now: world.now, pbkdf2Iterations: 1 })
    const fetch = world.fetchFrom(mock.fetch)
    const tab = world.openTab({ backend: eclecticiq({ baseUrl: '/api', fetch }), fetch })
    await tab.settle()
    expect(state(tab).status).toBe('signed-out')
    await tab.session.signIn({ username: 'analyst@example.com', password: 'bug#1' })
    expect((await tab.session.fetch('/api/feeds/')).status).toBe(200)
    await expect(tab.become(ADA)).rejects.toThrow('become() is of the built-in server')
    await expect(tab.expire('refused')).rejects.toThrow('of the built-in server')
    await tab.advance(5 * MIN)
    await tab.press()
    expect(left(tab)).toBe(29 * MIN)
    mock.setFaults({ down: true })
    await tab.warn()
    expect(await tab.session.stay()).toBe(false)
    mock.setFaults({})
    await tab.advance(10 * S)
    expect(state(tab).status).toBe('active')
    await tab.expire()
    expect(mock.requests().filter(({ path }) => path.includes('/refresh/'))).toHaveLength(3)
  })
})
