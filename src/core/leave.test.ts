import { describe, expect, test } from 'vitest'
import { ANALYST, createPlain, createScene, LEAD, MIN, S } from './scene.ts'

/** Two tabs whose session has ended by itself, and the way there. */
async function idle() {
  const scene = createScene()
  const [a, b] = await scene.openMany(2)
  await scene.world.advance(30 * MIN)
  return { ...scene, a: a!, b: b! }
}

describe('who was here last, after an end by itself', () => {
  test('is known in all tabs, to be welcomed back', async () => {
    const { a, b } = await idle()
    for (const tab of [a, b]) {
      expect(tab.state()).toMatchObject({ reason: 'idle', lastUser: { key: '7', name: ANALYST.username } })
    }
  })

  test('is known by what they typed, too, which need not be the name to show: also in tabs that were handed the session or restored', async () => {
    const backend = createPlain()
    const { open, world } = createScene({ backend })
    const a = open()
    await a.signIn({ username: 'ada@example.com', password: 'secret' })
    const b = open()
    await world.advance(2 * S)
    b.tab.crash()
    const c = open(world.openTab({ duplicate: b.tab }))
    await world.advance(30 * MIN)
    for (const tab of [a, c])
      expect(tab.state().lastUser).toEqual({ key: '7', name: 'ada', username: 'ada@example.com' })
  })

  test('and signs out after all, is forgotten in all tabs, and that is the reason then', async () => {
    const { a, b, world } = await idle()
    a.signOut()
    await world.settle()
    expect(a.state()).toMatchObject({ status: 'signed-out', reason: 'user', endedHere: true, lastUser: null })
    expect(b.state()).toMatchObject({ status: 'signed-out', reason: 'user', endedHere: false, lastUser: null })
    expect(world.record).toMatchObject({ endedReason: 'user' })
  })

  test('and signs out after all while a tab is frozen, is forgotten there when it thaws', async () => {
    const { a, b, world } = await idle()
    b.tab.freeze()
    a.signOut()
    await world.advance(MIN)
    b.tab.thaw()
    await world.advance(S)
    expect(b.state()).toMatchObject({ reason: 'user', endedHere: false, lastUser: null })
  })

  test('is forgotten where somebody else was here meanwhile, though they have left', async () => {
    const { a, b, world } = await idle()
    b.tab.freeze()
    await a.signIn(LEAD)
    await world.advance(30 * MIN)
    b.tab.thaw()
    await world.advance(S)
    expect(b.state()).toMatchObject({ status: 'signed-out', lastUser: null })
  })

  test('is forgotten where somebody else signs in', async () => {
    const { a, b, world } = await idle()
    await a.signIn(LEAD)
    await world.advance(S)
    for (const tab of [a, b]) expect(tab.state()).toMatchObject({ status: 'active', lastUser: null })
  })

  test('is forgotten where somebody else is here, whose session this tab is not given', async () => {
    const scene = createScene({ handOver: false })
    const a = scene.open()
    const b = scene.open()
    await a.signIn(ANALYST)
    await scene.world.advance(30 * MIN)
    expect(a.state().lastUser).toMatchObject({ key: '7' })
    await b.signIn(LEAD)
    await scene.world.advance(S)
    expect(a.state()).toMatchObject({ status: 'signed-out', lastUser: null })
  })

  test('is still welcome where they came back in another tab, and were idle again while this one was frozen', async () => {
    const { a, b, world } = await idle()
    b.tab.freeze()
    await a.signIn(ANALYST)
    await world.advance(30 * MIN)
    b.tab.thaw()
    await world.advance(S)
    expect(b.state()).toMatchObject({ status: 'signed-out', lastUser: { key: '7' } })
  })

  test('and signs out after all in a tab that was restored, is forgotten in all tabs', async () => {
    const { openMany, open, world } = createScene()
    const [a, b] = (await openMany(2)) as [ReturnType<typeof open>, ReturnType<typeof open>]
    const storage = b.tab.stored()
    b.tab.crash()
    await world.advance(30 * MIN)
    const again = open(world.openTab({ storage }))
    await world.settle()
    expect(again.state()).toMatchObject({ status: 'signed-out', lastUser: { key: '7' } })
    again.signOut()
    await world.settle()
    expect(again.state().lastUser).toBe(null)
    expect(a.state()).toMatchObject({ reason: 'user', endedHere: false, lastUser: null })
  })

  test('is not, where they came back in another tab and signed out by hand', async () => {
    const { a, b, world } = await idle()
    b.tab.freeze()
    await a.signIn(ANALYST)
    a.signOut()
    await world.advance(MIN)
    b.tab.thaw()
    await world.advance(S)
    expect(b.state().lastUser).toBe(null)
  })

  test('is forgotten with all else by dispose', async () => {
    const { a } = await idle()
    a.dispose()
    expect(a.state().lastUser).toBe(null)
  })
})
