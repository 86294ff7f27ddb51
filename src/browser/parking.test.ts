// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest'
import { SessionOverError } from '../core/errors.ts'
import { parkRequests } from '../core/parking.ts'
import { ANALYST, createScene as createCoreScene, LEAD, MIN, S } from '../core/scene.ts'
import { createAuthorize } from './authorize.ts'
import { createFetch } from './fetch.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const FEEDS = 'http://mock/feeds/'

/** A session on the mock, signed in, whose page waits for its person; `settled` tells what became of each request. */
async function createScene(replay?: (request: Request) => boolean) {
  const scene = createCoreScene()
  const { world, server, backend } = scene
  vi.stubGlobal('fetch', world.fetch(server.fetch))
  const core = scene.open()
  const authorize = createAuthorize({ backend, origins: [], grant: core.grant })
  const session = { ...core, ...createFetch({ ...authorize, replay, getState: core.getState }) }
  await core.signIn(ANALYST)
  const release = parkRequests(session, '7')
  const settled: string[] = []

  /** Sends a request through the session; what comes of it is noted. */
  function ask(path: string, init?: RequestInit): void {
    session.fetch(`${FEEDS}${path}`, init).then(
      ({ status }) => settled.push(`${path} ${status}`),
      (error: Error) => settled.push(`${path} ${error.name}: ${error.message}`),
    )
  }
  const calls = () =>
    server
      .requests()
      .filter(({ path }) => path.startsWith('/feeds/'))
      .map(({ method, path }) => `${method} ${path.slice(7)}`)
  const idle = async () => {
    await world.advance(30 * MIN)
    expect(session.status()).toBe('signed-out')
  }
  return { ...scene, session, release, settled, ask, calls, idle }
}

const put = (body: string): RequestInit => ({ method: 'PUT', body })

describe('requests that meet the end of a session', () => {
  test('wait, and go out in order once the same person is back', async () => {
    const { session, ask, settled, calls, idle, world } = await createScene()
    await idle()
    for (const path of ['1', '2', '3']) ask(path)
    await world.advance(MIN)
    expect(settled).toEqual([])
    expect(calls()).toEqual([])
    await session.signIn(ANALYST)
    await world.settle()
    expect(calls()).toEqual(['GET 1', 'GET 2', 'GET 3'])
    expect(settled).toHaveLength(3)
    expect(settled.join()).not.toContain('Error')
  })

  test('are rejected at once where no page waits for anybody', async () => {
    const { ask, settled, release, idle, world } = await createScene()
    release()
    await idle()
    ask('1')
    await world.settle()
    expect(settled).toEqual([expect.stringContaining('1 SessionOverError: No request was sent')])
  })

  test('and change something are rejected at once, unless the host says that they may wait', async () => {
    const { ask, settled, idle, world, session, calls } = await createScene(({ url }) => url.endsWith('/2'))
    await idle()
    ask('1', put('one'))
    ask('2', put('two'))
    await world.settle()
    expect(settled).toEqual([expect.stringContaining('1 SessionOverError')])
    await session.signIn(ANALYST)
    await world.settle()
    expect(calls()).toEqual(['PUT 2'])
  })

  test('and change something are not overtaken by what comes after them, nor by one made later', async () => {
    const { ask, idle, world, session, calls } = await createScene(() => true)
    await idle()
    ask('1', put('old'))
    ask('1')
    await session.signIn(ANALYST)
    world.network.latency = 2 * S
    ask('1', put('new'))
    await world.advance(3 * S)
    expect(calls()).toEqual(['PUT 1'])
    await world.advance(10 * S)
    expect(calls()).toEqual(['PUT 1', 'GET 1', 'PUT 1'])
  })

  test('keep their body', async () => {
    const bodies: string[] = []
    const { ask, idle, world, session } = await createScene(() => true)
    await idle()
    vi.stubGlobal('fetch', async (request: Request) => {
      bodies.push(await request.text())
      return new Response()
    })
    ask('1', put('half-typed'))
    await session.signIn(ANALYST)
    await world.settle()
    expect(bodies).toEqual(['half-typed'])
  })

  test('are rejected when another person signs in, and never sent as them', async () => {
    const { ask, settled, idle, world, session, calls } = await createScene(() => true)
    await idle()
    ask('1')
    ask('2', put('two'))
    await world.settle()
    await session.signIn(LEAD)
    await world.settle()
    expect(settled).toEqual([
      expect.stringContaining('1 SessionOverError: No request was sent: whoever it was made for'),
      expect.stringContaining('2 SessionOverError'),
    ])
    expect(calls()).toEqual([])
  })

  test('are rejected when the person leaves for good, here or in another tab', async () => {
    for (const isHere of [true, false]) {
      const { ask, settled, idle, world, session, open } = await createScene()
      const other = open()
      await world.advance(S)
      await idle()
      ask('1')
      await world.settle()
      ;(isHere ? session : other).signOut()
      await world.settle()
      expect(settled).toEqual([expect.stringContaining('SessionOverError')])
    }
  })

  test('go out when the person comes back in another tab', async () => {
    const { ask, settled, idle, world, open, calls } = await createScene()
    const other = open()
    await idle()
    ask('1')
    await world.settle()
    await other.signIn(ANALYST)
    await world.advance(S)
    expect(calls()).toEqual(['GET 1'])
    expect(settled).toHaveLength(1)
  })

  test('are rejected when the page that they were made for is gone: the last of those that wait', async () => {
    const { ask, settled, idle, world, session, release } = await createScene()
    const another = parkRequests(session, '7')
    await idle()
    ask('1')
    another()
    another()
    await world.settle()
    expect(settled).toEqual([])
    release()
    await world.settle()
    expect(settled).toEqual([expect.stringContaining('the page that it was made for is gone')])
  })

  test('wait 5 minutes and no longer', async () => {
    const { ask, settled, idle, world, session, calls } = await createScene()
    await idle()
    ask('1')
    await world.advance(5 * MIN - S)
    expect(settled).toEqual([])
    await world.advance(S)
    expect(settled).toEqual([expect.stringContaining('nobody came for 5 minutes')])
    await session.signIn(ANALYST)
    await world.settle()
    expect(calls()).toEqual([])
  })

  test('wait a hundred at the most: the newest is refused', async () => {
    const { ask, settled, idle, world, session, calls } = await createScene()
    await idle()
    for (let n = 1; n <= 101; n++) ask(`${n}`)
    await world.settle()
    expect(settled).toEqual([expect.stringContaining('101 SessionOverError: No request was sent: 100 requests wait')])
    await session.signIn(ANALYST)
    await world.advance(S)
    expect(calls()).toHaveLength(100)
  })

  test('and are aborted are rejected at once, and not sent', async () => {
    const { ask, settled, idle, world, session, calls } = await createScene()
    const controller = new AbortController()
    await idle()
    ask('1', { signal: controller.signal })
    ask('2')
    await world.settle()
    controller.abort()
    await world.settle()
    expect(settled).toEqual([expect.stringContaining('1 AbortError')])
    await session.signIn(ANALYST)
    await world.settle()
    expect(calls()).toEqual(['GET 2'])
  })

  test('in that the server refused their token go out again, once', async () => {
    const { ask, settled, world, session, server, calls } = await createScene()
    await server.revokeAll()
    ask('1')
    await world.settle()
    expect(session.state()).toMatchObject({ status: 'signed-out', reason: 'refused' })
    expect(settled).toEqual([])
    await session.signIn(ANALYST)
    await world.settle()
    expect(calls()).toEqual(['GET 1', 'GET 1'])
    expect(settled).toHaveLength(1)
    expect(settled[0]).not.toContain('401')
  })

  test('in that the server refused their token, and would not renew it, go out again too', async () => {
    const { ask, settled, world, session, server } = await createScene()
    // Somebody is here, so that a renewal is tried first.
    await world.advance(10 * S)
    session.touch(true)
    await server.revokeAll()
    ask('1')
    await world.settle()
    expect(session.state()).toMatchObject({ status: 'signed-out', reason: 'refused' })
    expect(settled).toEqual([])
    await session.signIn(ANALYST)
    await world.settle()
    expect(settled).toHaveLength(1)
    expect(settled[0]).not.toMatch(/401|Error/)
  })

  test('in that the server refuses every token are no trap: the second refusal is the answer', async () => {
    const { ask, settled, idle, world, session } = await createScene()
    await idle()
    ask('1')
    vi.stubGlobal('fetch', async () => new Response(null, { status: 401 }))
    await session.signIn(ANALYST)
    await world.advance(S)
    expect(settled).toEqual(['1 401'])
  })

  test('that change something and were refused are the host’s, unless they may wait', async () => {
    const { ask, settled, world, server } = await createScene()
    await server.revokeAll()
    const pass = world.fetch(server.fetch)
    const refuse: typeof fetch = async (input, init) =>
      (input as Request).method === 'PUT' ? new Response(null, { status: 401 }) : pass(input, init)
    vi.stubGlobal('fetch', refuse)
    ask('1', put('one'))
    await world.settle()
    expect(settled).toEqual(['1 401'])
  })

  test('do not wait where one asks for a token by itself', async () => {
    const { idle, session } = await createScene()
    await idle()
    await expect(session.getToken()).rejects.toThrow('No request was sent')
  })

  test('made for one person do not wait in the page of the next', async () => {
    const { ask, settled, world, session, release, calls } = await createScene(() => true)
    let other = () => {}
    session.subscribe(({ user }) => {
      if (!user || user.key === '7' || session.parking.current?.owner === user.key) return
      release()
      other = parkRequests(session, user.key!)
    })
    // It waits for a refresh under way when the other comes.
    await world.advance(MIN + S)
    world.network.latency = 6 * S
    session.touch(true)
    await world.settle()
    ask('1', put('the analyst’s'))
    world.network.latency = 0
    void session.signIn(LEAD)
    await world.advance(MIN)
    expect(session.state().user!.name).toBe(LEAD.username)
    expect(settled).toEqual([expect.stringContaining('SessionOverError')])
    expect(calls()).toEqual([])
    other()
    expect(session.parking.current).toBe(null)
  })

  test('that met a second end keep their place', async () => {
    const { ask, settled, idle, world, session, calls, server } = await createScene()
    await idle()
    for (const path of ['1', '2']) ask(path)
    await world.settle()
    // Back, and gone again before anything could leave.
    await session.signIn(ANALYST)
    await server.revokeAll()
    await world.settle()
    expect(settled.join()).not.toContain('Error')
    expect(calls().slice(0, 2)).toEqual(['GET 1', 'GET 2'])
  })

  test('wait 5 minutes by the clock: what was slept through counts', async () => {
    const { ask, settled, idle, world, session, calls } = await createScene(() => true)
    await idle()
    ask('1', put('an hour old'))
    await world.settle()
    await world.sleep(60 * MIN, { frozenTimers: true })
    await session.signIn(ANALYST)
    await world.settle()
    expect(calls()).toEqual([])
    expect(settled).toEqual([expect.stringContaining('nobody came for 5 minutes')])
  })

  test('that met a second end go out at once if by then the person is back again', async () => {
    const { idle, world, session, server, ask } = await createScene()
    let met = (_: Error) => {}
    const authorize = vi.fn(() => new Promise<never>((_, reject) => (met = reject)))
    await idle()
    const waiting = { isSafe: true, authorize, send: async () => 'sent', onAbort: () => {} }
    void session.parking.current!.wait(waiting).catch(() => {})
    await session.signIn(ANALYST)
    await server.revokeAll()
    ask('2')
    await world.settle()
    expect(session.state().reason).toBe('refused')
    await session.signIn(ANALYST)
    expect(authorize).toHaveBeenCalledTimes(1)
    met(new SessionOverError())
    await world.settle()
    expect(authorize).toHaveBeenCalledTimes(2)
  })

  test('are not sent as another person by the page that was made for the one before', async () => {
    const { idle, world, session, calls, ask, settled } = await createScene(() => true)
    await idle()
    // A page that saves what was typed as soon as it can.
    const off = session.subscribe(({ user }) => {
      if (!user) return
      off()
      ask('1', put('the analyst’s'))
      // As axios and others do it.
      session.authorize(FEEDS).catch(({ name }) => settled.push(name))
    })
    await session.signIn(LEAD)
    await world.settle()
    expect(calls()).toEqual([])
    expect(settled.sort()).toEqual([expect.stringContaining('1 SessionOverError'), 'SessionOverError'])
  })

  test('of a page that the person has left do not wait in their next one', async () => {
    const { ask, settled, world, session, release, calls } = await createScene(() => true)
    await world.advance(MIN + S)
    world.network.latency = 6 * S
    session.touch(true)
    await world.settle()
    ask('1', put('left'))
    await world.settle()
    session.signOut()
    release()
    world.network.latency = 0
    await session.signIn(ANALYST)
    parkRequests(session, '7')
    await world.advance(MIN)
    expect(session.status()).toBe('active')
    expect(calls()).toEqual([])
    expect(settled).toEqual([expect.stringContaining('SessionOverError')])
  })

  test('and change something wait only for a plain yes: a promise is none', async () => {
    const { ask, settled, idle, world } = await createScene((async () => false) as never)
    await idle()
    ask('1', put('one'))
    await world.settle()
    expect(settled).toEqual([expect.stringContaining('1 SessionOverError')])
  })

  test('are forgotten by dispose, and no alarm is left', async () => {
    const { ask, settled, idle, world, session } = await createScene()
    await idle()
    ask('1')
    await world.settle()
    session.dispose()
    await world.settle()
    expect(settled).toEqual([expect.stringContaining('SessionOverError')])
    expect(world.loose()).toBe(0)
  })
})
