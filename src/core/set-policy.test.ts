import { describe, expect, test } from 'vitest'
import { ANALYST, createPlain, createScene, LEAD, MIN, S } from './scene.ts'

const HOUR = 60 * MIN
/** How long nobody may be here where nothing is set: a token of 30 minutes, less `refreshEvery`. */
const IDLE = 29 * MIN

describe('setPolicy', () => {
  test('takes effect at once: the deadline and the warning move', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    const signedInAt = world.now()
    a!.setPolicy({ idleTimeout: 10 * MIN, warnBefore: MIN })
    expect(a!.state().deadline).toBe(signedInAt + 10 * MIN)
    await world.advance(9 * MIN - S)
    expect(a!.status()).toBe('active')
    await world.advance(S)
    expect(a!.status()).toBe('warning')
    await world.advance(MIN)
    expect(a!.state()).toMatchObject({ status: 'signed-out', reason: 'idle' })
  })

  test('to an idle limit that has passed already ends the session in all tabs, and at the server', async () => {
    const { openMany, world, alive } = createScene()
    const [a, b] = await openMany(2)
    await world.advance(10 * MIN)
    a!.setPolicy({ idleTimeout: 5 * MIN })
    expect(a!.state().token).toBeNull()
    await world.settle()
    expect([a!.state().reason, b!.state().reason]).toEqual(['idle', 'idle'])
    expect(await alive()).toEqual([])
  })

  test('to an idle limit that has passed only by what this tab knows asks the others first', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    a!.tab.freeze()
    await world.advance(10 * MIN)
    b!.tab.press()
    await world.advance(10 * S)
    // Before anything could be read.
    const thawed = a!.tab.thaw()
    a!.setPolicy({ idleTimeout: 5 * MIN })
    await thawed
    await world.advance(2 * S)
    expect([a!.status(), b!.status()]).toEqual(['active', 'active'])
  })

  test('to a longer idle limit takes back no end that a sleep has passed, before anything else has run', async () => {
    const { openMany, world, sent } = createScene({ idleTimeout: 5 * MIN })
    const [a] = await openMany(1)
    const slept = world.sleep(6 * MIN, { frozenTimers: true })
    // As a host does whose listener hears of the page's return before ours.
    a!.setPolicy({ idleTimeout: 25 * MIN })
    expect(a!.state().token).toBeNull()
    await slept
    expect(a!.state()).toMatchObject({ status: 'signed-out', reason: 'idle' })
    expect(sent('refresh')).toBe(0)
  })

  test('to a session limit that has passed already ends the session with that reason', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(10 * MIN)
    a!.tab.press()
    await world.settle()
    a!.setPolicy({ sessionLimit: 5 * MIN })
    await world.settle()
    expect(a!.state().reason).toBe('limit')
  })

  test('to a longer idle limit closes an open warning', async () => {
    const { openMany, world } = createScene({ idleTimeout: 10 * MIN })
    const [a] = await openMany(1)
    await world.advance(9 * MIN)
    expect(a!.status()).toBe('warning')
    a!.setPolicy({ idleTimeout: 25 * MIN })
    expect(a!.status()).toBe('active')
    await world.advance(14 * MIN - S)
    expect(a!.status()).toBe('active')
    await world.advance(S)
    expect(a!.status()).toBe('warning')
  })

  test('to an idle limit longer than the token lives has the token renewed ahead of its end', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(28 * MIN)
    expect(a!.status()).toBe('warning')
    a!.setPolicy({ idleTimeout: HOUR })
    await world.settle()
    expect(a!.state()).toMatchObject({ status: 'active', session: { generation: 2 } })
    await world.advance(32 * MIN)
    expect(a!.state().reason).toBe('idle')
  })

  test('to refresh more often renews at once a token that was old enough when someone was last here', async () => {
    const { openMany, world, sent } = createScene({ refreshEvery: 5 * MIN })
    const [a] = await openMany(1)
    await world.advance(2 * MIN)
    a!.tab.press()
    await world.advance(S)
    expect(sent('refresh')).toBe(0)
    a!.setPolicy({ refreshEvery: MIN })
    await world.settle()
    expect(sent('refresh')).toBe(1)
    a!.setPolicy({ refreshEvery: 10 * S })
    await world.advance(5 * MIN)
    expect(sent('refresh')).toBe(1)
  })

  test('decides what input does while the warning is open', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(IDLE - MIN)
    a!.tab.press()
    await world.settle()
    expect(a!.status()).toBe('warning')
    a!.setPolicy({ activityDuringWarning: 'extend' })
    await world.advance(S)
    a!.tab.press()
    await world.settle()
    expect(a!.status()).toBe('active')
  })

  test('changes the options of createSession, each time anew: what is left out, or undefined, is as it was there', async () => {
    const { openMany, world } = createScene({ idleTimeout: 20 * MIN, sessionLimit: HOUR })
    const [a] = await openMany(1)
    const signedInAt = world.now()
    const ends = () => a!.state().deadline! - signedInAt
    a!.setPolicy({ idleTimeout: 10 * MIN })
    expect(ends()).toBe(10 * MIN)
    a!.setPolicy({ sessionLimit: 15 * MIN })
    expect(ends()).toBe(15 * MIN)
    a!.setPolicy({ sessionLimit: 2 * HOUR, idleTimeout: undefined })
    expect(ends()).toBe(20 * MIN)
    a!.setPolicy({})
    expect(ends()).toBe(20 * MIN)
    a!.setPolicy({ idleTimeout: null })
    expect(ends()).toBe(IDLE)
  })

  test('holds for whoever signs in next, until it is set again', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.setPolicy({ idleTimeout: 5 * MIN })
    a!.signOut()
    await a!.signIn(LEAD)
    expect(a!.state().deadline).toBe(world.now() + 5 * MIN)
    a!.setPolicy({})
    expect(a!.state().deadline).toBe(world.now() + IDLE)
  })

  test('works before the start, and under a start that is made twice', async () => {
    const { open, world } = createScene()
    const a = open()
    a.stop()
    a.setPolicy({ idleTimeout: 5 * MIN })
    const stops = [a.start(), a.start()]
    stops[0]!()
    await world.advance(S)
    await a.signIn(ANALYST)
    expect(a.state().deadline).toBe(world.now() + 5 * MIN)
    await world.advance(5 * MIN)
    expect(a.state().reason).toBe('idle')
    stops[1]!()
    await world.settle()
    expect(world.loose()).toBe(0)
  })

  test('leaves nothing open after dispose, and throws nothing', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.dispose()
    a!.setPolicy({ idleTimeout: 5 * MIN })
    await world.settle()
    expect(world.loose()).toBe(0)
  })
})

describe('by role, in every tab, on the event of a sign-in,', () => {
  /** Who leads may be away for five minutes, all others for as long as is usual. */
  function byRole(session: ReturnType<ReturnType<typeof createScene>['open']>) {
    session.on('signed-in', () => {
      const isLead = session.getState().user?.name === LEAD.username
      session.setPolicy(isLead ? { idleTimeout: 5 * MIN } : {})
    })
    return session
  }
  const left = ({ state }: { state(): { deadline: number | null } }, now: number) => state().deadline! - now

  test('the limit follows the person', async () => {
    const { open, world } = createScene()
    const [a, b] = [byRole(open()), byRole(open())]
    await world.advance(S)
    await a.signIn(LEAD)
    await world.settle()
    expect([left(a, world.now()), left(b, world.now())]).toEqual([5 * MIN, 5 * MIN])
    await b.signIn(ANALYST)
    await world.settle()
    expect([left(a, world.now()), left(b, world.now())]).toEqual([IDLE, IDLE])
  })

  test('a reload and a tab opened later have it, too', async () => {
    const { open, world } = createScene()
    const a = byRole(open())
    await world.advance(S)
    await a.signIn(LEAD)
    const b = byRole(open())
    await world.advance(2 * S)
    expect(b.state().deadline).toBe(a.state().deadline)
    const storage = a.tab.stored()
    a.tab.crash()
    b.tab.crash()
    await world.advance(2 * MIN)
    const c = byRole(open(world.openTab({ storage })))
    await world.advance(2 * S)
    expect(c.state().status).toBe('active')
    expect(left(c, world.now())).toBeLessThan(3 * MIN)
    await world.advance(3 * MIN)
    expect(c.state().reason).toBe('idle')
  })

  test('a session restored too late for the role is over before a task has passed', async () => {
    const { open, world } = createScene()
    const a = byRole(open())
    await world.advance(S)
    await a.signIn(LEAD)
    const storage = a.tab.stored()
    a.tab.crash()
    await world.advance(10 * MIN)
    const b = byRole(open(world.openTab({ storage })))
    await world.advance(2 * S)
    expect(b.state()).toMatchObject({ status: 'signed-out', reason: 'idle', user: null })
  })
})

describe('where tabs differ', () => {
  test('the strictest ends the session for all, and its warning shows in its own tab', async () => {
    const { openMany, world } = createScene()
    const [strict, other] = await openMany(2)
    strict!.setPolicy({ idleTimeout: 5 * MIN })
    await world.advance(4 * MIN)
    expect([strict!.status(), other!.status()]).toEqual(['warning', 'active'])
    await world.advance(MIN)
    expect([strict!.state().reason, other!.state().reason]).toEqual(['idle', 'idle'])
    expect([strict!.state().endedHere, other!.state().endedHere]).toEqual([true, false])
  })

  test('someone who is here in any tab is here for the strictest one, too', async () => {
    const { openMany, world } = createScene()
    const [strict, other] = await openMany(2)
    strict!.setPolicy({ idleTimeout: 5 * MIN })
    for (let minutes = 0; minutes < 40; minutes += 4) {
      await world.advance(4 * MIN)
      other!.tab.press()
      await world.settle()
    }
    expect([strict!.status(), other!.status()]).toEqual(['active', 'active'])
  })

  test('a strict tab that is closed takes its policy along', async () => {
    const { openMany, world } = createScene()
    const [strict, other] = await openMany(2)
    strict!.setPolicy({ idleTimeout: 5 * MIN })
    strict!.tab.crash()
    await world.advance(10 * MIN)
    expect(other!.status()).toBe('active')
  })
})

describe('with keepAwake', () => {
  test('a shorter limit does not end what is kept awake, and the touches come often enough for it', async () => {
    const { openMany, world } = createScene({
      backend: createPlain({ life: null }),
      refreshEvery: HOUR,
      idleTimeout: 2 * HOUR,
    })
    const [a] = await openMany(1)
    a!.keepAwake('Import', { max: 3 * HOUR })
    await world.advance(20 * MIN)
    a!.setPolicy({ idleTimeout: 5 * MIN })
    const seen = new Set<string>()
    a!.subscribe(({ status }) => seen.add(status))
    await world.advance(HOUR)
    expect([a!.status(), ...seen]).toEqual(['active', 'active'])
  })
})

describe('setPolicy throws, and changes nothing,', () => {
  test.each([
    [{ idleTimeout: 0 }, 'idleTimeout must be from 1000 to 2592000000 ms, and is 0'],
    [{ idleTimeout: 5 * MIN, warnBefore: 5_000 }, 'warnBefore must be from 20000 to 3600000 ms, and is 5000'],
    [{ sessionLimit: '28800000' }, 'sessionLimit must be from 60000 to 31536000000 ms, and is 28800000'],
    [{ refreshEvery: NaN }, 'refreshEvery must be from 1000 to 3600000 ms, and is NaN'],
    [{ activityDuringWarning: 'extends' }, 'activityDuringWarning must be "ignore" or "extend", and is extends'],
  ])('for a value out of range: %o', async (changes, message) => {
    const { openMany } = createScene({ idleTimeout: 15 * MIN })
    const [a] = await openMany(1)
    const { deadline } = a!.state()
    expect(() => a!.setPolicy(changes as never)).toThrow(new RangeError(message))
    a!.touch()
    expect(a!.state().deadline).toBe(deadline)
  })

  test('for no idle limit, where the token has no end of its own', async () => {
    const { openMany, world } = createScene({ backend: createPlain({ life: null }), idleTimeout: 15 * MIN })
    const [a] = await openMany(1)
    expect(() => a!.setPolicy({ idleTimeout: null })).toThrow(
      new RangeError('idleTimeout is required: the token of this session has no known end.'),
    )
    await world.advance(15 * MIN)
    expect(a!.state().reason).toBe('idle')
  })

  test('no sign-in under way makes a session without an end, at whatever moment the limit is taken away', async () => {
    const backend = createPlain({ life: null })
    const { world, open } = createScene({ backend })
    const a = open()
    await world.settle()
    for (let turns = 0; turns < 30; turns++) {
      a.setPolicy({ idleTimeout: 10 * MIN })
      const signedIn = a.signIn(ANALYST).catch(() => {})
      for (let left = turns; left; left--) await undefined
      // Too late by then for some.
      try {
        a.setPolicy({})
      } catch {}
      await signedIn
      const { session, deadline } = a.state()
      expect(deadline, `after ${turns} turns`).toBe(session && session.signedInAt + 10 * MIN)
      a.signOut()
      await world.settle()
    }
  })

  test('for a name that is none, and for where the token rests: that is chosen once', async () => {
    const { openMany } = createScene()
    const [a] = await openMany(1)
    expect(() => a!.setPolicy({ idleTimout: 5 * MIN } as never)).toThrow(
      new TypeError('setPolicy has no option idleTimout: did you mean idleTimeout?'),
    )
    // @ts-expect-error A preset that also says where the token rests is one for createSession.
    expect(() => a!.setPolicy({ idleTimeout: 5 * MIN, storage: 'memory' })).toThrow('setPolicy has no option storage')
    expect(a!.state().deadline).toBeGreaterThan(a!.now() + 20 * MIN)
  })
})
