import { createMockBackend } from '../mock/index.ts'
import { type Carry, createWorld } from '../testing/world.ts'
import { createChance } from './chance.ts'
import type { MESSAGES, NETWORKS, RECORDS, Setup } from './history.ts'
import { SYSTEMS } from './systems.ts'

export const S = 1_000
export const MIN = 60 * S
export const USERS = [
  { username: 'analyst@example.com', password: 'bug#1' },
  { username: 'lead@example.com', password: 'bug#2' },
] as const

const STARTS_AT = Date.UTC(2026, 0, 5, 9)

export type Stage = ReturnType<typeof createStage>

/** The world, the server in it, and all that may be wrong with either. */
export function createStage(setup: Setup) {
  const chance = createChance(setup.chance)
  const is = {
    network: 'up' as (typeof NETWORKS)[number],
    messages: 'prompt' as (typeof MESSAGES)[number],
    record: 'prompt' as (typeof RECORDS)[number],
    /** By how much timers are late, in ms. */
    late: 0,
  }
  // Since when all is well with each, by the time that has passed.
  const wellSince = { network: 0, messages: 0, record: 0, late: 0 }

  let recordAt = 0
  const carry: Carry = (wire, deliver) => {
    const within = (ms: number) => world.after(chance.upTo(ms), deliver)
    if (wire === 'record') {
      // One after the other, as transactions are.
      const wait = is.record === 'slow' ? chance.upTo(2_500) : chance.is(0.7) ? 0 : chance.upTo(20)
      recordAt = Math.max(recordAt, world.elapsed() + wait)
      if (recordAt === world.elapsed()) queueMicrotask(deliver)
      else world.after(recordAt - world.elapsed(), deliver)
    } else if (wire === 'turn') queueMicrotask(deliver)
    else if (is.messages === 'lost' && chance.is(0.5)) return
    else if (is.messages === 'slow') within(450)
    else {
      if (chance.is(0.7)) queueMicrotask(deliver)
      else within(20)
      if (is.messages === 'twice') within(1_500)
    }
  }

  const world = createWorld(STARTS_AT, carry)
  world.setClock(setup.clock)
  const { longest } = SYSTEMS[setup.system]
  const server = createMockBackend({
    now: world.trueNow,
    pbkdf2Iterations: 1,
    refreshGrace: setup.grace,
    ttl: Math.min(setup.ttl, longest),
    // What the server waits is the network's latency here.
    sleep: async () => {},
    control: false,
  })

  const pause = (ms: number) => new Promise<void>((resolve) => world.after(ms, resolve))
  const noAnswer = () => new TypeError('fetch failed')

  /** One request on its way: there, and back. */
  async function carryRequest(request: Request): Promise<Response> {
    const { url, method, headers, signal } = request
    const body = request.body && (await request.text())
    const how = is.network === 'mixed' ? chance.oneOf(MIXED) : is.network
    if (how === 'down') {
      await pause(chance.upTo(300))
      throw noAnswer()
    }
    await pause(how === 'crawling' ? chance.upTo(6_000) : how === 'slow' ? chance.upTo(1_800) : chance.upTo(40))
    if (signal.aborted || (how === 'hanging' && chance.is(0.5))) return new Promise(() => {})
    const response = await world.perform(async () => {
      if (how === 'failing') {
        const status = chance.oneOf([500, 502, 503, 429, 408])
        const retryAfter = status === 429 || status === 503 ? { retryAfter: chance.upTo(20) } : {}
        server.setFaults({ status, ...retryAfter })
      } else if (how === 'garbled')
        server.setFaults({ malformed: chance.oneOf(['json', 'html', 'empty', 'shape'] as const) })
      else server.setFaults({})
      const answer = await server.fetch(url, { method, headers, body })
      server.setFaults({})
      return new Response(await answer.text(), answer)
    })
    await pause(how === 'crawling' ? chance.upTo(8_000) : how === 'slow' ? chance.upTo(1_800) : chance.upTo(40))
    if (how === 'losing') throw noAnswer()
    if (how === 'hanging') return new Promise(() => {})
    return response
  }

  /** The browser's `fetch` over this network. */
  const fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const { signal } = request
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
      carryRequest(request).then(resolve, reject)
    })
  }

  return {
    setup,
    chance,
    world,
    server,
    fetch,
    is,
    elapsed: world.elapsed,
    /** Whether it has been well for so many ms. */
    isWell: (what: keyof typeof wellSince, ms = 0) => world.elapsed() - wellSince[what] >= ms,
    set<K extends keyof typeof is>(what: K, how: (typeof is)[K], isFine: boolean): void {
      is[what] = how
      wellSince[what] = !isFine ? Infinity : wellSince[what] < Infinity ? wellSince[what] : world.elapsed()
    },
  }
}

const MIXED = ['up', 'up', 'slow', 'down', 'losing', 'hanging', 'failing', 'garbled', 'crawling'] as const
