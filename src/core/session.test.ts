import { describe, expect, test } from 'vitest'
import { ANALYST, createScene, LEAD, MIN, S } from './scene.ts'

const statuses = (tabs: { status(): string }[]) => tabs.map((tab) => tab.status())

describe('signing in', () => {
  test('shows who it is, and hides the token from anything that prints it', async () => {
    const { openMany } = createScene()
    const [a] = await openMany(1)
    expect(a!.state()).toMatchObject({
      status: 'active',
      user: { key: '7', name: ANALYST.username },
      reason: null,
      cause: 'idle',
    })
    expect(a!.state().token!.reveal()).toMatch(/^eyJ/)
    expect(JSON.stringify(a!.state())).not.toContain('eyJ')
    expect(`${a!.state().token}`).toBe('[secret]')
  })

  test('with a wrong password is refused and changes nothing', async () => {
    const { open, world } = createScene()
    const a = open()
    await world.advance(S)
    await expect(a.signIn({ ...ANALYST, password: 'no' })).rejects.toMatchObject({ kind: 'refused', status: 401 })
    expect(a.state()).toMatchObject({ status: 'signed-out', user: null, reason: null })
  })

  test('with no server is unreachable, which is another error', async () => {
    const { open, world } = createScene()
    const a = open()
    world.network.down = true
    await expect(a.signIn(ANALYST)).rejects.toMatchObject({ kind: 'unreachable' })
  })

  test('that fails before the stored session was looked at leaves that session to be restored', async () => {
    const { openMany, open, world } = createScene()
    const [a] = await openMany(1)
    const b = open(world.openTab({ duplicate: a!.tab }))
    await expect(b.signIn({ ...ANALYST, password: 'no' })).rejects.toMatchObject({ kind: 'refused' })
    await world.settle()
    expect(b.status()).toBe('active')
  })

  test('twice at once sends one request', async () => {
    const { open, sent } = createScene()
    const a = open()
    await Promise.all([a.signIn(ANALYST), a.signIn(ANALYST)])
    expect(sent('/auth')).toBe(1)
  })

  test('an answer after leaving the page is revoked', async () => {
    const { open, world, server } = createScene()
    const a = open()
    await world.advance(S)
    const promise = a.signIn(ANALYST)
    a.abandonSignIn()
    await expect(promise).rejects.toThrow('session is over')
    await world.settle()
    expect(a.status()).toBe('signed-out')
    expect((await server.sessions()).filter((s) => !s.endedAt)).toEqual([])
  })

  test('later, in another tab, wins: the earlier session is replaced and revoked', async () => {
    const { openMany, world, server } = createScene()
    const [a, b] = await openMany(2)
    const first = a!.state().token!.reveal()
    await b!.signIn(LEAD)
    await world.advance(5 * S)
    expect(a!.state()).toMatchObject({ status: 'active', user: { key: '8' } })
    expect(b!.state()).toMatchObject({ status: 'active', user: { key: '8' } })
    expect(await server.isLive(first)).toBe(false)
    expect(await server.isLive(b!.state().token!.reveal())).toBe(true)
  })

  test('from two tabs at once leaves one session alive', async () => {
    const { open, world, server } = createScene()
    const a = open()
    const b = open()
    await world.advance(S)
    await Promise.all([a.signIn(ANALYST), b.signIn(LEAD)])
    await world.advance(5 * S)
    expect(a.state().session!.id).toBe(b.state().session!.id)
    expect((await server.sessions()).filter((s) => !s.endedAt)).toHaveLength(1)
  })
})

describe('a keystroke', () => {
  test('with a token younger than 60 s refreshes nothing', async () => {
    const { openMany, world, sent } = createScene()
    const [a] = await openMany(1)
    await world.advance(59 * S)
    a!.tab.press()
    await world.settle()
    expect(sent('refresh')).toBe(0)
  })

  test('with an older one refreshes once, and both tabs go on with the new token', async () => {
    const { openMany, world, sent } = createScene()
    const [a, b] = await openMany(2)
    const old = a!.state().token!.reveal()
    await world.advance(MIN)
    a!.tab.press()
    await world.settle()
    expect(sent('refresh')).toBe(1)
    expect(a!.state().token!.reveal()).not.toBe(old)
    expect(b!.state().token!.reveal()).toBe(a!.state().token!.reveal())
  })

  test('moves the end of the session in every tab', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    await world.advance(30 * S)
    a!.tab.press()
    await world.settle()
    expect(a!.state().deadline).toBe(world.now() + 29 * MIN)
    expect(b!.state().deadline).toBe(world.now() + 29 * MIN)
  })

  test('in ten thousand moves a minute is one refresh', async () => {
    const { openMany, world, sent } = createScene()
    const [a] = await openMany(1)
    for (let second = 0; second < 120; second++) {
      await world.advance(S)
      for (let i = 0; i < 170; i++) a!.tab.press(false)
    }
    await world.settle()
    expect(sent('refresh')).toBe(2)
  })

  test('when no one is there, nothing is sent', async () => {
    const { openMany, world, sent } = createScene()
    await openMany(2)
    await world.advance(26 * MIN)
    expect(sent('refresh')).toBe(0)
  })
})

describe('five tabs', () => {
  test('refreshing at once send one request a round', async () => {
    const { openMany, world, sent } = createScene()
    const tabs = await openMany(5)
    for (let round = 1; round <= 10; round++) {
      await world.advance(61 * S)
      for (const { tab } of tabs) tab.press()
      await world.settle()
      expect(sent('refresh')).toBe(round)
      expect(new Set(tabs.map((t) => t.state().token!.reveal())).size).toBe(1)
    }
  })
})

describe('the warning', () => {
  test('opens two minutes before the end, in every tab, and ignores the mouse', async () => {
    const { openMany, world } = createScene()
    const tabs = await openMany(2)
    await world.advance(27 * MIN - 1)
    expect(statuses(tabs)).toEqual(['active', 'active'])
    await world.advance(1)
    expect(statuses(tabs)).toEqual(['warning', 'warning'])
    tabs[0]!.tab.press()
    await world.settle()
    expect(statuses(tabs)).toEqual(['warning', 'warning'])
  })

  test('closes everywhere when someone stays, ten times in a row', async () => {
    const { openMany, world, sent } = createScene()
    const tabs = await openMany(3)
    for (let n = 1; n <= 10; n++) {
      await world.advance(28 * MIN)
      expect(statuses(tabs)).toEqual(['warning', 'warning', 'warning'])
      expect(await tabs[n % 3]!.stay()).toBe(true)
      await world.settle()
      expect(statuses(tabs)).toEqual(['active', 'active', 'active'])
      expect(sent('refresh')).toBe(n)
    }
  })

  test('with activityDuringWarning "extend" closes by a key, not by a move', async () => {
    const { openMany, world } = createScene({ activityDuringWarning: 'extend' })
    const [a] = await openMany(1)
    await world.advance(28 * MIN)
    a!.tab.press(false)
    await world.settle()
    expect(a!.status()).toBe('warning')
    await world.advance(S)
    a!.tab.press(true)
    await world.settle()
    expect(a!.status()).toBe('active')
  })

  test('stays open and says so when the server is away, and staying works once it is back', async () => {
    const { openMany, world } = createScene()
    const tabs = await openMany(2)
    await world.advance(28 * MIN)
    world.network.down = true
    expect(await tabs[0]!.stay()).toBe(false)
    expect(tabs[0]!.state()).toMatchObject({ status: 'warning', trouble: 'unreachable', staying: false })
    world.network.down = false
    await world.advance(2 * S)
    expect(statuses(tabs)).toEqual(['active', 'active'])
    expect(tabs[0]!.state().trouble).toBe(null)
  })

  test('spares a person who is active once every 27 minutes, on a server that takes 4 s', async () => {
    const { openMany, world, events } = createScene()
    const tabs = await openMany(2)
    world.network.latency = 4 * S
    for (let n = 0; n < 10; n++) {
      await world.advance(27 * MIN - 5 * S)
      tabs[n % 2]!.tab.press()
      await world.advance(5 * S - 1)
    }
    expect(events).not.toContain('warned: token')
    expect(events).not.toContain('warned: idle')
  })
})

describe('the end', () => {
  test('of an idle session comes at 29 minutes in every tab, is revoked once and names its reason', async () => {
    const { openMany, world, sent, server } = createScene()
    const tabs = await openMany(3)
    const token = tabs[0]!.state().token!.reveal()
    await world.advance(29 * MIN - 1)
    expect(statuses(tabs)).toEqual(['warning', 'warning', 'warning'])
    await world.advance(1)
    expect(statuses(tabs)).toEqual(['signed-out', 'signed-out', 'signed-out'])
    for (const tab of tabs) expect(tab.state()).toMatchObject({ reason: 'idle', token: null, user: null })
    await world.advance(10 * S)
    expect(sent('logout')).toBe(1)
    expect(await server.isLive(token)).toBe(false)
    for (const tab of tabs) expect(tab.state().revocation).toBe('revoked')
  })

  test('by signing out reaches every tab and kills every token of the session', async () => {
    const { openMany, world, server } = createScene()
    const tabs = await openMany(3)
    const tokens = [tabs[0]!.state().token!.reveal()]
    await world.advance(MIN)
    tabs[1]!.tab.press()
    await world.settle()
    tokens.push(tabs[0]!.state().token!.reveal())
    tabs[0]!.signOut()
    expect(tabs[0]!.state()).toMatchObject({ status: 'signed-out', reason: 'user', endedHere: true, token: null })
    await world.settle()
    expect(statuses(tabs)).toEqual(['signed-out', 'signed-out', 'signed-out'])
    expect(tabs[1]!.state()).toMatchObject({ reason: 'user', endedHere: false })
    for (const token of tokens) expect(await server.isLive(token)).toBe(false)
    for (const { tab } of tabs) expect(tab.stored()).toBe(null)
  })

  test('happens here at once when the server is away, and there as soon as it is back', async () => {
    const { openMany, world, server } = createScene()
    const [a] = await openMany(1)
    const token = a!.state().token!.reveal()
    world.network.down = true
    a!.signOut()
    expect(a!.state()).toMatchObject({ status: 'signed-out', revocation: 'pending' })
    await world.advance(MIN)
    expect(await server.isLive(token)).toBe(true)
    world.network.down = false
    await world.advance(MIN)
    expect(a!.state().revocation).toBe('revoked')
    expect(await server.isLive(token)).toBe(false)
  })

  test('gives up revoking when the token has died by itself', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    world.network.down = true
    a!.signOut()
    await world.advance(31 * MIN)
    expect(a!.state().revocation).toBe('failed')
  })

  test('during a refresh is not undone by its answer, and no live token is left', async () => {
    const { openMany, world, server } = createScene()
    const tabs = await openMany(2)
    await world.advance(MIN)
    world.network.latency = 2 * S
    tabs[0]!.tab.press()
    await world.advance(S)
    tabs[0]!.signOut()
    await world.advance(10 * S)
    expect(statuses(tabs)).toEqual(['signed-out', 'signed-out'])
    expect((await server.sessions()).filter((s) => !s.endedAt)).toEqual([])
    expect(tabs[0]!.tab.stored()).toBe(null)
  })

  test('by the server says so', async () => {
    const { openMany, world, server } = createScene()
    const tabs = await openMany(2)
    await server.revokeAll()
    await world.advance(MIN)
    tabs[0]!.tab.press()
    await world.settle()
    for (const tab of tabs) expect(tab.state()).toMatchObject({ status: 'signed-out', reason: 'refused' })
  })

  test('comes whatever a host callback throws', async () => {
    const { openMany } = createScene()
    const [a] = await openMany(1)
    a!.subscribe(() => {
      throw new Error("the host's mistake")
    })
    let heard = ''
    a!.subscribe(({ status }) => {
      heard = status
    })
    a!.signOut()
    expect(heard).toBe('signed-out')
    expect(String(a!.tab.errors[0])).toContain("the host's mistake")
  })
})

describe('sleep', () => {
  test('past the deadline ends on waking, with no warning, and no move revives it', async () => {
    const { openMany, world, events, sent } = createScene()
    const tabs = await openMany(2)
    const seen: string[] = []
    tabs[0]!.subscribe(({ status }) => seen.push(status))
    const sleeping = world.sleep(120 * MIN)
    tabs[0]!.tab.press()
    await sleeping
    expect(statuses(tabs)).toEqual(['signed-out', 'signed-out'])
    expect(seen).not.toContain('warning')
    expect(events.filter((e) => e.startsWith('warned'))).toEqual([])
    expect(sent('refresh')).toBe(0)
    expect(tabs[0]!.state().reason).toBe('idle')
  })

  test('past the deadline: the first move signs out, before any timer has rung', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.stop()
    await world.sleep(120 * MIN)
    a!.start()
    a!.tab.press()
    expect(a!.state().token).toBe(null)
    await world.settle()
    expect(a!.status()).toBe('signed-out')
  })

  test('short of the deadline goes on', async () => {
    const { openMany, world, call } = createScene()
    const [a] = await openMany(1)
    await world.sleep(20 * MIN)
    expect(a!.status()).toBe('active')
    a!.tab.press()
    await world.settle()
    expect(await call(a!)).toBe(200)
    expect(a!.state().deadline).toBe(world.now() + 29 * MIN)
  })
})

describe('a tab that was away', () => {
  test('while another stayed active goes on, and never ends the fresher session', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    b!.tab.freeze()
    for (let n = 0; n < 40; n++) {
      await world.advance(MIN)
      a!.tab.press()
      await world.settle()
    }
    await b!.tab.thaw()
    expect(b!.status()).toBe('active')
    expect(a!.status()).toBe('active')
    expect(b!.state().token!.reveal()).toBe(a!.state().token!.reveal())
  })

  test('while another signed out shows nothing on return', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    b!.tab.freeze()
    expect(b!.state().veiled).toBe(true)
    a!.signOut()
    await world.settle()
    await b!.tab.thaw()
    expect(b!.state()).toMatchObject({ status: 'signed-out', reason: 'user', veiled: false })
  })

  test('while another user signed in follows the new session', async () => {
    const { openMany, world } = createScene()
    const [a, b] = await openMany(2)
    b!.tab.freeze()
    await a!.signIn(LEAD)
    await world.settle()
    await b!.tab.thaw()
    await world.advance(S)
    expect(b!.state().user).toMatchObject({ key: '8' })
  })
})

describe('a new tab', () => {
  test('is in without signing in, by asking a sibling', async () => {
    const { openMany, open, world, call } = createScene()
    await openMany(1)
    const b = open()
    await world.settle()
    expect(b.status()).toBe('active')
    expect(await call(b)).toBe(200)
  })

  test('shows the login page when no sibling hands over', async () => {
    const { openMany, open, world } = createScene({ handOver: false })
    await openMany(1)
    const b = open()
    await world.advance(2 * S)
    expect(b.status()).toBe('signed-out')
  })

  test('that duplicates another, or reloads, is in', async () => {
    const { openMany, open, world } = createScene()
    const [a] = await openMany(1)
    const copy = open(world.openTab({ duplicate: a!.tab }))
    await world.settle()
    expect(copy.status()).toBe('active')
    a!.tab.crash()
    copy.tab.crash()
    const reloaded = open(world.openTab({ duplicate: copy.tab }))
    await world.settle()
    expect(reloaded.status()).toBe('active')
  })

  test('with what a signed-out session left behind is out, and says why', async () => {
    const { openMany, open, world } = createScene()
    const [a] = await openMany(1)
    const storage = a!.tab.stored()
    a!.signOut()
    await world.settle()
    const b = open(world.openTab({ storage }))
    await world.settle()
    expect(b.state()).toMatchObject({ status: 'signed-out', reason: 'user' })
    expect(b.tab.stored()).toBe(null)
  })

  test('with storage that a stranger wrote is out', async () => {
    const { open, world } = createScene()
    for (const storage of ['', '{', 'null', '[]', '{"v":1}', '{"v":1,"held":{"id":"x","grant":null}}']) {
      const tab = open(world.openTab({ storage }))
      await world.advance(S)
      expect(tab.status()).toBe('signed-out')
    }
  })

  test('a reload past the deadline is signed out for idleness', async () => {
    const { openMany, open, world } = createScene()
    const [a] = await openMany(1)
    a!.tab.crash()
    await world.advance(30 * MIN)
    const b = open(world.openTab({ duplicate: a!.tab }))
    const seen: string[] = []
    b.subscribe(({ status }) => seen.push(status))
    await world.settle()
    expect(b.state()).toMatchObject({ status: 'signed-out', reason: 'idle' })
    expect(seen).not.toContain('active')
  })
})

describe('a server that fails', () => {
  test('for a while ends nothing: it is tried again, and at once when the network is back', async () => {
    const { openMany, world, sent } = createScene()
    const [a] = await openMany(1)
    await world.advance(MIN)
    world.network.down = true
    a!.tab.press()
    await world.advance(5 * MIN)
    expect(a!.state()).toMatchObject({ status: 'active', trouble: 'unreachable' })
    world.network.down = false
    a!.tab.show()
    await world.settle()
    expect(a!.state()).toMatchObject({ status: 'active', trouble: null })
    expect(sent('refresh')).toBe(1)
  })

  test('to the end of the token ends with the warning first, cause token', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(20 * MIN)
    world.network.down = true
    a!.tab.press()
    await world.advance(8 * MIN)
    expect(a!.state()).toMatchObject({ status: 'warning', cause: 'token', extendable: true })
    await world.advance(2 * MIN)
    expect(a!.state()).toMatchObject({ status: 'signed-out', reason: 'expired' })
  })

  test('is left alone as long as its Retry-After says', async () => {
    const { openMany, world, server, sent } = createScene()
    const [a] = await openMany(1)
    await world.advance(MIN)
    server.setFaults({ status: 429, retryAfter: 40, match: 'refresh' })
    a!.tab.press()
    await world.advance(39 * S)
    a!.tab.show()
    await world.settle()
    expect(sent('refresh')).toBe(1)
    server.setFaults({})
    await world.advance(2 * S)
    expect(sent('refresh')).toBe(2)
    expect(a!.state().trouble).toBe(null)
  })

  test('that hangs is given up after 8 s, and the turn to refresh is free again', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(MIN)
    world.network.latency = 60 * S
    a!.tab.press()
    await world.advance(8 * S)
    expect(a!.state().trouble).toBe('unreachable')
  })

  test('after losing an answer may refuse: the session goes on to the end of its token', async () => {
    const { openMany, world, server } = createScene()
    const [a, b] = await openMany(2)
    await world.advance(2 * MIN)
    world.network.loseAnswers = true
    a!.tab.press()
    await world.settle()
    world.network.loseAnswers = false
    server.setFaults({ status: 401, match: 'refresh' })
    await world.advance(20 * S)
    expect(statuses([a!, b!])).toEqual(['active', 'active'])
    expect(a!.state()).toMatchObject({ cause: 'token', extendable: false })
    await world.advance(29 * MIN)
    expect(a!.state().reason).toBe('expired')
  })
})

describe('the device clock', () => {
  test.each([-24, 24])('%i h wrong makes no difference', async (hours) => {
    const { openMany, world, call } = createScene()
    world.setClock(hours * 60 * MIN)
    const [a] = await openMany(1)
    expect(a!.state().deadline! - world.now()).toBe(29 * MIN)
    await world.advance(MIN)
    a!.tab.press()
    await world.settle()
    expect(await call(a!)).toBe(200)
    await world.advance(29 * MIN - 1)
    expect(a!.status()).toBe('warning')
    await world.advance(1)
    expect(a!.state().reason).toBe('idle')
  })

  test('set back while signed in moves every moment with it', async () => {
    const { openMany, world } = createScene()
    const tabs = await openMany(2)
    await world.advance(10 * MIN)
    world.setClock(-60 * MIN)
    for (const { tab } of tabs) tab.show()
    await world.settle()
    expect(tabs[0]!.state().deadline! - world.now()).toBe(19 * MIN)
    await world.advance(19 * MIN)
    expect(statuses(tabs)).toEqual(['signed-out', 'signed-out'])
  })

  test('set back while nothing was open: the server confirms before anything shows', async () => {
    const { openMany, open, world, sent } = createScene()
    const [a] = await openMany(1)
    a!.tab.crash()
    world.setClock(-60 * MIN)
    const b = open(world.openTab({ duplicate: a!.tab }))
    const seen: string[] = []
    b.subscribe(({ status }) => seen.push(status))
    await world.settle()
    expect(seen[0]).toBe('restoring')
    expect(sent('refresh')).toBe(1)
    expect(b.status()).toBe('active')
  })

  test('a fact from the future is ignored', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    const other = world.openTab()
    const { deadline, session } = a!.state()
    other.post({ v: 1, app: 'app', kind: 'active', sessionId: session!.id, at: world.now() + 60 * MIN })
    await world.settle()
    expect(a!.state().deadline).toBe(deadline)
  })
})

describe('requests', () => {
  test('of a polling page do not keep anyone signed in', async () => {
    const { openMany, world, call, sent } = createScene()
    const [a] = await openMany(1)
    for (let n = 0; n < 28; n++) {
      await world.advance(MIN)
      expect(await call(a!)).toBe(200)
    }
    await world.advance(MIN)
    expect(a!.state().reason).toBe('idle')
    expect(sent('refresh')).toBe(0)
  })

  test('past the deadline send nothing', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    a!.stop()
    await world.sleep(60 * MIN)
    await expect(a!.getToken()).rejects.toThrow('No request was sent')
    expect(a!.state().token).toBe(null)
  })

  test('wait for a refresh under way', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    const old = a!.state().token!.reveal()
    await world.advance(MIN)
    world.network.latency = S
    a!.tab.press()
    const token = a!.getToken()
    await world.advance(2 * S)
    expect(await token).not.toBe(old)
  })

  test('wait for a session being restored', async () => {
    const { openMany, open, world } = createScene()
    const [a] = await openMany(1)
    const b = open(world.openTab({ duplicate: a!.tab }))
    expect(await b.getToken()).toBe(a!.state().token!.reveal())
    await world.settle()
  })
})

describe('without', () => {
  test('a shared record each tab is a session manager of its own, and says so', async () => {
    const scene = createScene()
    scene.world.keepsRecord = false
    const [a, b] = await scene.openMany(2)
    await scene.world.settle()
    expect(a!.state()).toMatchObject({ status: 'active', tabs: 'alone' })
    expect(b!.state()).toMatchObject({ status: 'active', tabs: 'alone' })
    await scene.world.advance(MIN)
    a!.tab.press()
    await scene.world.settle()
    expect(a!.status()).toBe('active')
    a!.signOut()
    await scene.world.settle()
    expect(b!.status()).toBe('signed-out')
  })
})

describe('what is left', () => {
  test('after stopping: nothing, though a refresh has failed', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(MIN)
    world.network.down = true
    a!.tab.press()
    await world.settle()
    expect(world.loose()).toBeGreaterThan(0)
    a!.stop()
    expect(world.loose()).toBe(0)
    expect(a!.tab.listeners()).toBe(0)
  })

  test('after starting twice and stopping once: it still listens', async () => {
    const { openMany, world, sent } = createScene()
    const [a] = await openMany(1)
    const stop = a!.start()
    stop()
    stop()
    await world.advance(MIN)
    a!.tab.press()
    await world.settle()
    expect(sent('refresh')).toBe(1)
  })

  test('after dispose: no alarm, listener, turn or request, whatever was under way', async () => {
    const { openMany, world } = createScene()
    const [a] = await openMany(1)
    await world.advance(MIN)
    world.network.latency = 5 * S
    a!.tab.press()
    await world.advance(S)
    a!.signOut()
    a!.dispose()
    await world.advance(10 * S)
    expect(world.loose()).toBe(0)
    await expect(a!.getToken()).rejects.toThrow()
  })
})
