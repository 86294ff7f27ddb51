import type { SessionEvent } from '../../src/core/events.ts'
import { createMockBackend, memoryStore } from '../../src/mock/index.ts'
import { createWorld } from '../../src/testing/world.ts'
import { type Desk, openDesk, type Plant } from './desk.ts'
import { createRandom } from './random.ts'
import { ORIGIN, type SoakSystem } from './systems.ts'

const S = 1_000
const MIN = 60 * S
const HOUR = 60 * MIN
const DAY = 24 * HOUR
const NINE = 9 * HOUR
const MONDAY = Date.UTC(2026, 0, 5, 8)
const PEOPLE = [
  { username: 'analyst@example.com', password: 'bug#1' },
  { username: 'lead@example.com', password: 'bug#2' },
] as const

/** People, their tabs and a server, on a clock moved by hand: each call of `day` is one day, from three at night to the next. */
export function createOffice({ backend: make, policy, data }: SoakSystem, seed: number, plant: Plant) {
  const random = createRandom(seed)
  const world = createWorld(MONDAY)
  const store = memoryStore({ now: world.trueNow })
  const server = createMockBackend({ now: world.trueNow, store, pbkdf2Iterations: 1, sleep: async () => {} })
  const fetch = world.fetch(server.fetch)
  const backend = make(fetch)
  const counts: Record<string, number> = {}
  /** What goes wrong or on for a while, and how it ends. */
  let under: { readonly until: number; readonly end: () => unknown }[] = []
  let person: (typeof PEOPLE)[number] = PEOPLE[0]

  const count = (event: string) => {
    counts[event] = (counts[event] ?? 0) + 1
  }
  const between = (least: number, most: number) => least + random() * (most - least)
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!

  const options = {
    core: { name: 'soak', handOver: true, log: ({ type }: SessionEvent) => count(type), ...policy },
    backend,
    load: (headers: Record<string, string>) => fetch(ORIGIN + data, { headers }),
    plant,
    count,
  }
  const frozen = new Set<Desk>()
  // Two stay open for as long as it takes; the third comes and goes.
  const lasting = [openDesk(world.openTab(), options), openDesk(world.openTab(), options)] as const
  let third: Desk | null = null
  let front: Desk = lasting[0]
  lasting[1].tab.hide()

  /** Time passes, and what is under way for a while comes to its end. */
  async function pass(ms: number): Promise<void> {
    const until = world.trueNow() + ms
    for (;;) {
      const [next] = under.filter((one) => one.until <= until).sort((a, b) => a.until - b.until)
      await world.advance(Math.max(0, (next ? next.until : until) - world.trueNow()))
      if (!next) return
      under = under.filter((one) => one !== next)
      await next.end()
    }
  }

  const forAWhile = (ms: number, end: () => unknown) => under.push({ until: world.trueNow() + ms, end })

  async function closeLid(ms: number): Promise<void> {
    await world.sleep(ms)
    await pass(0)
    if (!frozen.has(front)) front.tab.show()
    await world.settle()
  }

  async function lookAt(desk: Desk): Promise<void> {
    if (frozen.delete(desk)) await desk.tab.thaw()
    if (front !== desk) front.tab.hide()
    front = desk
    desk.tab.show()
    await world.settle()
  }

  async function closeThird(isCrash = random() < 0.5): Promise<void> {
    if (!third) return
    if (front === third) await lookAt(oneOf(lasting))
    frozen.delete(third)
    third.close(isCrash)
    third = null
    count(isCrash ? 'tab crashed' : 'tab closed')
  }

  const signIn = (desk: Desk, who = person) => void desk.signIn(who).catch(() => count('sign-in failed'))

  /** Somebody at the screen does what it asks for, or just works. */
  async function work(): Promise<void> {
    const status = front.status()
    if (status === 'signed-out') {
      if (random() < 0.05) await front.signIn({ ...person, password: 'wrong' }).catch(() => count('wrong password'))
      signIn(front)
    } else if (status === 'warning' && random() < 0.8) void front.stay()
    for (let presses = between(1, 8); presses > 0; presses--) {
      front.tab.press(random() < 0.5)
      await pass(between(1, 6) * S)
    }
  }

  const pause = () => {
    const kind = random()
    return kind < 0.6
      ? between(3, 30) * S
      : kind < 0.9
        ? between(0.5, 4) * MIN
        : between(5, kind < 0.98 ? 20 : 75) * MIN
  }

  const incidents: Record<string, () => unknown> = {
    'tab opened': async () => {
      await closeThird()
      third = openDesk(world.openTab(), options)
      await lookAt(third)
    },
    'tab duplicated': async () => {
      const from = front.tab
      await closeThird()
      third = openDesk(world.openTab({ duplicate: from }), options)
      await lookAt(third)
    },
    'tab left': () => lookAt(oneOf([...lasting, ...(third ? [third] : [])])),
    'tab gone': () => closeThird(),
    frozen: () => {
      const desk = oneOf([...lasting, ...(third ? [third] : [])].filter((one) => one !== front && !frozen.has(one)))
      if (!desk) return
      desk.tab.freeze()
      frozen.add(desk)
      forAWhile(between(5, 120) * MIN, async () => {
        if (!frozen.delete(desk)) return
        await desk.tab.thaw()
        if (desk !== front) desk.tab.hide()
      })
    },
    remounted: () => {
      for (const desk of lasting) desk.remount()
    },
    'signed out': () => front.signOut(),
    'user switched': async () => {
      person = person === PEOPLE[0] ? PEOPLE[1] : PEOPLE[0]
      if (random() < 0.5) front.signOut()
      await pass(S)
      signIn(front)
    },
    'signed in twice at once': () => {
      for (const [i, desk] of lasting.entries()) if (!frozen.has(desk)) signIn(desk, PEOPLE[i])
    },
    'server down': () => {
      world.network.down = true
      forAWhile(between(0.5, 20) * MIN, () => {
        world.network.down = false
      })
    },
    'server slow': () => {
      world.network.latency = between(0.2, 12) * S
      forAWhile(between(1, 5) * MIN, () => {
        world.network.latency = 0
      })
    },
    'answers lost': () => {
      world.network.loseAnswers = true
      forAWhile(between(0.5, 3) * MIN, () => {
        world.network.loseAnswers = false
      })
    },
    'sessions revoked': () => server.revokeAll(),
    'keys rotated': () => server.rotateKeys(),
    'clock set': () => world.setClock(between(-3, 3) * S),
    'kept awake': () => {
      if (front.status() !== 'active') return
      forAWhile(between(10, 90) * MIN, front.keepAwake('Import', { max: HOUR }))
    },
    'lid closed': () => closeLid(between(1, 50) * MIN),
  }

  async function workUntil(moment: number): Promise<void> {
    while (world.trueNow() < moment) {
      await work()
      if (random() < 0.12) {
        const name = oneOf(Object.keys(incidents))
        await incidents[name]!()
        count(name)
      }
      await pass(pause())
    }
  }

  const todayAt = (time: number) => Math.floor(world.trueNow() / DAY) * DAY + time

  async function workday(): Promise<void> {
    await closeLid(Math.max(0, todayAt(NINE) - world.trueNow()) + between(0, 20) * MIN)
    person = oneOf(PEOPLE)
    await workUntil(todayAt(NINE + between(3, 4) * HOUR))
    if (random() < 0.5) await closeLid(between(20, 60) * MIN)
    else await pass(between(20, 75) * MIN)
    await workUntil(todayAt(NINE + between(8, 10) * HOUR))
    if (random() < 0.5) front.signOut()
  }

  /** Everyone is gone; two hours are enough for any session to end, and to be revoked. */
  async function nightfall(): Promise<void> {
    for (const { end } of under.splice(0)) await end()
    for (const desk of [...frozen]) {
      frozen.delete(desk)
      await desk.tab.thaw()
    }
    await closeThird(false)
    for (const desk of lasting) desk.tab.hide()
    await pass(2 * HOUR)
  }

  return {
    counts,
    /** Three at night to three at night; nobody comes at the weekend. */
    async day(): Promise<void> {
      const end = todayAt(DAY + 3 * HOUR)
      if (![0, 6].includes(new Date(world.trueNow()).getUTCDay())) {
        await workday()
        await nightfall()
      }
      await world.sleep(Math.max(0, end - world.trueNow()))
      await world.settle()
    },
    /** What the server holds, before it is started anew as it is each night: its list of requests seen is long by design. */
    async restart(): Promise<number> {
      const held = store.size()
      await server.reset()
      return held
    },
    /** Everything is disposed of; how many alarms, listeners and turns are left in the world all the same. */
    async close(): Promise<number> {
      for (const desk of lasting) desk.leave()
      await world.advance(MIN)
      return world.loose()
    },
    /** What each night must leave as it was. */
    census: () => ({
      loose: world.loose(),
      listeners: lasting.reduce((sum, { tab }) => sum + tab.listeners(), 0),
      signedIn: lasting.filter(({ getState }) => getState().session).length,
      errors: lasting.reduce((sum, { tab }) => sum + tab.errors.length, 0),
    }),
  }
}
