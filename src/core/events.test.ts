import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { AuthError } from './errors.ts'
import type { SessionEvent, SessionEvents } from './events.ts'
import { ANALYST, createPlain, createScene, LEAD, MIN, mute, S, unreachable } from './scene.ts'
import type { EndReason } from './types.ts'

const IDLE = 29 * MIN
const TYPES = [
  'signed-in',
  'refreshed',
  'warned',
  'extended',
  'ended',
  'revoked',
  'failed',
  'kept-awake',
  'released',
  'without-lock',
] as const satisfies readonly (keyof SessionEvents)[]

type Scene = ReturnType<typeof createScene>
type Tab = ReturnType<Scene['open']>

/** What a session tells from here on, without what every event has. */
function hear(session: Pick<Tab, 'on'>) {
  const heard: object[] = []
  const offs = TYPES.map((type) =>
    session.on(type, ({ at, sessionId, ...told }: SessionEvent) => {
      heard.push(told)
    }),
  )
  const take = () => heard.splice(0)
  return { take, off: () => offs.map((off) => off()) }
}

/** Tabs open and listening, with nobody signed in yet. */
async function listening(count: number, options: Parameters<typeof createScene>[0] = {}) {
  const scene = createScene(options)
  const tabs = Array.from({ length: count }, () => scene.open())
  const takes = tabs.map((tab) => hear(tab).take)
  await scene.world.advance(S)
  return { ...scene, tabs, takes, takeAll: () => takes.map((take) => take()) }
}

async function signedIn(count: number, options: Parameters<typeof createScene>[0] = {}) {
  const all = await listening(count, options)
  await all.tabs[0]!.signIn(ANALYST)
  await all.world.settle()
  all.takeAll()
  return { ...all, a: all.tabs[0]!, b: all.tabs[1]! }
}

describe('each tab tells, once,', () => {
  test('of a sign-in, and whether it was here', async () => {
    const { tabs, world, takeAll } = await listening(2)
    await tabs[0]!.signIn(ANALYST)
    await world.settle()
    expect(takeAll()).toEqual([[{ type: 'signed-in', here: true }], [{ type: 'signed-in', here: false }]])
  })

  test('of a session that a new tab got or a reload brought back', async () => {
    const { a, open, world } = await signedIn(1)
    const { take } = hear(open())
    await world.advance(2 * S)
    expect(take()).toEqual([{ type: 'signed-in', here: false }])
    const storage = a.tab.stored()
    a.tab.crash()
    const reloaded = hear(open(world.openTab({ storage })))
    await world.advance(2 * S)
    expect(reloaded.take()).toEqual([{ type: 'signed-in', here: false }])
  })

  test('of a session that a reload brings back in its warning first, and then of the warning', async () => {
    const { openMany, open, world, told } = createScene()
    const [a] = await openMany(1)
    await world.advance(28 * MIN)
    a!.tab.crash()
    told.length = 0
    open(world.openTab({ storage: a!.tab.stored() }))
    await world.settle()
    expect(told.map(({ type }) => type)).toEqual(['signed-in', 'warned'])
  })

  test('of a refresh, with the time it took where it was made', async () => {
    const { a, world, takeAll } = await signedIn(2)
    await world.advance(2 * MIN)
    world.network.latency = 300
    a.tab.press()
    await world.advance(S)
    expect(takeAll()).toEqual([
      [{ type: 'refreshed', here: true, generation: 2, ms: 300 }],
      [{ type: 'refreshed', here: false, generation: 2, ms: null }],
    ])
  })

  test('of the warning, its cause and the deadline', async () => {
    const { world, takeAll } = await signedIn(2)
    const deadline = world.now() + IDLE
    await world.advance(IDLE - MIN)
    const warned = { type: 'warned', cause: 'idle', deadline }
    expect(takeAll()).toEqual([[warned], [warned]])
  })

  test('of who stays by the button, here and in the other tabs', async () => {
    const { a, world, takeAll } = await signedIn(2)
    await world.advance(IDLE - MIN)
    takeAll()
    await a.stay()
    await world.settle()
    const [here, there] = takeAll()
    const deadline = world.now() + IDLE
    expect(here).toEqual([
      { type: 'refreshed', here: true, generation: 2, ms: 0 },
      { type: 'extended', by: 'stay', deadline },
    ])
    expect(there).toContainEqual({ type: 'refreshed', here: false, generation: 2, ms: null })
    expect(there!.filter((told) => (told as SessionEvent).type === 'extended')).toEqual([
      { type: 'extended', by: 'other-tab', deadline: expect.any(Number) },
    ])
  })

  test('of who stays in another tab of which no message comes, once the record tells', async () => {
    const { open, world } = createScene()
    const [a, b] = [open(mute(world)), open()]
    const { take } = hear(b)
    await world.advance(S)
    await a.signIn(ANALYST)
    await world.advance(IDLE - MIN)
    expect(b.status()).toBe('warning')
    take()
    await a.stay()
    await world.advance(10 * S)
    expect(take()).toContainEqual({ type: 'extended', by: 'other-tab', deadline: a.state().deadline })
  })

  test('of who stays by input while the warning is open, where that counts', async () => {
    const { b, world, takeAll } = await signedIn(2, { activityDuringWarning: 'extend', idleTimeout: 10 * MIN })
    await world.advance(9 * MIN)
    takeAll()
    b.tab.press()
    await world.settle()
    const deadline = world.now() + 10 * MIN
    const extended = (told: object) => (told as SessionEvent).type === 'extended'
    expect(takeAll().map((told) => told.filter(extended))).toEqual([
      [{ type: 'extended', by: 'other-tab', deadline }],
      [{ type: 'extended', by: 'activity', deadline }],
    ])
  })

  test('of no extension, where activity finds no warning open', async () => {
    const { a, world, takeAll } = await signedIn(2)
    await world.advance(30 * S)
    a.tab.press()
    await world.advance(S)
    expect(takeAll()).toEqual([[], []])
  })

  test('of the end, its reason, whether it was here, and what became of the token', async () => {
    const { a, world, takeAll } = await signedIn(2)
    a.signOut()
    await world.advance(5 * S)
    const revoked = { type: 'revoked', outcome: 'revoked' }
    expect(takeAll()).toEqual([
      [{ type: 'ended', here: true, reason: 'user' }, revoked],
      [{ type: 'ended', here: false, reason: 'user' }, revoked],
    ])
  })

  test('of a token that can not be revoked', async () => {
    const { revoke, ...plain } = createPlain()
    const { a, world, takes } = await signedIn(1, { backend: plain })
    a.signOut()
    await world.settle()
    expect(takes[0]!()).toEqual([
      { type: 'ended', here: true, reason: 'user' },
      { type: 'revoked', outcome: 'unsupported' },
    ])
  })

  test('of a sign-in that failed', async () => {
    const { tabs, takes } = await listening(1)
    await expect(tabs[0]!.signIn({ ...ANALYST, password: 'wrong' })).rejects.toThrow()
    expect(takes[0]!()).toEqual([
      { type: 'failed', during: 'sign-in', kind: 'refused', status: 401, message: expect.stringContaining('/auth') },
    ])
  })

  test('of a refresh that failed, and of the refusal that ends the session', async () => {
    const backend = createPlain()
    const { a, world, takes } = await signedIn(1, { backend })
    await world.advance(2 * MIN)
    backend.error = unreachable()
    a.tab.press()
    await world.settle()
    expect(takes[0]!()).toEqual([
      { type: 'failed', during: 'refresh', kind: 'unreachable', status: 503, message: 'nobody there' },
    ])
  })

  test('of what keeps it awake, until that is released', async () => {
    const { a, world, takes } = await signedIn(1)
    a.keepAwake('Import', { max: 10 * S })
    await world.advance(11 * S)
    expect(takes[0]!()).toEqual([
      { type: 'kept-awake', reason: 'Import' },
      { type: 'released', reason: 'Import' },
    ])
  })

  test('of no second sign-in, when a session that seemed over was kept alive by another tab', async () => {
    const { a, b, world, takes } = await signedIn(2)
    a.tab.freeze()
    for (let minutes = 0; minutes < 40; minutes += 5) {
      await world.advance(5 * MIN)
      b.tab.press()
    }
    await a.tab.thaw()
    await world.advance(2 * S)
    expect(a.status()).toBe('active')
    const types = takes[0]!().map((told) => (told as SessionEvent).type)
    expect(new Set(types)).toEqual(new Set(['refreshed']))
  })
})

describe('every event', () => {
  test('has its moment and its session, the same in all tabs', async () => {
    const { tabs, world } = await listening(2)
    const heard: SessionEvent[] = []
    for (const tab of tabs) tab.on('signed-in', (event) => heard.push(event))
    await tabs[0]!.signIn(ANALYST)
    await world.settle()
    const { id } = tabs[0]!.state().session!
    expect(heard).toEqual([
      { type: 'signed-in', at: world.now(), sessionId: id, here: true },
      { type: 'signed-in', at: world.now(), sessionId: id, here: false },
    ])
  })

  test('goes to the log, in the order in which it happened', async () => {
    const { a, world, told } = await signedIn(1)
    await world.advance(IDLE)
    await world.settle()
    expect(a.state().reason).toBe('idle')
    expect(told.map(({ type }) => type)).toEqual(['signed-in', 'warned', 'ended', 'revoked'])
  })
})

describe('a listener', () => {
  test('is told after the fact: the state is what the event says', async () => {
    const { a, world } = await signedIn(1)
    const seen: (string | null)[] = []
    a.on('warned', () => seen.push(a.status()))
    a.on('ended', () => seen.push(a.status(), a.state().reason))
    await world.advance(IDLE)
    expect(seen).toEqual(['warning', 'signed-out', 'idle'])
  })

  test('that throws, or rejects, is reported; the others are told, and the session ends everywhere', async () => {
    const { a, b, world, alive } = await signedIn(2, {
      log: () => {
        throw new Error('log')
      },
    })
    a.on('ended', () => {
      throw new Error('listener')
    })
    a.on('ended', async () => {
      throw new Error('later')
    })
    const last = vi.fn()
    a.on('ended', last)
    a.signOut()
    await world.settle()
    expect(last).toHaveBeenCalledOnce()
    expect(a.tab.errors.map((error) => (error as Error).message)).toEqual(
      expect.arrayContaining(['listener', 'later', 'log']),
    )
    expect([a.status(), b.status(), await alive()]).toEqual(['signed-out', 'signed-out', []])
  })

  test('may sign out on anything that it is told', async () => {
    for (const type of ['signed-in', 'refreshed', 'warned', 'extended', 'failed', 'kept-awake'] as const) {
      const { tabs, world, alive, sent } = await listening(2, {
        activityDuringWarning: 'extend',
        idleTimeout: 20 * MIN,
      })
      const [a, b] = tabs
      const toldOf = vi.fn(() => a!.signOut())
      a!.on(type, toldOf)
      await a!.signIn(ANALYST)
      await world.settle()
      if (type === 'kept-awake') a!.keepAwake('Import', { max: MIN })
      if (type === 'failed') world.network.down = true
      await world.advance(2 * MIN)
      a!.tab.press()
      await world.advance(S)
      world.network.down = false
      await world.advance(19 * MIN)
      a!.tab.press()
      await world.advance(5 * S)
      expect([type, toldOf.mock.calls.length]).toEqual([type, 1])
      expect([a!.state().reason, b!.status(), a!.state().trouble]).toEqual(['user', 'signed-out', null])
      expect(await alive()).toEqual([])
      const before = sent('/')
      await world.advance(5 * MIN)
      expect(sent('/')).toBe(before)
    }
  })

  test('may go while it is told, and take others along: they are not told any more', async () => {
    const { a, world } = await signedIn(1)
    const second = vi.fn()
    const offs = [
      a.on('ended', () => {
        for (const off of offs) off()
      }),
      a.on('ended', second),
    ]
    a.signOut()
    await a.signIn(LEAD)
    a.signOut()
    await world.settle()
    expect(second).not.toHaveBeenCalled()
  })

  test('that is given twice is told twice, and each way out is one’s own', async () => {
    const { a, world } = await signedIn(1)
    const listener = vi.fn()
    const off = a.on('ended', listener)
    a.on('ended', listener)
    off()
    off()
    a.signOut()
    await world.settle()
    expect(listener).toHaveBeenCalledOnce()
  })

  test('that comes after dispose is told nothing, not even of a sign-in that was under way', async () => {
    const { tabs, world } = await listening(1)
    world.network.latency = 3 * S
    const failed = tabs[0]!.signIn(ANALYST).catch(() => 'left')
    await world.advance(S)
    tabs[0]!.dispose()
    const { take } = hear(tabs[0]!)
    await world.advance(30 * S)
    expect(await failed).toBe('left')
    expect(take()).toEqual([])
  })

  test('is told nothing after dispose, not even of what came just before', async () => {
    const { a, world, takes, told } = await signedIn(1)
    const before = told.length
    a.signOut()
    a.dispose()
    await world.advance(MIN)
    expect([takes[0]!(), told.length]).toEqual([[], before])
  })
})

describe('whoever follows the state', () => {
  test('may report activity on a change, and no alarm is left over after dispose', async () => {
    const { open, world } = createScene()
    const a = open()
    a.subscribe(() => a.touch())
    await world.advance(S)
    await a.signIn(ANALYST)
    await world.advance(S)
    a.dispose()
    await world.settle()
    expect(world.loose()).toBe(0)
  })

  test('may dispose of the session on a change', async () => {
    const { open, world } = createScene()
    const a = open()
    await world.advance(S)
    a.subscribe(({ status }) => {
      if (status === 'warning') a.dispose()
    })
    await a.signIn(ANALYST)
    await world.advance(IDLE - MIN)
    await world.settle()
    expect([a.status(), world.loose()]).toEqual(['signed-out', 0])
  })

  test('may set the policy on a change: what was judged before does not stand', async () => {
    const { open, world } = createScene()
    const a = open()
    await world.advance(S)
    a.subscribe(({ user }, { user: before }) => {
      if (user !== before) a.setPolicy(user ? { idleTimeout: 5 * MIN } : {})
    })
    await a.signIn(ANALYST)
    const signedInAt = world.now()
    await world.advance(3 * MIN)
    expect(a.state()).toMatchObject({ status: 'warning', deadline: signedInAt + 5 * MIN })
    await world.advance(2 * MIN)
    expect(a.state().reason).toBe('idle')
  })
})

test('an adapter’s status and message go along, and nothing else of its error', async () => {
  const backend = createPlain()
  const { a, world, told } = await signedIn(1, { backend })
  await world.advance(2 * MIN)
  backend.error = new AuthError('unreachable', 'no answer', { details: { token: 't1' }, cause: new Error('t1') })
  a.tab.press()
  await world.settle()
  expect(JSON.stringify(told)).not.toContain('t1')
  expect(told.at(-1)).toMatchObject({ kind: 'unreachable', status: null, message: 'no answer' })
})

test('what a listener is told has the type of its event, and an event that there is not is no type', () => {
  const { open } = createScene()
  const a = open()
  a.on('ended', (event) => expectTypeOf(event.reason).toEqualTypeOf<EndReason>())
  a.on('refreshed', (event) => expectTypeOf(event.ms).toEqualTypeOf<number | null>())
  // @ts-expect-error A typo.
  a.on('finished', () => {})
  // @ts-expect-error The warning has no reason.
  a.on('warned', ({ reason }) => reason)
})
