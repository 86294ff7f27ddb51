import { limits } from '../core/policy.ts'
import type { SessionCore } from '../core/session.ts'
import type { EndReason, Policy } from '../core/types.ts'
import type { TestBackend } from './test-backend.ts'
import type { TestSession } from './types.ts'
import type { World } from './world.ts'

/** What may be in between: a refresh holds a warning back by some seconds, and the end is looked into before it comes. */
const A_WHILE = 30_000

interface ControlRoom {
  readonly world: World
  readonly session: SessionCore
  readonly policy: Policy
  /** The built-in server, where the session is of it. */
  readonly server?: TestBackend
  run(work: () => unknown): Promise<void>
}

/** What brings a session to its warning or its end by the ways that real ones take. */
export function createControls({
  world,
  session,
  policy,
  server,
  run,
}: ControlRoom): Pick<TestSession, 'warn' | 'expire'> {
  const { getState } = session
  const isOver = () => getState().status === 'signed-out'

  function held(what: string) {
    const { session: held, deadline } = getState()
    if (!held || deadline === null)
      throw new Error(`${what}: nobody is signed in here, the status is "${getState().status}"`)
    return { held, left: deadline - world.now() }
  }

  async function warn(): Promise<void> {
    const isWarning = () => getState().status === 'warning'
    const { left } = held('warn()')
    await world.advance(left + A_WHILE, () => isWarning() || isOver())
    if (isWarning()) return
    const why = isOver() ? `the session ended by "${getState().reason}" before` : 'something keeps the session awake'
    throw new Error(`warn(): no warning opened: ${why}`)
  }

  /** Someone is there all the time, until the session is over in spite of that. */
  async function whileActive(most: number): Promise<void> {
    const { idle, lead } = limits(held('expire()').held.grant, policy)
    const step = (idle - lead) / 2
    for (let passed = 0; passed <= most && !isOver(); passed += step) {
      session.touch()
      await world.advance(step, isOver)
    }
  }

  const ways: Record<Exclude<EndReason, 'replaced'>, () => Promise<void> | void> = {
    user: session.signOut,
    idle: async () => {
      await world.advance(held("expire('idle')").left + A_WHILE, isOver)
    },
    limit: async () => {
      if (policy.sessionLimit === null)
        throw new Error(
          "expire('limit'): this session has no limit. Give createTestSession({ sessionLimit: 8 * 3_600_000 }).",
        )
      await whileActive(policy.sessionLimit + A_WHILE)
    },
    expired: async () => {
      const { network } = world
      const { down } = network
      const { held: mine } = held("expire('expired')")
      network.down = true
      try {
        await whileActive((mine.grant.expiresAt ?? 0) - world.now() + A_WHILE)
      } finally {
        network.down = down
      }
    },
    refused: async () => {
      const { grant } = held("expire('refused')").held
      if (!server)
        throw new TypeError(
          "expire('refused') is of the built-in server: have yours end the session, and send a request",
        )
      server.end(grant)
      // As a request does that was told so.
      await Promise.race([session.grant(grant).catch(() => {}), world.settle()])
    },
  }

  async function expire(reason: keyof typeof ways = 'idle'): Promise<void> {
    held(`expire('${reason}')`)
    const way = ways[reason]
    if (!way) throw new TypeError(`expire(): the reason must be ${Object.keys(ways).join(', ')}, and is ${reason}`)
    await way()
    await world.settle()
    const { status, reason: ended } = getState()
    if (!isOver() || ended !== reason)
      throw new Error(
        `expire('${reason}'): ${isOver() ? `the session ended by "${ended}" instead` : `the session goes on, and its status is "${status}"`}`,
      )
  }

  return {
    warn: () => run(warn),
    expire: (reason) => run(() => expire(reason)),
  }
}
