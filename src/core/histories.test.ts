import { describe, expect, test } from 'vitest'
import type { Tab } from '../testing/world.ts'
import { AuthError } from './errors.ts'
import { ANALYST, createPlain, createScene, LEAD, MIN, mute, type PlainOptions, S, unreachable } from './scene.ts'
import { Secret } from './secret.ts'
import type { Backend, SharedRecord } from './types.ts'

const HOUR = 60 * MIN
const NO = { ...ANALYST, password: 'no' }

type Scene = ReturnType<typeof createScene>
const warnings = ({ events }: Scene) => events.filter((event) => event.startsWith('warned'))
const recordOf = ({ world }: Scene) => world.record as SharedRecord | undefined

/** One tab, signed in to a plain system. */
async function onPlain(options: PlainOptions, over: Parameters<typeof createScene>[0] = {}) {
  const scene = createScene(over)
  const backend = createPlain(options)
  const tab = scene.open(undefined, { backend })
  await scene.world.advance(S)
  await tab.signIn(ANALYST)
  await scene.world.settle()
  return { ...scene, scene, backend, tab }
}

/** Two tabs, of which the first has refreshed and is away, and the second was away and could not get the new grant. */
async function withOneBehind() {
  const scene = createScene()
  const { openMany, world } = scene
  const [a, b] = (await openMany(2)) as [ReturnType<Scene['open']>, ReturnType<Scene['open']>]
  b.tab.freeze()
  await world.advance(2 * MIN)
  a.tab.press()
  await world.settle()
  a.tab.freeze()
  await Promise.all([b.tab.thaw(), world.advance(3 * S)])
  return { ...scene, scene, a, b }
}

/** Two tabs, of which the second was away while the first stayed active beyond the idle limit the second knows. */
async function withOneAway(scene = createScene({ idleTimeout: 5 * MIN })) {
  const [here, away] = (await scene.openMany(2)) as [ReturnType<Scene['open']>, ReturnType<Scene['open']>]
  away.tab.freeze()
  for (let minute = 0; minute < 6; minute++) {
    await scene.world.advance(MIN)
    here.tab.press()
    await scene.world.settle()
  }
  return { ...scene, scene, here, away }
}

describe('a refresh of a session that is over', () => {
  test('does not end the next one when it is refused', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(MIN)
    world.network.latency = 4 * S
    a!.tab.press()
    await world.advance(100)
    world.network.latency = 0
    a!.signOut()
    await world.settle()
    await a!.signIn(ANALYST)
    await world.advance(6 * S)
    expect(a!.status()).toBe('active')
  })

  test('nor when another tab has signed in meanwhile', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    await world.advance(MIN)
    world.network.latency = 6 * S
    b!.tab.press()
    await world.advance(100)
    world.network.latency = 0
    await a!.signIn(LEAD)
    await world.advance(10 * S)
    expect([a!.status(), b!.status()]).toEqual(['active', 'active'])
  })

  test('that answers for another person ends the session, and is not adopted', async () => {
    const other = async () => ({ token: new Secret('t'), expiresAt: null, user: { key: '8', name: 'grace' } })
    const { tab, world } = await onPlain({ cookie: true, refreshLife: null, refresh: other }, { idleTimeout: 15 * MIN })
    await world.advance(8 * MIN)
    tab.tab.press()
    await world.settle()
    expect(tab.state()).toMatchObject({ status: 'signed-out', reason: 'replaced', user: null })
  })
})

describe('a request of one person', () => {
  test('is never sent again as the next', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    const first = await b!.grant()
    await a!.signIn(LEAD)
    await world.advance(S)
    expect(b!.state().user!.key).toBe('8')
    await expect(b!.grant(first)).rejects.toThrow('No request was sent')
  })

  test('that waits while the other signs in is not sent', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    b!.tab.freeze()
    await a!.signIn(LEAD)
    await world.settle()
    const request = b!.getToken().catch((error: Error) => error.name)
    await b!.tab.thaw()
    await world.advance(2 * S)
    expect(await request).toBe('SessionOverError')
  })
})

describe('a server that has ended the session', () => {
  test('and refuses its token ends it on a page that nobody touches', async () => {
    const { openMany, world, server } = createScene()
    const [a, b] = await openMany(2)
    const first = await a!.grant()
    await server.revokeAll()
    await expect(a!.grant(first)).rejects.toThrow('No request was sent')
    await world.settle()
    for (const tab of [a!, b!]) expect(tab.state()).toMatchObject({ status: 'signed-out', reason: 'refused' })
  })

  test('does not end it where a refresh token may yet renew it', async () => {
    const { tab } = await onPlain({ refreshLife: 24 * HOUR })
    const first = await tab.grant()
    await expect(tab.grant(first)).rejects.toThrow('No request was sent')
    expect(tab.status()).toBe('active')
  })
})

describe('signing out', () => {
  test('before it is known whether there is a session ends the one that is found, unseen', async () => {
    const { openMany, open, world, alive } = createScene()
    const [a] = await openMany(1)
    a!.tab.crash()
    const b = open(world.openTab({ duplicate: a!.tab }))
    const seen: string[] = []
    b.subscribe(({ status }) => seen.push(status))
    b.signOut()
    await world.advance(5 * S)
    expect(b.state()).toMatchObject({ status: 'signed-out', reason: 'user' })
    expect(seen).not.toContain('active')
    expect(await alive()).toEqual([])
  })

  test('while signing in leaves the sign-in, and revokes what it answers', async () => {
    const { open, world, alive } = createScene()
    const a = open()
    await world.advance(S)
    world.network.latency = S
    const signingIn = a.signIn(ANALYST).catch((error: Error) => error.name)
    await world.advance(100)
    a.signOut()
    await world.advance(5 * S)
    expect(await signingIn).toBe('SessionOverError')
    expect(a.status()).toBe('signed-out')
    expect(await alive()).toEqual([])
  })

  test('while the end is being looked into ends the session for all', async () => {
    const { here, away, world, scene } = await withOneAway()
    here.tab.freeze()
    void away.tab.thaw()
    await world.settle()
    expect(away.status()).toBe('restoring')
    away.signOut()
    await world.advance(5 * S)
    expect(recordOf(scene)!.endedReason).toBe('user')
  })

  test('while no record can be kept is written into it later', async () => {
    const scene = createScene()
    const { openMany, world } = scene
    const [a] = await openMany(1)
    world.keepsRecord = false
    a!.signOut()
    await world.settle()
    world.keepsRecord = true
    await world.advance(30 * S)
    expect(recordOf(scene)!.endedReason).toBe('user')
  })
})

describe('signing in', () => {
  test('while the end of another session is being looked into is not undone by it', async () => {
    const { here, away, world } = await withOneAway()
    here.tab.freeze()
    void away.tab.thaw()
    await world.settle()
    await away.signIn(LEAD)
    await world.advance(5 * S)
    expect(away.state()).toMatchObject({ status: 'active', user: { key: '8' } })
  })

  test('across the deadline of the session before, on a slow record', async () => {
    const { world, open } = createScene()
    const tab = world.openTab()
    const slow: (() => void)[] = []
    let isSlow = false
    const updateRecord: Tab['updateRecord'] = async (change) => {
      const record = await tab.updateRecord(change)
      if (isSlow) await new Promise<void>((resolve) => slow.push(resolve))
      return record
    }
    const a = open({ ...tab, updateRecord })
    await world.advance(S)
    await a.signIn(ANALYST)
    await world.advance(29 * MIN - 50)
    isSlow = true
    const signingIn = a.signIn(LEAD)
    await world.settle()
    await world.advance(60)
    slow[0]!()
    await signingIn
    isSlow = false
    slow[1]!()
    await world.advance(3 * S)
    expect(a.state()).toMatchObject({ status: 'active', user: { key: '8' } })
  })

  test('refused before the stored session was looked at ends in signed-out where there is none', async () => {
    const { open, world } = createScene()
    const a = open()
    await a.signIn(NO).catch(() => {})
    await world.settle()
    expect(a.status()).toBe('signed-out')
  })

  test('before the stored session was looked at replaces and revokes that', async () => {
    const { openMany, open, world, alive } = createScene()
    const [a] = await openMany(1)
    a!.tab.crash()
    const b = open(world.openTab({ duplicate: a!.tab }))
    await b.signIn(LEAD)
    await world.advance(10 * S)
    expect(b.state().user!.key).toBe('8')
    expect(await alive()).toHaveLength(1)
  })

  test('while no record can be kept is not taken for replaced when it can again', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.signOut()
    await world.advance(5 * S)
    world.keepsRecord = false
    await a!.signIn(ANALYST)
    await world.settle()
    world.keepsRecord = true
    await world.advance(15 * S)
    expect(a!.state()).toMatchObject({ status: 'active', tabs: 'shared' })
  })

  test('after the site’s data was cleared still replaces an older session elsewhere', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    a!.signOut()
    await world.advance(S)
    await a!.signIn(ANALYST)
    await world.advance(S)
    world.record = undefined
    await a!.signIn(LEAD)
    await world.advance(30 * S)
    expect([a!.state().user?.key, b!.state().user?.key]).toEqual(['8', '8'])
  })

  test('in a new page after the site’s data was cleared replaces the older session elsewhere, as it would without', async () => {
    for (const before of [1, 3]) {
      const { alive, open, openMany, world } = createScene()
      const [a] = await openMany(1)
      for (let again = 1; again < before; again++) await a!.signIn(ANALYST)
      await world.settle()
      world.record = undefined
      const b = open()
      await world.settle()
      await b.signIn(LEAD)
      await world.advance(5 * S)
      for (const tab of [a!, b]) expect(tab.state().user?.key).toBe('8')
      expect(a!.state().session!.id).toBe(b.state().session!.id)
      expect(await alive()).toHaveLength(1)
    }
  })

  test('in vain, while another tab signs in, follows that tab', async () => {
    const { open, world } = createScene()
    const a = open()
    const b = open()
    await world.advance(S)
    world.network.latency = 3 * S
    const refused = b.signIn(NO).catch(() => {})
    await world.advance(S)
    world.network.latency = 0
    await a.signIn(ANALYST)
    await world.advance(30 * S)
    await refused
    expect([a.status(), b.status()]).toEqual(['active', 'active'])
  })

  test('is followed by a visible login page even where no message comes through', async () => {
    const { open, world } = createScene()
    const a = open(mute(world))
    const b = open(mute(world))
    await world.advance(S)
    await a.signIn(ANALYST)
    await world.advance(11 * S)
    expect(b.status()).toBe('active')
  })

  test('whose answer comes after the time limit, from an adapter that does not listen, is revoked', async () => {
    const { scene, backend, tab, world } = await onPlain({})
    tab.signOut()
    await world.settle()
    const late = createPlain()
    const slow = scene.open(world.openTab(), {
      backend: {
        ...late,
        signIn: async (...args) => {
          await new Promise<void>((resolve) => world.openTab().wakeAt(world.now() + 25 * S, resolve))
          return late.signIn(...args)
        },
      },
      name: 'other',
    })
    const failed = slow.signIn(ANALYST).catch((error: AuthError) => error.kind)
    await world.advance(40 * S)
    expect(await failed).toBe('unreachable')
    expect(late.calls).toContain('revoke t1')
    expect(backend.calls).toContain('revoke t1')
  })
})

describe('a tab that was away', () => {
  test('whose siblings are silent uses its own grant while that lives, and revokes nothing', async () => {
    const { here, away, world, alive } = await withOneAway()
    here.tab.freeze()
    await Promise.all([away.tab.thaw(), world.advance(5 * S)])
    expect(away.status()).toBe('active')
    expect(await alive()).toHaveLength(1)
    await here.tab.thaw()
    here.tab.press()
    await world.advance(MIN)
    expect(here.status()).toBe('active')
  })

  test('and is refused with its old grant ends for itself alone', async () => {
    const { scene, a, b, world, server } = await withOneBehind()
    server.setFaults({ status: 401, match: 'refresh' })
    await world.advance(2 * MIN)
    b.tab.press()
    await world.advance(5 * S)
    server.setFaults({})
    expect(b.state()).toMatchObject({ status: 'signed-out', reason: 'refused' })
    expect(recordOf(scene)!.endedReason).toBe(undefined)
    await a.tab.thaw()
    await world.advance(S)
    expect(a.status()).toBe('active')
  })

  test.each([
    ['where no record can be kept', false],
    ['as the record is mute for a moment', true],
  ])('%s asks its siblings before it ends anything', async (_, isBack) => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    if (!isBack) world.keepsRecord = false
    await world.settle()
    b!.tab.freeze()
    for (let minute = 0; minute < 40; minute++) {
      await world.advance(MIN)
      a!.tab.press()
      await world.settle()
    }
    world.keepsRecord = false
    await b!.tab.thaw()
    world.keepsRecord = isBack
    await world.advance(5 * S)
    expect([a!.status(), b!.status()]).toEqual(['active', 'active'])
  })

  test('is not unveiled by being hidden, nor by a look that began before', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.tab.show()
    a!.tab.freeze()
    await world.settle()
    expect(a!.state().veiled).toBe(true)
    await a!.tab.thaw()
    expect(a!.state().veiled).toBe(false)
  })
})

describe('someone was here', () => {
  test('and followed a link before the refresh was answered: the next page makes up for it', async () => {
    const scene = createScene()
    const { openMany, open, world } = scene
    const [a] = await openMany(1)
    await world.advance(20 * MIN)
    world.network.latency = 500
    a!.tab.press()
    await world.advance(100)
    a!.tab.freeze()
    a!.tab.crash()
    world.network.latency = 0
    const b = open(world.openTab({ duplicate: a!.tab }))
    await world.advance(20 * MIN)
    expect(warnings(scene)).toEqual([])
    expect(b.status()).toBe('active')
  })

  test('and touched a tab that was just thawed: that counts, though a sibling’s grant came in between', async () => {
    const scene = createScene()
    const { openMany, world } = scene
    const [a, b] = await openMany(2)
    b!.tab.freeze()
    await world.advance(5 * MIN)
    a!.tab.press()
    await world.settle()
    await world.advance(15 * MIN)
    const thawed = b!.tab.thaw()
    b!.tab.press()
    await thawed
    await world.settle()
    a!.tab.freeze()
    await world.advance(20 * MIN)
    expect(warnings(scene)).toEqual([])
  })

  test('every ten minutes, with tokens of five and an idle limit of fifteen: no warning', async () => {
    const { scene, tab, world } = await onPlain({ life: 5 * MIN }, { idleTimeout: 15 * MIN })
    for (let n = 0; n < 6; n++) {
      await world.advance(10 * MIN)
      tab.tab.press()
      await world.settle()
    }
    expect(warnings(scene)).toEqual([])
    expect(tab.status()).toBe('active')
  })

  test('moves the mouse over the warning: the tab still learns from the record that another has answered it', async () => {
    const { open, world } = createScene()
    const a = open(mute(world))
    await world.advance(S)
    await a.signIn(ANALYST)
    await world.settle()
    const b = open(mute(world))
    await world.advance(S)
    await world.advance(28 * MIN)
    expect(await b.stay()).toBe(true)
    for (let second = 0; second < 15; second++) {
      await world.advance(S)
      a.tab.press(false)
    }
    expect(a.status()).toBe('active')
  })
})

describe('a clock set back', () => {
  test('on a page that nobody touches ends the session no later', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(10 * MIN)
    world.setClock(-HOUR)
    await world.advance(19 * MIN)
    expect(a!.state().reason).toBe('idle')
  })

  test('during a refresh moves what it answers', async () => {
    const gate: { open?: () => void } = {}
    const { tab, world } = await onPlain({
      refresh: (_, { departedAt }) =>
        new Promise((resolve) => {
          gate.open = () => resolve({ token: new Secret('n'), expiresAt: departedAt + 30 * MIN })
        }),
    })
    await world.advance(2 * MIN)
    tab.tab.press()
    await world.settle()
    world.setClock(-HOUR)
    tab.tab.show()
    await world.settle()
    gate.open!()
    await world.settle()
    const { session, deadline } = tab.state()
    expect(session!.generation).toBe(2)
    expect(session!.grant.expiresAt! - world.now()).toBe(30 * MIN)
    expect(deadline! - world.now()).toBe(29 * MIN)
  })

  test('during a request does not keep it hanging', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(MIN)
    world.network.latency = 10 * HOUR
    a!.tab.press()
    await world.advance(S)
    world.setClock(-HOUR)
    a!.tab.show()
    await world.advance(20 * S)
    expect(a!.state().trouble).toBe('unreachable')
  })

  test('does not pass a token off as newer than the one that was refused', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    const first = await a!.grant()
    world.setClock(-HOUR)
    await expect(a!.grant(first)).rejects.toThrow()
  })

  test('while nothing was open: a hidden page tries again until the server confirms, and hands nothing over before', async () => {
    const { openMany, open, world } = createScene()
    const [a] = await openMany(1)
    a!.tab.crash()
    world.setClock(-HOUR)
    world.network.down = true
    const tab = world.openTab({ duplicate: a!.tab })
    tab.hide()
    const b = open(tab)
    const c = open()
    await world.advance(3 * S)
    expect([b.status(), c.status()]).toEqual(['restoring', 'signed-out'])
    world.network.down = false
    await world.advance(2 * MIN)
    expect(b.status()).toBe('active')
  })
})

describe('a system with a refresh token', () => {
  const two = { life: 5 * MIN, refreshLife: 24 * HOUR }
  const limit = { idleTimeout: 15 * MIN }

  test('goes on after a sleep longer than its access token', async () => {
    const { tab, world } = await onPlain(two, limit)
    await world.sleep(10 * MIN)
    expect(await tab.getToken()).toBe('t2')
    expect(tab.status()).toBe('active')
  })

  test('whose refresh token ends, ends, as a limit that is warned of and can not be extended', async () => {
    const { tab, world } = await onPlain(
      {
        life: 5 * MIN,
        refreshLife: 20 * MIN,
        // No refresh token in the answer: the one there is stays.
        refresh: async (_, { departedAt }) => ({ token: new Secret('t'), expiresAt: departedAt + 5 * MIN }),
      },
      limit,
    )
    for (let minute = 0; minute < 18; minute++) {
      await world.advance(MIN)
      tab.tab.press()
      await world.settle()
    }
    // The last access token outlives it by some minutes, and that is the end.
    await world.advance(4 * MIN)
    expect(tab.state()).toMatchObject({ status: 'warning', cause: 'limit', extendable: false })
    await world.advance(MIN)
    expect(tab.state()).toMatchObject({ status: 'signed-out', reason: 'limit' })
  })

  test('refused after a lost answer goes on to the end of its access token', async () => {
    const { tab, world, backend } = await onPlain(two, limit)
    await world.advance(2 * MIN)
    backend.error = unreachable()
    tab.tab.press()
    await world.settle()
    backend.error = new AuthError('refused', 'no')
    await world.advance(5 * S)
    expect(tab.state()).toMatchObject({ status: 'active', cause: 'token', extendable: false })
    await world.advance(3 * MIN)
    expect(tab.state().reason).toBe('expired')
  })

  test('revokes with a fresh token where only a live one revokes, and uses a refresh token but once', async () => {
    const used = new Set<string>()
    let tries = 0
    const { tab, world, backend } = await onPlain(
      {
        ...two,
        refresh: async ({ refreshToken }, { departedAt }) => {
          const text = refreshToken!.reveal()
          if (used.has(text)) throw new AuthError('refused', 'reuse')
          used.add(text)
          return { token: new Secret('fresh'), expiresAt: departedAt + 5 * MIN, refreshToken: new Secret(`${text}+`) }
        },
        revoke: async () => {
          if (!tries++) throw unreachable()
        },
      },
      limit,
    )
    await world.sleep(HOUR)
    await world.advance(MIN)
    expect(tab.state()).toMatchObject({ reason: 'idle', revocation: 'revoked' })
    expect(backend.calls).toEqual(['sign-in'])
  })

  test('kept in a cookie is revoked though the access token is dead', async () => {
    const { tab, world } = await onPlain({ ...two, cookie: true, revokesWith: 'nothing' }, limit)
    await world.sleep(HOUR)
    await world.advance(5 * S)
    expect(tab.state()).toMatchObject({ reason: 'idle', revocation: 'revoked' })
  })

  test('is left alone by requests as long as its Retry-After says', async () => {
    const { tab, world, backend } = await onPlain(two, limit)
    backend.error = unreachable(120 * S)
    await world.advance(5 * MIN)
    const before = backend.calls.length
    for (let n = 0; n < 20; n++) {
      await world.advance(S)
      await tab.getToken().catch(() => {})
    }
    expect(backend.calls.length - before).toBeLessThanOrEqual(1)
  })
})

test('"Stay signed in", pressed again and again, does not knock before the server’s Retry-After', async () => {
  const { openMany, world, server, sent } = createScene()
  const [a] = await openMany(1)
  await world.advance(27 * MIN + S)
  server.setFaults({ status: 429, retryAfter: 60, match: 'refresh' })
  for (let n = 0; n < 3; n++) {
    expect(await a!.stay()).toBe(false)
    await world.advance(S)
  }
  expect(sent('refresh')).toBe(1)
  expect(a!.state()).toMatchObject({ status: 'warning', staying: false, trouble: 'unreachable' })
})

test('a page gone in the middle of a refresh, then a refusal: the session goes on to the end of its token', async () => {
  const { open, world, server } = createScene()
  const a = open()
  await world.advance(S)
  await a.signIn(ANALYST)
  await world.advance(2 * MIN)
  world.network.latency = 2 * S
  a.tab.press()
  await world.advance(S)
  a.tab.crash()
  world.network.latency = 0
  server.setFaults({ status: 401, match: 'refresh' })
  const b = open(world.openTab({ duplicate: a.tab }))
  await world.advance(15 * S)
  expect(b.state()).toMatchObject({ status: 'active', cause: 'token', extendable: false })
})

describe('a token with no known end', () => {
  test('needs an idle limit: signing in says so, and leaves nothing alive', async () => {
    const { open, world } = createScene()
    const backend = createPlain({ life: null })
    const tab = open(undefined, { backend })
    await world.advance(S)
    await expect(tab.signIn(ANALYST)).rejects.toThrow('Set idleTimeout')
    await world.settle()
    expect(backend.calls).toEqual(['sign-in', 'revoke t1'])
  })

  test('with one ends by it', async () => {
    const { tab, world } = await onPlain({ life: null, renewsWith: 'nothing' }, { idleTimeout: 15 * MIN })
    await world.advance(14 * MIN)
    expect(tab.state()).toMatchObject({ status: 'warning', extendable: true })
    expect(await tab.stay()).toBe(true)
    await world.advance(15 * MIN)
    expect(tab.state().reason).toBe('idle')
  })

  test('from a refresh, or from storage, without a limit is not taken', async () => {
    const opaque = async () => ({ token: new Secret('opaque'), expiresAt: null })
    const { tab, world } = await onPlain({ refresh: opaque })
    await world.advance(2 * MIN)
    tab.tab.press()
    await world.settle()
    expect(tab.state()).toMatchObject({ trouble: 'malformed', token: { reveal: expect.any(Function) } })
    expect(await tab.getToken()).toBe('t1')

    const limited = await onPlain({ life: null, renewsWith: 'nothing' }, { idleTimeout: 15 * MIN })
    limited.tab.tab.crash()
    const { open, backend } = limited
    const reopened = open(limited.world.openTab({ duplicate: limited.tab.tab }), { backend, idleTimeout: null })
    await limited.world.advance(2 * S)
    expect(reopened.status()).toBe('signed-out')
  })
})

describe('what others say', () => {
  test('of unknown kinds, or with reasons of their own, is not heard', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(30 * S)
    const { deadline, session } = a!.state()
    const stranger = world.openTab()
    const say = (fact: object) => stranger.post({ v: 1, app: 'app', sessionId: session!.id, ...fact } as never)
    say({ kind: 'whatever', at: world.now() })
    say({ kind: 'active', at: 'now' })
    say({ kind: 'ended', reason: { user: true } })
    say({ kind: 'ended', reason: 'because' })
    stranger.post(null as never)
    stranger.post('hello' as never)
    await world.settle()
    expect(a!.state()).toMatchObject({ status: 'active', deadline })
  })

  test('about activity to come does not stretch a session that is handed over', async () => {
    const { openMany, open, world } = createScene()
    const [a] = await openMany(1)
    const claim = JSON.parse(a!.tab.stored()!)
    a!.tab.crash()
    world.openTab().onAsk(() => JSON.stringify({ ...claim, savedAt: world.now(), lastActive: world.now() + 10 * HOUR }))
    const b = open()
    await world.advance(29 * MIN + S)
    expect(b.status()).toBe('signed-out')
  })

  test('in a record of a stranger, or of a later version, ends nothing', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    for (const record of [7, 'x', [], {}, { v: 2, epoch: 99 }, { v: 1, app: 'app', epoch: '9' }]) {
      world.record = record
      await world.advance(15 * S)
      expect(a!.status()).toBe('active')
    }
  })
})

test('a tab that ended during the question of a new tab is not revived by it', async () => {
  const { openMany, open, world } = createScene({ handOver: false })
  const [a] = await openMany(1)
  const storage = a!.tab.stored()
  await world.advance(2 * MIN)
  a!.tab.press()
  await world.settle()
  const b = open(world.openTab({ storage }))
  await world.advance(500)
  a!.signOut()
  await world.advance(2 * S)
  expect(b.status()).toBe('signed-out')
})

describe('an adapter with a mistake', () => {
  test('that throws instead of rejecting leaves no timer, and is told apart', async () => {
    const { open, world } = createScene()
    const backend = createPlain({
      signIn: () => {
        throw new TypeError('Bearer topsecret')
      },
    })
    const a = open(undefined, { backend })
    await world.advance(S)
    const before = world.loose()
    await expect(a.signIn(ANALYST)).rejects.toMatchObject({ name: 'AuthError', kind: 'malformed' })
    expect(world.loose()).toBe(before)
  })

  test('that quotes a secret does not put it into the log', async () => {
    const { scene, tab, world } = await onPlain({
      refresh: async () => {
        throw new TypeError('"Bearer topsecret" is an invalid header value')
      },
    })
    await world.advance(2 * MIN)
    tab.tab.press()
    await world.settle()
    expect(scene.events.join()).toContain('failed: malformed')
    expect(scene.events.join()).not.toContain('topsecret')
  })
})

test('storage that rejects is as good as none', async () => {
  const { open, world } = createScene()
  const a = open({ ...world.openTab(), load: () => Promise.reject(new Error('disk')) })
  await world.advance(5 * S)
  expect(a.status()).toBe('signed-out')
})

test('after dispose nothing is sent, whatever is called', async () => {
  const { open, world, sent } = createScene()
  const a = open()
  await world.advance(S)
  a.dispose()
  await expect(a.signIn(ANALYST)).rejects.toThrow()
  await expect(a.stay()).resolves.toBe(false)
  a.signOut()
  a.touch()
  await world.advance(MIN)
  expect(sent('/auth')).toBe(0)
  expect(world.loose()).toBe(0)
})

test('tabs whose record was cleared do not warn someone who is here', async () => {
  const { openMany, world, events } = createScene()
  const [a, b] = await openMany(2)
  world.record = undefined
  await world.advance(5 * MIN)
  b!.tab.press()
  for (let n = 0; n < 25; n++) {
    await world.advance(MIN)
    a!.tab.press()
  }
  expect(events.filter((e) => e.startsWith('warned'))).toEqual([])
})
test('tabs that can keep no record ask each other for a newer grant before they refresh', async () => {
  const { openMany, sent, world } = createScene()
  world.keepsRecord = false
  const tabs = await openMany(5)
  await world.advance(5 * S)
  expect(tabs.map((tab) => tab.state().tabs)).toEqual(Array(5).fill('alone'))
  for (let round = 1; round <= 3; round++) {
    await world.advance(61 * S)
    for (const { tab } of tabs) tab.press()
    await world.advance(10 * S)
    expect(tabs.map((tab) => tab.state().session!.generation)).toEqual(Array(5).fill(round + 1))
    expect(sent('/auth/refresh/')).toBe(round)
  }
})

describe('an older session in the record', () => {
  test('does not keep a newer one from being refreshed', async () => {
    const { openMany, world, sent } = createScene()
    const [a, b] = await openMany(2)
    world.keepsRecord = false
    await a!.signIn(LEAD)
    await world.settle()
    a!.tab.crash() // or closed, or reloaded, within 10 s
    world.keepsRecord = true
    await world.advance(2 * MIN)
    b!.tab.press()
    await world.advance(15 * S)
    expect(b!.status()).toBe('active')
    expect(sent('refresh')).toBe(1)
  })
})

describe('a clock set back, and never right again,', () => {
  test('by less than the idle limit gives nobody more time (record)', async () => {
    const { openMany, world, sent } = createScene()
    const [a] = await openMany(1)
    world.setClock(-15 * MIN)
    await world.advance(29 * MIN + 2 * S)
    expect(sent('refresh')).toBe(0)
    expect(a!.state().reason).toBe('idle')
  })
  test('in the warning does not close it', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(28 * MIN)
    world.setClock(-20 * MIN)
    await world.advance(15 * S)
    expect(a!.status()).toBe('warning')
  })
  test('nor after a reload (storage)', async () => {
    const { openMany, open, world } = createScene()
    const [a] = await openMany(1)
    world.setClock(-15 * MIN)
    await world.advance(16 * MIN) // the page saw the step
    a!.tab.crash()
    const b = open(world.openTab({ duplicate: a!.tab }))
    await world.advance(13 * MIN + 30 * S)
    expect(b.status()).toBe('signed-out')
  })
  test('nor sends a token past its end after a reload', async () => {
    const { openMany, open, world, call } = createScene({ idleTimeout: 45 * MIN })
    const [a] = await openMany(1)
    world.setClock(-20 * MIN)
    await world.advance(19 * MIN) // the page saw the step
    world.network.down = true
    await world.advance(90 * S)
    a!.tab.crash()
    const b = open(world.openTab({ duplicate: a!.tab }))
    await world.advance(10 * MIN)
    await expect(call(b)).rejects.toThrow() // got 401: the token of 30 min is sent after 30.5
  })
})

test('a tab that ended for itself alone comes back when a sibling that holds the session does', async () => {
  const { openMany, world } = createScene()
  const [a, b] = await openMany(2)
  b!.tab.freeze()
  for (let n = 0; n < 6; n++) {
    await world.advance(5 * MIN)
    a!.tab.press()
    await world.settle()
  }
  a!.tab.freeze()
  await b!.tab.thaw()
  await world.advance(3 * S)
  expect(b!.status()).toBe('signed-out') // nobody hands it over
  await a!.tab.thaw()
  await world.advance(2 * MIN)
  a!.tab.press()
  await world.advance(15 * S)
  expect([a!.status(), b!.status()]).toEqual(['active', 'active'])
})

test('no warning flashes by after a sleep that a refresh ahead mends', async () => {
  const { openMany, world, events } = createScene({ idleTimeout: 45 * MIN })
  const [a] = await openMany(1)
  await world.advance(2 * MIN)
  a!.tab.press()
  await world.settle()
  await world.sleep(28 * MIN + 30 * S)
  await world.advance(S)
  expect(a!.status()).toBe('active')
  expect(events.filter((e) => e.startsWith('warned'))).toEqual([])
})

test('a revocation that waits for its turn sends nothing after dispose', async () => {
  const { openMany, world, sent } = createScene()
  const [a, b] = await openMany(2)
  world.network.down = true
  a!.signOut()
  await world.advance(3 * S - 1)
  world.network.down = false
  const tab = b!.tab
  tab.show() // ending.retry: takes its turn, asks the record
  b!.dispose()
  a!.dispose()
  const before = sent('logout')
  await world.settle()
  expect(sent('logout')).toBe(before)
})

test('the reason is that of the deadline which the record gives', async () => {
  const { openMany, world } = createScene()
  const [a, b] = await openMany(2)
  a!.tab.freeze()
  await world.advance(MIN - S)
  await world.advance(4 * MIN)
  world.network.down = true
  b!.tab.press()
  await world.advance(S)
  b!.tab.crash()
  await world.advance(26 * MIN)
  await a!.tab.thaw()
  await world.advance(3 * S)
  // Token ended at 30 min; idle would have been at 34.
  expect(a!.state().reason).toBe('expired')
})

test('a refusal that comes in past the deadline is no refusal', async () => {
  const { openMany, world } = createScene()
  const [a] = await openMany(1)
  await world.advance(26 * MIN)
  world.network.latency = 4 * S
  a!.tab.press()
  await world.advance(100)
  await world.sleep(28 * MIN)
  await world.advance(5 * S)
  expect(a!.state().reason).toBe('expired')
})

test('"Stay signed in" that a sibling’s retry answers counts in all tabs', async () => {
  const { openMany, world, server } = createScene()
  const [a, b] = await openMany(2)
  await world.advance(2 * MIN)
  server.setFaults({ status: 503, match: 'refresh' })
  b!.tab.press()
  await world.advance(27 * MIN)
  expect([a!.status(), b!.status()]).toEqual(['warning', 'warning'])
  await a!.stay()
  server.setFaults({})
  await world.advance(25 * S) // b's retry comes first
  expect(a!.state()).toMatchObject({ status: 'active', session: { generation: 2 } })
  expect(b!.status()).toBe('active')
  await world.advance(5 * MIN)
  expect([a!.status(), b!.status()]).toEqual(['active', 'active'])
})

test('a refresh that waited for its turn through a sleep first asks whether it is over', async () => {
  const { openMany, world, sent } = createScene()
  const [a] = await openMany(1)
  await world.advance(2 * MIN)
  void world.openTab().exclusive('refresh', MIN, () => new Promise(() => {}))
  a!.tab.press()
  a!.tab.hide()
  await world.advance(S)
  await world.sleep(40 * MIN)
  await world.advance(S)
  expect(sent('refresh')).toBe(0)
  expect(a!.state().reason).toBe('expired')
})

test('no warning flashes by on a thawed tab while someone is here in another', async () => {
  const { openMany, world, events } = createScene()
  const [a, b] = await openMany(2)
  b!.tab.freeze()
  await world.advance(20 * MIN)
  a!.tab.press()
  await world.advance(8 * MIN)
  await b!.tab.thaw()
  await world.advance(3 * S)
  expect(b!.status()).toBe('active')
  expect(events.filter((e) => e.startsWith('warned'))).toEqual([])
})

test('a restored session that waits for the server’s confirmation does not spin', async () => {
  const { openMany, open, world } = createScene()
  const [a] = await openMany(1)
  a!.tab.crash()
  world.setClock(-10 * MIN)
  world.network.latency = 3 * S
  const tab = world.openTab({ duplicate: a!.tab })
  let alarms = 0
  // Beyond 1000 it sleeps, or this test would never end.
  const b = open({ ...tab, wakeAt: (time, wake) => (alarms++ < 1_000 ? tab.wakeAt(time, wake) : () => {}) })
  await world.advance(5 * S)
  expect(alarms).toBeLessThan(50)
  expect(b.status()).toBe('active')
})

test('a tab that was behind, and has caught up by a refresh of its own, ends a refused session for all', async () => {
  const { scene, b, world, server } = await withOneBehind()
  await world.advance(2 * MIN)
  b.tab.press()
  await world.advance(3 * S)
  // Beyond the one that nobody handed over.
  expect(b.state().session!.generation).toBeGreaterThan(2)
  const grant = await b.grant()
  await server.revokeAll()
  await expect(b.grant(grant)).rejects.toThrow('No request was sent')
  await world.settle()
  expect(recordOf(scene)!.endedReason).toBe('refused')
})

describe('an adapter that answers after it was given up on', () => {
  /** A system whose next refresh answers when told to, and does not listen to being broken off. */
  async function onLate() {
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    const scene = await onPlain({
      refreshLife: 60 * MIN,
      async refresh(_, { departedAt }) {
        await held
        return { token: new Secret('late'), expiresAt: departedAt + 30 * MIN, refreshToken: new Secret('r2') }
      },
    })
    await scene.world.advance(2 * MIN)
    scene.tab.tab.press()
    await scene.world.advance(9 * S)
    expect(scene.tab.state().trouble).toBe('unreachable')
    return { ...scene, answer }
  }

  test('still renews the session: its answer may be the only one that can be renewed again', async () => {
    const { tab, world, answer, backend } = await onLate()
    answer()
    await world.settle()
    expect(tab.state()).toMatchObject({ status: 'active', trouble: null, session: { generation: 2 } })
    expect(await tab.getToken()).toBe('late')
    expect(backend.calls.filter((call) => call.startsWith('revoke'))).toEqual([])
  })

  test('revives nothing after signing out, and is revoked', async () => {
    const { tab, world, answer, backend } = await onLate()
    tab.signOut()
    answer()
    await world.settle()
    expect(tab.state()).toMatchObject({ status: 'signed-out', session: null })
    expect(backend.calls).toContain('revoke late')
  })
})

describe('two sign-ins at once', () => {
  test('of the same are one', async () => {
    const { open, world, sent } = createScene()
    const tab = open()
    await world.advance(S)
    await Promise.all([tab.signIn(ANALYST), tab.signIn({ ...ANALYST })])
    expect(sent('/auth')).toBe(1)
  })

  test('of two people follow each other, and each is told what came of their own', async () => {
    const { open, world } = createScene()
    const tab = open()
    await world.advance(S)
    const first = tab.signIn(ANALYST)
    const second = tab.signIn({ ...LEAD, password: 'wrong' }).catch((error) => error.kind)
    const third = tab.signIn(LEAD)
    await first
    await third
    expect([await second, tab.state().user!.key]).toEqual(['refused', '8'])
  })

  test('left before the first has answered, are both left', async () => {
    const { open, world, alive } = createScene()
    const tab = open()
    await world.advance(S)
    const outcomes = [tab.signIn(ANALYST), tab.signIn(LEAD)].map((outcome) => outcome.catch((error) => error.name))
    tab.abandonSignIn()
    expect(await Promise.all(outcomes)).toEqual(['SessionOverError', 'SessionOverError'])
    await world.advance(5 * S)
    expect(tab.state().status).toBe('signed-out')
    expect(await alive()).toEqual([])
  })
})

describe('found by the simulation', () => {
  test('a tab that is behind, and is not answered, does not spend an old refresh token while its own token lives', async () => {
    const backend = createPlain({ life: 5 * MIN, refreshLife: 24 * HOUR })
    const { openMany, world } = createScene({ backend })
    const [a, b] = await openMany(2)
    b!.tab.freeze()
    await world.advance(90 * S)
    a!.tab.press()
    await world.settle()
    a!.tab.freeze()
    await Promise.all([b!.tab.thaw(), world.advance(3 * S)])
    b!.tab.press()
    await world.advance(MIN)
    expect(backend.calls.filter((call) => call === 'refresh')).toHaveLength(1)
    expect(b!.state()).toMatchObject({ status: 'active', session: { generation: 1 } })
    await a!.tab.thaw()
    await world.advance(35 * S)
    expect(b!.state().session!.generation).toBe(a!.state().session!.generation)
  })

  test('and as a last resort does, once that has ended', async () => {
    const backend = createPlain({ life: 5 * MIN, refreshLife: 24 * HOUR })
    const { openMany, world } = createScene({ backend, idleTimeout: HOUR })
    const [a, b] = await openMany(2)
    b!.tab.freeze()
    await world.advance(2 * MIN)
    a!.tab.press()
    await world.settle()
    a!.tab.freeze()
    await Promise.all([b!.tab.thaw(), world.advance(4 * MIN)])
    expect(b!.state().session!.generation).toBeGreaterThan(2)
  })

  test('dispose ends a question under way, and asks no more of what was just being read', async () => {
    const { open, world } = createScene({ handOver: false })
    const [a, b] = [open(), open()]
    await world.advance(2 * S)
    await a.signIn(ANALYST)
    await world.settle()
    for (const tab of [a, b]) {
      tab.tab.online()
      tab.dispose()
    }
    await world.settle()
    expect(world.loose()).toBe(0)
  })

  test('a refresh that is refused because another tab has signed out is that sign-out', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    await world.advance(MIN)
    const silent = { ...a!.tab, post: () => {} }
    Object.assign(a!.tab, silent)
    world.network.latency = 2 * S
    b!.tab.press()
    await world.advance(S)
    world.network.latency = 0
    await world.settle()
    a!.signOut()
    await world.advance(5 * S)
    expect(b!.state()).toMatchObject({ status: 'signed-out', reason: 'user' })
  })

  test('a session whose end was told is not taken from an answer on its way', async () => {
    const { open, world } = createScene()
    world.keepsRecord = false
    const a = open()
    await world.advance(2 * S)
    await a.signIn(ANALYST)
    const tab = world.openTab()
    let answer = (_text: string | null) => {}
    const late = { ...tab, ask: () => new Promise<string | null>((resolve) => (answer = resolve)) }
    const b = open(late as Tab)
    await world.settle()
    const held = await world.openTab().ask({ sessionId: null, generation: 0 })
    a.signOut()
    await world.settle()
    answer(held)
    await world.settle()
    expect(held).toContain('$secret')
    expect(b.state().session).toBe(null)
  })

  test.each([1, 5])('a session killed while a turn was held up for %i s has ended as refused', async (held) => {
    const { open, server, world } = createScene()
    const { letGo, tab } = withHeldRecord(world)
    const a = open(tab)
    await world.advance(S)
    await a.signIn(ANALYST)
    await world.advance(2 * MIN)
    tab.hold()
    a.tab.press()
    await world.settle()
    await world.sleep(held * S, { frozenTimers: true })
    await server.revokeAll()
    letGo()
    await world.advance(30 * S)
    expect(a.state()).toMatchObject({ status: 'signed-out', reason: 'refused' })
  })

  test.each([2, 10])('a turn held up for %i s sends nothing while another tab has its own', async (held) => {
    const { open, world } = createScene({ idleTimeout: HOUR })
    const plain = createPlain({ life: 5 * MIN, refreshLife: 24 * HOUR })
    let underWay = 0
    let most = 0
    const backend: Backend = {
      ...plain,
      async refresh(grant, call) {
        most = Math.max(most, ++underWay)
        await new Promise<void>((resolve) => world.after(2 * S, resolve))
        underWay--
        return plain.refresh!(grant, call)
      },
    }
    const { letGo, tab } = withHeldRecord(world)
    const [a, b] = [open(tab, { backend }), open(undefined, { backend })]
    await world.advance(S)
    await a.signIn(ANALYST)
    await world.advance(3 * MIN + 20 * S)
    tab.hold()
    a.tab.press()
    await world.advance(50)
    b.tab.press()
    await world.settle()
    await world.sleep(held * S, { frozenTimers: true })
    letGo()
    await world.advance(10 * S)
    expect(most).toBe(1)
  })

  test('a token that the server refuses is renewed at once, though the tab is behind and would rather wait', async () => {
    const backend = createPlain({ life: HOUR, refreshLife: 24 * HOUR })
    const { openMany, world } = createScene({ backend, idleTimeout: HOUR })
    const [a, b] = await openMany(2)
    b!.tab.freeze()
    await world.advance(16 * MIN)
    a!.tab.press()
    await world.advance(S)
    a!.tab.crash()
    await Promise.all([b!.tab.thaw(), world.advance(3 * S)])
    b!.tab.press()
    await world.advance(5 * S)
    const refused = await b!.grant()
    const next = b!.grant(refused)
    await world.advance(5 * S)
    expect((await next).token).not.toBe(refused.token)
  })

  test('a session begun without a record is not ended by one that was over before', async () => {
    const { open, openMany, world } = createScene()
    const [before] = await openMany(1)
    before!.signOut()
    await world.advance(5 * S)
    before!.tab.crash()
    world.keepsRecord = false
    const a = open()
    await world.advance(S)
    await a.signIn(ANALYST)
    await world.advance(S)
    world.keepsRecord = true
    await world.advance(40 * S)
    expect(a.status()).toBe('active')
  })

  test('of two sessions that began without knowing of each other the later one stays', async () => {
    for (const isLaterRecorded of [true, false]) {
      const scene = createScene()
      const { open, world } = scene
      const alone = world.openTab()
      let isBroken = true
      const a = open({
        ...alone,
        readRecord: async () => (isBroken ? undefined : alone.readRecord()),
        updateRecord: async (change) => (isBroken ? undefined : alone.updateRecord(change)),
      })
      const b = open()
      await world.advance(S)
      for (const tab of isLaterRecorded ? [a, b] : [b, a]) {
        await tab.signIn(tab === a ? ANALYST : LEAD)
        world.record = tab === b ? { ...recordOf(scene), epoch: 1 } : world.record
        await world.advance(S)
      }
      isBroken = false
      await world.advance(30 * S)
      const later = isLaterRecorded ? '8' : '7'
      expect([a.state().user?.key, b.state().user?.key]).toEqual([later, later])
    }
  })

  test.each(['sign-in', 'refresh'])(
    'a clock set back while the record takes its time moves what a %s brought',
    async (what) => {
      const { open, world } = createScene()
      const { tab, letGo } = withHeldRecord(world)
      const a = open(tab)
      await world.advance(S)
      if (what === 'refresh') await a.signIn(ANALYST)
      await world.advance(2 * MIN)
      world.network.latency = S
      if (what === 'refresh') tab.press()
      const signingIn = what === 'sign-in' && a.signIn(ANALYST)
      await world.advance(500)
      tab.hold()
      await world.advance(S)
      world.setClock(-HOUR)
      letGo()
      await signingIn
      await world.advance(S)
      expect(a.state().session!.generation).toBe(what === 'refresh' ? 2 : 1)
      expect(a.state().session!.grant.expiresAt! - world.now()).toBeLessThan(30 * MIN)
      expect(a.state().deadline! - world.now()).toBeLessThan(29 * MIN)
    },
  )

  test('a refresh whose turn comes in the last second of its token is not sent', async () => {
    const backend = createPlain({ life: 4 * MIN })
    const { open, world } = createScene({ backend, idleTimeout: HOUR })
    const tab = world.openTab()
    let begin = () => {}
    let isHeld = false
    const exclusive: Tab['exclusive'] = async (name, patience, work) => {
      if (isHeld)
        await new Promise<void>((resolve) => {
          begin = resolve
        })
      return tab.exclusive(name, patience, work)
    }
    const a = open({ ...tab, exclusive })
    await a.signIn({})
    isHeld = true
    await world.advance(4 * MIN - 500)
    begin()
    await world.settle()
    expect(backend.calls).toEqual(['sign-in'])
    expect(a.state().trouble).toBe('unreachable')
  })

  test('a tab never takes up again what it has ended, though a tab that has not heard of it goes on', async () => {
    const { open, world } = createScene({ backend: createPlain() })
    world.keepsRecord = false
    const a = open()
    await a.signIn({})
    const b = open({ ...world.openTab(), onMessage: () => () => {} })
    await world.advance(2 * MIN)
    expect(a.state().session!.id).toBe(b.state().session!.id)
    a.signOut()
    await world.advance(2 * MIN)
    b.tab.press()
    await world.advance(5 * S)
    expect(b.state()).toMatchObject({ status: 'active', session: { generation: 2 } })
    expect(a.status()).toBe('signed-out')
  })
})

/** A tab whose changes of the record are answered late, from `hold` until `letGo`. */
function withHeldRecord(world: Scene['world']) {
  const tab = world.openTab()
  const held: (() => void)[] = []
  let isHeld = false
  return {
    tab: {
      ...tab,
      hold: () => {
        isHeld = true
      },
      updateRecord: async (change: (record: unknown) => unknown) => {
        const record = await tab.updateRecord(change)
        if (isHeld) await new Promise<void>((resolve) => held.push(resolve))
        return record
      },
    },
    letGo: () => {
      isHeld = false
      for (const go of held) go()
    },
  }
}
