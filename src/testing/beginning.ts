import type { Life } from '../core/life.ts'
import { limits } from '../core/policy.ts'
import { begun, toRecord } from '../core/record.ts'
import { lastUserOf } from '../core/state.ts'
import type { EndReason, Grant, Held, Policy, Status } from '../core/types.ts'
import { answerOf, type TestBackend, type TestPerson } from './test-backend.ts'
import type { World } from './world.ts'

/** The name of every session of a pretend world. */
export const APP = 'test'

export interface Beginning extends TestPerson {
  /** `'active'` where somebody is named; `'restoring'` and `'signing-in'` wait for `become`; StrictMode, which mounts a login page twice, gives a sign-in up. */
  readonly status?: Status
  /** How long it is until the session ends, in ms, unless someone acts. */
  readonly endsIn?: number
  /** Why the last session ended; with status `'signed-out'`. */
  readonly reason?: EndReason
}

/** When somebody signed in whose session is as the beginning says; throws a `RangeError` where no such session can be. */
function sinceWhen({ status, endsIn }: Beginning, policy: Policy, tokenLife: number, now: number): number {
  const { idle, lead } = limits({ departedAt: 0, expiresAt: tokenLife } as Grant, policy)
  const full = Math.min(idle, tokenLife, policy.sessionLimit ?? Infinity)
  const [least, most] = status === 'warning' ? [0, lead] : status === 'active' ? [lead, full] : [0, full]
  const ms = endsIn ?? most
  if (!(ms > least && ms <= most))
    throw new RangeError(
      `endsIn must be over ${least} and at most ${most} ms ${status ? `for the status "${status}" ` : ''}under this policy, and is ${ms}`,
    )
  return now + ms - full
}

/** A session as a server would have given it; it stands in the world's record. */
export function enter(world: World, id: string, server: TestBackend, who: TestPerson, departedAt: number): Held {
  const grant = { ...server.answer(departedAt), ...answerOf(who), departedAt }
  const held = { id, epoch: 0, generation: 1, signedInAt: departedAt, username: grant.user.name, grant }
  const record = begun(toRecord(world.record, APP), APP, held, departedAt, 0)
  world.record = record
  return { ...held, epoch: record.epoch }
}

/** Brings the life of a session to where it is to begin. */
export function beginningOf(
  beginning: Beginning,
  policy: Policy,
  tokenLife: number,
  enterAt: (departedAt: number) => Held,
  now: number,
): (life: Life) => void {
  const { status, reason, user } = beginning
  if (reason || status === 'signed-out' || status === 'signing-in') {
    const lastUser =
      reason && user ? lastUserOf({ grant: answerOf(beginning), username: user.name } as Held, reason) : null
    const revocation = reason ? ('revoked' as const) : null
    return ({ show }) =>
      show({ status: 'signed-out', reason: reason ?? null, endedHere: !!reason, revocation, lastUser })
  }
  const held = enterAt(sinceWhen(beginning, policy, tokenLife, now))
  return ({ adopt }) => adopt(held, held.signedInAt)
}
