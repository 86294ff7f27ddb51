import { describe, expect, test } from 'vitest'
import { ANALYST, createScene, LEAD, MIN, S } from './scene.ts'
import type { SharedRecord } from './types.ts'

test('1 tabs whose record was cleared do not warn someone who is here', async () => {
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
describe('2 an older session in the record', () => {
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

describe('3 a clock set back', () => {
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
    const { openMany, open, world, call } = createScene()
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

test('4 a tab that ended for itself alone comes back when a sibling that holds the session does', async () => {
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

test('5 no warning flashes by after a sleep that a refresh ahead mends', async () => {
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

test('6 a revocation that waits for its turn sends nothing after dispose', async () => {
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

test('7 the reason is that of the deadline which the record gives', async () => {
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

test('8 a refusal that comes in past the deadline is no refusal', async () => {
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

test('9 "Stay signed in" that a sibling’s retry answers counts in all tabs', async () => {
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

test('10 a refresh that waited for its turn through a sleep first asks whether it is over', async () => {
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

test('11 no warning flashes by on a thawed tab while someone is here in another', async () => {
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
