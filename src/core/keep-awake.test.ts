import { describe, expect, test } from 'vitest'
import { SessionOverError } from './errors.ts'
import { ANALYST, createPlain, createScene, LEAD, MIN, S } from './scene.ts'

const HOUR = 60 * MIN
/** How long nobody may be here: a token of 30 minutes, less `refreshEvery`. */
const IDLE = 29 * MIN

/** Every status that a session shows from here on. */
function watch(session: { subscribe(listener: (state: { status: string }) => void): () => void }) {
  const seen = new Set<string>()
  session.subscribe(({ status }) => seen.add(status))
  return seen
}

describe('keepAwake', () => {
  test('keeps a session through an import of two hours, with nobody there and no warning in any tab', async () => {
    const { openMany, world, server, call } = createScene()
    const [a, b] = await openMany(2)
    const seen = [watch(a!), watch(b!)]
    const release = a!.keepAwake('Import', { max: 3 * HOUR })
    await world.advance(2 * HOUR)
    expect(await call(b!)).toBe(200)
    release()
    for (const statuses of seen) expect([...statuses]).toEqual(['active'])
    // One refresh per R at the most: a token a minute old is renewed by the next touch.
    const refreshes = server.requests().filter(({ path }) => path.includes('refresh'))
    expect(refreshes.length).toBeGreaterThan(100)
    expect(refreshes.length).toBeLessThanOrEqual(120)
  })

  test('lets the session end idle, I after its last touch, once it is released', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    const release = a!.keepAwake('Import', { max: 3 * HOUR })
    await world.advance(HOUR + 10 * S)
    release()
    release()
    const deadline = a!.state().deadline!
    expect(deadline).toBe(world.now() - 10 * S + IDLE)
    await world.advance(deadline - world.now() - S)
    expect(a!.status()).toBe('warning')
    await world.advance(S)
    expect([a!.state().reason, b!.state().reason]).toEqual(['idle', 'idle'])
  })

  test('is over after max', async () => {
    const { openMany, world, events } = createScene()
    const [a] = await openMany(1)
    a!.keepAwake('Import', { max: 40 * MIN + 10 * S })
    await world.advance(40 * MIN + 9 * S)
    expect(a!.state().keptAwakeBy).toEqual(['Import'])
    await world.advance(S)
    expect(a!.state().keptAwakeBy).toEqual([])
    expect(a!.state().deadline).toBe(world.now() - 10 * S + IDLE)
    await world.advance(IDLE)
    expect(a!.state().reason).toBe('idle')
    expect(events).toContain('released: Import')
  })

  test('is over after max though the clock was set back meanwhile', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.keepAwake('Import', { max: HOUR })
    await world.advance(30 * MIN)
    world.setClock(-20 * HOUR)
    await world.advance(31 * MIN)
    expect(a!.state()).toMatchObject({ status: 'active', keptAwakeBy: [] })
  })

  test('is over after max though the device slept meanwhile', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.keepAwake('Import', { max: 15 * MIN })
    await world.advance(5 * MIN)
    await world.sleep(12 * MIN)
    expect(a!.state()).toMatchObject({ status: 'active', keptAwakeBy: [] })
  })

  test('has any number of reasons, each until it is released, and names every one of them once', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    const first = a!.keepAwake('Import', { max: 2 * HOUR })
    const second = a!.keepAwake('Import', { max: 2 * HOUR })
    const third = a!.keepAwake('Call', { max: 2 * HOUR })
    expect(a!.state().keptAwakeBy).toEqual(['Import', 'Call'])
    expect(b!.state().keptAwakeBy).toEqual([])
    first()
    expect(a!.state().keptAwakeBy).toEqual(['Import', 'Call'])
    second()
    expect(a!.state().keptAwakeBy).toEqual(['Call'])
    await world.advance(HOUR)
    expect(a!.status()).toBe('active')
    third()
    expect(a!.state().keptAwakeBy).toEqual([])
  })

  test('never lasts past sessionLimit, of which it is warned, and leaves no alarm', async () => {
    const { open, world } = createScene({ sessionLimit: HOUR, activityDuringWarning: 'extend' })
    const a = open()
    await world.advance(S)
    const before = world.loose()
    await a.signIn(ANALYST)
    a.keepAwake('Import', { max: 4 * HOUR })
    await world.advance(59 * MIN)
    expect(a.state()).toMatchObject({ status: 'warning', cause: 'limit' })
    await world.advance(MIN)
    expect(a.state()).toMatchObject({ status: 'signed-out', reason: 'limit', keptAwakeBy: [] })
    expect(world.loose()).toBe(before)
  })

  test('keeps awake where the idle limit is short beside the age at which tokens are refreshed', async () => {
    const { openMany, world } = createScene({
      backend: createPlain({ life: null }),
      refreshEvery: HOUR,
      idleTimeout: 5 * MIN,
    })
    const [a] = await openMany(1)
    const seen = watch(a!)
    a!.keepAwake('Import', { max: 3 * HOUR })
    await world.advance(2 * HOUR)
    expect([...seen]).toEqual(['active'])
  })

  test('does not answer a warning that is open already, unless activity does', async () => {
    for (const activityDuringWarning of ['ignore', 'extend'] as const) {
      const { openMany, world } = createScene({ activityDuringWarning })
      const [a] = await openMany(1)
      await world.advance(IDLE - MIN)
      expect(a!.status()).toBe('warning')
      a!.keepAwake('Import', { max: HOUR })
      await world.advance(30 * S)
      expect(a!.status()).toBe(activityDuringWarning === 'ignore' ? 'warning' : 'active')
      await world.advance(MIN)
      expect(a!.state().reason).toBe(activityDuringWarning === 'ignore' ? 'idle' : null)
    }
  })

  test('goes on once a warning that it did not answer was answered by a person', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(IDLE - MIN)
    a!.keepAwake('Import', { max: 3 * HOUR })
    await a!.stay()
    await world.advance(2 * HOUR)
    expect(a!.status()).toBe('active')
  })

  test('holds the session while the server is away, as long as the token lives', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.keepAwake('Import', { max: 3 * HOUR })
    await world.advance(HOUR)
    world.network.down = true
    await world.advance(20 * MIN)
    world.network.down = false
    await world.advance(HOUR)
    expect(a!.status()).toBe('active')
  })
})

describe('what keeps awake ends', () => {
  test('with a sleep past the deadline, as anybody would: the first task signs out', async () => {
    const { openMany, world, sent } = createScene()
    const [a] = await openMany(1)
    a!.keepAwake('Import', { max: 4 * HOUR })
    await world.advance(10 * MIN)
    const before = sent('refresh')
    await world.sleep(2 * HOUR)
    expect(a!.state()).toMatchObject({ status: 'signed-out', reason: 'idle', keptAwakeBy: [] })
    expect(sent('refresh')).toBe(before)
  })

  test('not with a sleep through which another tab has kept the session: it goes on', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    a!.keepAwake('Import', { max: 4 * HOUR })
    a!.tab.freeze()
    for (let minutes = 0; minutes < 60; minutes += 5) {
      await world.advance(5 * MIN)
      b!.tab.press()
    }
    await a!.tab.thaw()
    await world.advance(5 * S)
    expect(a!.state()).toMatchObject({ status: 'active', keptAwakeBy: ['Import'] })
    await world.advance(HOUR)
    expect(b!.status()).toBe('active')
  })

  test('with the session, and does not keep the next one awake', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    const states: object[] = []
    const release = a!.keepAwake('Import', { max: 4 * HOUR })
    a!.subscribe(({ status, keptAwakeBy }) => states.push({ status, keptAwakeBy }))
    a!.signOut()
    expect(states[0]).toEqual({ status: 'signed-out', keptAwakeBy: [] })
    await a!.signIn(LEAD)
    const other = a!.keepAwake('Call', { max: 4 * HOUR })
    release()
    expect(a!.state().keptAwakeBy).toEqual(['Call'])
    other()
    await world.advance(IDLE)
    expect(a!.state().reason).toBe('idle')
  })

  test('with a sign-out in another tab', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    a!.keepAwake('Import', { max: 4 * HOUR })
    b!.signOut()
    await world.settle()
    expect(a!.state()).toMatchObject({ status: 'signed-out', reason: 'user', keptAwakeBy: [] })
  })

  test('with its tab', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    a!.keepAwake('Import', { max: 4 * HOUR })
    await world.advance(HOUR)
    a!.tab.crash()
    await world.advance(IDLE)
    expect(b!.state().reason).toBe('idle')
  })

  test('with dispose: no alarm is left', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    const release = a!.keepAwake('Import', { max: 4 * HOUR })
    await world.advance(HOUR)
    a!.dispose()
    expect(world.loose()).toBe(0)
    expect(a!.state().keptAwakeBy).toEqual([])
    release()
    expect(() => a!.keepAwake('Import', { max: HOUR })).toThrow(SessionOverError)
  })

  test('while nothing is mounted, and goes on with the next mount: no alarm is left between the two', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.keepAwake('Import', { max: 4 * HOUR })
    await world.advance(MIN)
    a!.stop()
    a!.keepAwake('Call', { max: 4 * HOUR })
    await world.settle()
    expect(world.loose()).toBe(0)
    await world.advance(20 * MIN)
    a!.start()
    await world.advance(HOUR)
    expect(a!.state()).toMatchObject({ status: 'active', keptAwakeBy: ['Import', 'Call'] })
  })
})

describe('keepAwake throws', () => {
  test('while nobody is signed in, and says what to do', async () => {
    const { open, world } = createScene()
    const a = open()
    await world.advance(S)
    expect(() => a.keepAwake('Import', { max: HOUR })).toThrow(SessionOverError)
    expect(() => a.keepAwake('Import', { max: HOUR })).toThrow(
      'keepAwake keeps nothing awake: the session is over or nobody has signed in. Sign in first.',
    )
    await a.signIn(ANALYST)
    a.stop()
    await world.advance(HOUR)
    expect(() => a.keepAwake('Import', { max: HOUR })).toThrow(SessionOverError)
  })

  test('for a max that is missing or out of range, and for no reason', async () => {
    const { openMany } = createScene()
    const [a] = await openMany(1)
    for (const max of [0, -1, 4 * HOUR + 1, Infinity, NaN])
      expect(() => a!.keepAwake('Import', { max })).toThrow(
        new RangeError(`keepAwake: max must be from 1 to 14400000 ms, and is ${max}`),
      )
    // @ts-expect-error A host that writes no TypeScript.
    expect(() => a!.keepAwake('Import')).toThrow(RangeError)
    expect(() => a!.keepAwake(' ', { max: HOUR })).toThrow('keepAwake needs a reason to show')
    expect(a!.state().keptAwakeBy).toEqual([])
  })
})
