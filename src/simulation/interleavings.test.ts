import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSessionCore } from '../core/session.ts'
import type { SharedRecord } from '../core/types.ts'
import { createMockBackend } from '../mock/index.ts'
import { createWorld } from '../testing/world.ts'
import { MIN, S, USERS } from './stage.ts'
import { SYSTEMS, type SystemName } from './systems.ts'

const [ANALYST, LEAD] = USERS

/** Tabs whose messages, turns, records and requests arrive in whatever order fast-check chooses. */
function createScene(scheduler: fc.Scheduler, system: SystemName) {
  // Transactions keep their order.
  const transactions: (() => void)[] = []
  const world = createWorld(undefined, (wire, deliver) => {
    if (wire === 'record') transactions.push(deliver)
    const arrive = wire === 'record' ? () => transactions.shift()!() : deliver
    void scheduler.schedule(Promise.resolve(), wire).then(arrive)
  })
  const server = createMockBackend({ now: world.trueNow, pbkdf2Iterations: 1, sleep: async () => {}, control: false })
  const onTheWire = world.fetch(server.fetch)
  const fetch: typeof globalThis.fetch = async (input, init) => {
    await scheduler.schedule(Promise.resolve(), 'request')
    const response = await onTheWire(input, init)
    await scheduler.schedule(Promise.resolve(), 'response')
    return response
  }
  const refreshes: string[] = []
  const records: SharedRecord[] = []
  world.onRecord = (_, after) => void records.push(after as SharedRecord)

  function open() {
    const tab = world.openTab()
    const backend = SYSTEMS[system].make(fetch)
    const session = createSessionCore({
      backend: {
        ...backend,
        refresh(grant, call) {
          refreshes.push(grant.token.reveal())
          return backend.refresh!(grant, call)
        },
      },
      platform: tab,
      name: 'app',
      handOver: true,
    })
    session.start()
    return { ...session, tab, state: session.getState }
  }

  /** Everything that is on its way arrives, one thing at a time. */
  async function drain(): Promise<void> {
    for (await world.settle(); scheduler.count(); await world.settle()) await scheduler.waitOne()
  }
  /** Time passes, in which everything arrives. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += S / 2) {
      await drain()
      await world.advance(S / 2)
    }
    await drain()
  }
  const alive = async () => (await server.sessions()).filter(({ endedAt }) => !endedAt)
  return { world, server, open, pass, drain, refreshes, records, alive }
}

async function withTabs(scheduler: fc.Scheduler, system: SystemName, count: number) {
  const scene = createScene(scheduler, system)
  const tabs = Array.from({ length: count }, () => scene.open())
  await scene.pass(2 * S)
  const done = tabs[0]!.signIn(ANALYST)
  await scene.pass(3 * S)
  await done
  return { ...scene, tabs }
}

/** That the record only ever goes on: from epoch to epoch, and from generation to generation in one. */
function expectOnward(records: readonly SharedRecord[]): void {
  const places = records.map(({ epoch, generation }) => epoch * 1_000 + generation)
  expect(places).toEqual([...places].sort((a, b) => a - b))
}

const explored = (work: (scheduler: fc.Scheduler, choice: number) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.nat(999), (scheduler, choice) => work(scheduler, choice)),
    { numRuns: Number(process.env.INTERLEAVINGS ?? 60), endOnFailure: false },
  )

describe.each(['eclecticiq', 'rest'] as const)('on %s, in whatever order things arrive,', (system) => {
  test('three tabs in which somebody is active at once send one refresh, and all have what it brought', () =>
    explored(async (scheduler) => {
      const { tabs, world, pass, refreshes, records } = await withTabs(scheduler, system, 3)
      await world.advance(MIN)
      for (const { tab } of tabs) tab.press()
      await pass(4 * S)
      expect(refreshes).toHaveLength(1)
      for (const tab of tabs) await pass(0).then(() => expect(tab.state().status).toBe('active'))
      const grants = Promise.all(tabs.map((tab) => tab.getToken()))
      await pass(3 * S)
      expect(new Set(await grants).size).toBe(1)
      expectOnward(records)
    }))

  test('signing out beats a refresh: nobody is signed in, and nothing lives at the server', () =>
    explored(async (scheduler, choice) => {
      const { tabs, world, pass, drain, records, alive } = await withTabs(scheduler, system, 2)
      await world.advance(MIN)
      tabs[0]!.tab.press()
      await world.settle()
      for (let arrived = choice % 12; arrived && scheduler.count(); arrived--) await scheduler.waitOne()
      tabs[choice % 2]!.signOut()
      await drain()
      await pass(15 * S)
      for (const tab of tabs) expect(tab.state()).toMatchObject({ status: 'signed-out', reason: 'user', token: null })
      expect(await alive()).toEqual([])
      expectOnward(records)
    }))

  test('of two sign-ins at once one session comes, the same in both tabs, and the other is revoked', () =>
    explored(async (scheduler, choice) => {
      const { open, pass, alive, records } = createScene(scheduler, system)
      const [one, two] = [open(), open()]
      await pass(2 * S)
      const both = Promise.allSettled([one.signIn(ANALYST), two.signIn(choice % 2 ? LEAD : ANALYST)])
      await pass(20 * S)
      await both
      expect(one.state().status).toBe('active')
      expect(one.state().session!.id).toBe(two.state().session!.id)
      expect(one.state().user).toEqual(two.state().user)
      expect(await alive()).toHaveLength(1)
      expectOnward(records)
    }))

  test('a tab that wakes while another signs in as somebody else holds nothing of the first', () =>
    explored(async (scheduler, choice) => {
      const { tabs, world, pass, records } = await withTabs(scheduler, system, 2)
      const [here, away] = [tabs[0]!, tabs[1]!]
      away.tab.freeze()
      await world.advance(2 * MIN)
      const signedIn = here.signIn(LEAD)
      for (let arrived = choice % 9; arrived && scheduler.count(); arrived--) await scheduler.waitOne()
      const back = away.tab.thaw()
      away.tab.press()
      await pass(15 * S)
      await Promise.all([signedIn, back])
      expect(away.state().user?.key).toBe(here.state().user!.key)
      expect(away.state().session!.id).toBe(here.state().session!.id)
      expectOnward(records)
    }))

  test('a tab that wakes past its own idle end, while another is active, ends nothing', () =>
    explored(async (scheduler, choice) => {
      const { tabs, world, pass, drain, records } = await withTabs(scheduler, system, 2)
      const [here, away] = [tabs[0]!, tabs[1]!]
      const { deadline } = away.state()
      away.tab.freeze()
      while (world.now() < deadline! + MIN) {
        await world.advance(4 * MIN)
        here.tab.press()
        await drain()
      }
      here.tab.press()
      for (let arrived = choice % 7; arrived && scheduler.count(); arrived--) await scheduler.waitOne()
      const back = away.tab.thaw()
      await pass(15 * S)
      await back
      for (const tab of tabs) expect(tab.state()).toMatchObject({ status: 'active', reason: null })
      expectOnward(records)
    }))
})
