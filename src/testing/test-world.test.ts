import { createTestWorld, type TestSession } from 'stillhere/testing'
import { describe, expect, test } from 'vitest'

const MIN = 60_000
const ADA = { user: { name: 'Ada' }, roles: ['admin'] }

const state = ({ session }: TestSession) => session.getState()
const statuses = (...tabs: TestSession[]) => tabs.map((tab) => state(tab).status)

async function openTwo() {
  const world = createTestWorld()
  const first = world.openTab(ADA)
  const second = world.openTab()
  expect(state(second).status).toBe('restoring')
  await world.settle()
  return { world, first, second }
}

describe('a world of several tabs', () => {
  test('a new tab is in where another one is', async () => {
    const { first, second } = await openTwo()
    expect(state(second)).toMatchObject({ status: 'active', user: { name: 'Ada' }, roles: ['admin'] })
    expect(state(second).session!.id).toBe(state(first).session!.id)
  })

  test('a new tab in an empty world is signed out', async () => {
    const world = createTestWorld()
    const tab = world.openTab()
    await world.settle()
    expect(state(tab)).toMatchObject({ status: 'signed-out', reason: null })
  })

  test('all warn at once, one answers for all, and one signs out for all', async () => {
    const { world, first, second } = await openTwo()
    await first.warn()
    expect(statuses(first, second)).toEqual(['warning', 'warning'])
    await second.session.stay()
    await world.settle()
    expect(statuses(first, second)).toEqual(['active', 'active'])
    await first.expire('user')
    expect(state(second)).toMatchObject({ status: 'signed-out', reason: 'user', endedHere: false })
  })

  test('who signs in in one is followed by the other', async () => {
    const { world, first, second } = await openTwo()
    await second.become({ user: { name: 'Grace' } })
    expect(state(first).user!.name).toBe('Grace')
    world.openTab({ user: { name: 'Joan' } })
    await world.settle()
    expect([first, second].map((tab) => state(tab).user!.name)).toEqual(['Joan', 'Joan'])
  })

  test('what the server has ended for one is over for the other', async () => {
    const { first, second } = await openTwo()
    await first.expire('refused')
    expect(state(second)).toMatchObject({ status: 'signed-out', reason: 'refused' })
  })

  test('a frozen tab learns on its return what happened meanwhile', async () => {
    const { world, first, second } = await openTwo()
    await second.freeze()
    expect(state(second).veiled).toBe(true)
    await world.advance(20 * MIN)
    await first.press()
    await world.advance(20 * MIN)
    expect(state(second).status).toBe('active')
    await second.thaw()
    expect(state(second)).toMatchObject({ status: 'active', veiled: false })
    await second.hide()
    await first.expire('user')
    await second.show()
    expect(state(second).status).toBe('signed-out')
  })

  test('a sleep past the deadline signs out on waking, without a warning', async () => {
    const { world, first, second } = await openTwo()
    const seen: string[] = []
    first.session.subscribe(({ status }) => seen.push(status))
    await world.sleep(60 * MIN)
    expect(statuses(first, second)).toEqual(['signed-out', 'signed-out'])
    expect(seen).not.toContain('warning')
  })

  test('a reload goes on where it was, a closed tab leaves the others alone', async () => {
    const { world, first, second } = await openTwo()
    await second.close()
    expect(state(second).status).toBe('signed-out')
    const again = await first.reload()
    expect(again.session).not.toBe(first.session)
    expect(state(again)).toMatchObject({ status: 'active', user: { name: 'Ada' } })
    await again.expire()
    const after = await again.reload()
    expect(state(after)).toMatchObject({ status: 'signed-out', reason: null })
    await after.session.signIn({ username: 'Ada', password: 'x' })
    expect(state(after).roles).toEqual(['admin'])
    await world.advance(MIN)
    expect(statuses(after)).toEqual(['active'])
  })

  test('a slow network takes time of this world, and none of ours', async () => {
    const { world, first } = await openTwo()
    world.network.latency = 3_000
    await world.advance(2 * MIN)
    const before = state(first).session!.generation
    await first.press()
    await world.advance(2_999)
    expect(state(first).session!.generation).toBe(before)
    await world.advance(1)
    expect(state(first).session!.generation).toBe(before + 1)
    await first.become({ user: { name: 'Grace' } })
    expect(state(first).user!.name).toBe('Ada')
    await world.advance(3_000)
    expect(state(first).user!.name).toBe('Grace')
  })

  test('a clock that is set wrong changes nothing', async () => {
    const { world, first } = await openTwo()
    await world.setClock(-90 * MIN)
    await world.advance(28 * MIN)
    expect(statuses(first)).toEqual(['warning'])
  })

  test('begins when it is told to', () => {
    expect(createTestWorld({ startAt: 1_000 }).now()).toBe(1_000)
  })

  test('runs all that it does within the act that it is given', async () => {
    const depth = { now: 0, calls: 0 }
    const world = createTestWorld({
      act: async (work) => {
        depth.now++
        depth.calls++
        await work()
        depth.now--
      },
    })
    const tab = world.openTab(ADA)
    const outside: string[] = []
    tab.session.subscribe(({ status }) => depth.now !== 1 && outside.push(status))
    await tab.warn()
    await tab.expire()
    await tab.become(ADA)
    await tab.press()
    await tab.freeze()
    await tab.thaw()
    await world.sleep(60 * MIN)
    expect(outside).toEqual([])
    expect(depth.calls).toBe(7)
  })
})
