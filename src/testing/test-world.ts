import { base } from './request.ts'
import { createTestServer } from './test-backend.ts'
import { type Ground, openTab } from './test-session.ts'
import type { TestSession, TestSessionOptions, TestWorld, TestWorldOptions } from './types.ts'
import { createWorld } from './world.ts'

/** A world for tests of several tabs, sleep and networks that fail; throws a `RangeError` for times that can not be. */
export function createTestWorld({ startAt, act = (work) => work() }: TestWorldOptions = {}): TestWorld {
  const world = createWorld(startAt)
  const onlines = new Set<() => void>()
  let ids = 0

  const run = async (work: () => unknown) => {
    await act(async () => {
      await work()
      await world.settle()
    })
  }

  function passable(ms: number): number {
    if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`Time passes by 0 ms or more, and not by ${ms}`)
    return ms
  }

  const outside: TestWorld = {
    now: world.now,
    advance: (ms) => run(() => world.advance(passable(ms))),
    sleep: (ms) => run(() => world.sleep(passable(ms))),
    settle: () => run(() => {}),
    setClock: (by) => run(() => world.setClock(by)),
    goOffline: () =>
      run(() => {
        world.network.down = true
      }),
    goOnline: () =>
      run(() => {
        world.network.down = false
        for (const online of [...onlines]) online()
      }),
    network: world.network,
    fetchFrom(server) {
      const send = world.fetch(server)
      return (input, init) => send(typeof input === 'string' ? new URL(input, base()) : input, init)
    },
    openTab: (options = {}) => openTab(ground, options),
  }
  const ground: Ground = { world, server: createTestServer(), outside, onlines, run, nextId: () => `test-${++ids}` }
  return outside
}

/** A session for a component test, with no network and on a clock moved by hand: signed in at once, unless the options say otherwise. */
export function createTestSession({ startAt, act, ...options }: TestSessionOptions = {}): TestSession {
  const world = createTestWorld({ ...(startAt !== undefined && { startAt }), ...(act && { act }) })
  const { backend, accounts, status, reason, endsIn } = options
  const isIn = status === undefined && reason === undefined && endsIn === undefined
  const who = backend ? {} : !accounts ? { user: { name: 'Test user' } } : isIn ? { status: 'active' as const } : {}
  return world.openTab({ ...who, ...options })
}
