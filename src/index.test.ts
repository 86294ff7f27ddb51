// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Backend, createSession, eclecticiq, Secret, type SessionOptions } from './index.ts'

/** Everything a page can leave open, counted. */
const open = { channels: 0, listeners: 0 }

class Channel {
  onmessage: unknown = null
  constructor() {
    open.channels++
  }
  postMessage() {}
  close() {
    open.channels--
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('BroadcastChannel', Channel)
  Object.assign(open, { channels: 0, listeners: 0 })
  for (const target of [window, document]) {
    const add = target.addEventListener.bind(target) as (...args: unknown[]) => void
    vi.spyOn(target, 'addEventListener').mockImplementation((...args: unknown[]) => {
      open.listeners++
      ;(args[2] as { signal: AbortSignal }).signal.addEventListener('abort', () => open.listeners--)
      add(...args)
    })
  }
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.useRealTimers()
  sessionStorage.clear()
})

const settle = () => vi.advanceTimersByTimeAsync(5_000)

function create(over: Partial<SessionOptions> = {}) {
  const answer = async () => ({ token: new Secret('t'), expiresAt: Date.now() + 1_800_000 })
  const backend: Backend = {
    system: 'Test',
    baseUrl: '/api',
    renewsWith: 'token',
    signIn: answer,
    refresh: answer,
    revoke: async () => {},
    headers: ({ token }) => ({ authorization: `Bearer ${token.reveal()}` }),
    refusesToken: () => false,
  }
  return createSession({ backend, ...over })
}

describe('a session on a page', () => {
  test('made, but not started, has opened nothing', () => {
    create()
    expect({ ...open, timers: vi.getTimerCount() }).toEqual({ channels: 0, listeners: 0, timers: 0 })
  })

  test('stopped as often as started, leaves no listener, timer or channel', async () => {
    const session = create()
    const stops = [session.start(), session.start()]
    await settle()
    const signedIn = session.signIn({ username: 'ada', password: 'x' })
    await settle()
    await signedIn
    session.touch()
    await settle()
    expect(session.getState()).toMatchObject({ status: 'active', tabs: 'alone' })
    expect(open.channels).toBe(1)
    expect(open.listeners).toBeGreaterThan(5)
    expect(vi.getTimerCount()).toBeGreaterThan(0)
    for (const stop of stops) stop()
    await settle()
    expect({ ...open, timers: vi.getTimerCount() }).toEqual({ channels: 0, listeners: 0, timers: 0 })
  })

  test('disposed in the middle of everything, leaves nothing, and forgets', async () => {
    const session = create()
    session.start()
    await settle()
    const signedIn = session.signIn({ username: 'ada', password: 'x' })
    await settle()
    await signedIn
    void session.getToken().catch(() => {})
    session.signOut()
    session.dispose()
    await settle()
    expect({ ...open, timers: vi.getTimerCount() }).toEqual({ channels: 0, listeners: 0, timers: 0 })
    await expect(session.getToken()).rejects.toThrow('No request was sent')
    await expect(session.signIn({})).rejects.toThrow()
  })

  test.each([
    [{ backend: undefined }, 'createSession needs a backend'],
    [{ backend: eclecticiq }, 'backend must be what an adapter gives: eclecticiq({ baseUrl: "/api" }), not eclecticiq'],
    [{ storage: 'cookie' }, 'storage must be "session", "local", "memory"'],
    [{ storage: { load: 1 } }, 'storage must be'],
    [{ storage: { load: () => null } }, 'storage must be'],
    [{ storage: null }, 'storage must be'],
    [{ replay: ['PUT'] }, 'replay must be a function'],
  ])('names what it can not work with: %o', (over, message) => {
    expect(() => create(over as never)).toThrow(message)
  })

  test('keeps a token without an end in memory, and says so where it is asked for something else', async () => {
    const backend = eclecticiq({
      baseUrl: '/api',
      apiToken: true,
      fetch: async () => Response.json({ data: [] }),
    })
    const idleTimeout = 900_000
    for (const over of [{ storage: 'session' as const }, { storage: 'memory' as const, handOver: true }]) {
      expect(() => create({ backend, idleTimeout, ...over })).toThrow('rests in memory alone')
    }
    expect(() => create({ backend })).toThrow('idleTimeout is required')
    const session = create({ backend, idleTimeout })
    session.start()
    await settle()
    const signedIn = session.signIn({ apiToken: 'an-api-token' })
    await settle()
    await signedIn
    expect(session.getState().status).toBe('active')
    expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toContain('an-api-token')
    session.dispose()
  })

  test('names the option that is out of range', () => {
    expect(() => create({ warnBefore: 5_000 })).toThrow(
      new RangeError('warnBefore must be from 20000 to 3600000 ms, and is 5000'),
    )
  })

  test.each([
    [{ idleTimout: 900_000 }, 'createSession has no option idleTimout: did you mean idleTimeout?'],
    [{ IdleTimeout: 900_000 }, 'createSession has no option IdleTimeout: did you mean idleTimeout?'],
    [{ warnbefor: 60_000 }, 'createSession has no option warnbefor: did you mean warnBefore?'],
    [{ logs: () => {} }, 'createSession has no option logs: did you mean log?'],
    [{ timeout: 900_000 }, 'createSession has no option timeout: it has backend, storage, handOver, '],
    [{ toString: 1 }, 'createSession has no option toString: it has'],
    [{ activityEvents: ['keydwn'] }, 'activityEvents: there is no event "keydwn"; did you mean "keydown"?'],
    [{ activityEvents: ['Click'] }, 'activityEvents: there is no event "Click"; did you mean "click"?'],
    [{ activityEvents: 'keydown' }, 'activityEvents must be a list, such as ["keydown"]'],
    [{ origins: 'https://files.example.com' }, 'origins must be a list, such as ["https://files.example.com"]'],
    [{ frames: 'https://reports.example.com' }, 'frames must be a list, such as ["https://reports.example.com"]'],
    [{ log: 'console' }, 'log must be a function that is given an event, such as console.log'],
  ])('names the option that there is not or is wrong, and what may have been meant: %o', (over, message) => {
    expect(() => create(over as never)).toThrow(TypeError)
    expect(() => create(over as never)).toThrow(message)
  })

  test('takes any other event for activity, the host’s choice of the browser’s', () => {
    const activityEvents = [
      'keyup',
      'pointerup',
      'touchend',
      'mousedown',
      'mousemove',
      'focusin',
      'cut',
      'copy',
      'dblclick',
      'keypress',
    ]
    for (const name of activityEvents) expect(() => create({ activityEvents: [name] }), name).not.toThrow()
  })

  test('does not look for such options in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(() => create({ idleTimout: 900_000 } as never)).not.toThrow()
    vi.unstubAllEnvs()
  })

  test('takes undefined for an option that is left out', () => {
    expect(() => create({ name: undefined, log: undefined, idleTimeout: undefined } as never)).not.toThrow()
  })
})

test('on a server it is inert: nothing throws, nothing is open, and no request is sent', async () => {
  vi.stubGlobal('document', undefined)
  const session = createSession({ backend: eclecticiq({ baseUrl: '/api' }) })
  expect(session.getInitialState().status).toBe('restoring')
  session.start()()
  expect(session.getState()).toBe(session.getInitialState())
  await expect(session.fetch('https://app.example/api/feeds/')).rejects.toThrow('No request was sent')
  for (const call of [() => session.getToken(), () => session.signIn({})])
    await expect(call()).rejects.toThrow('No request was sent: there is no page here')
  expect({ ...open, timers: vi.getTimerCount() }).toEqual({ channels: 0, listeners: 0, timers: 0 })
})
