import { advise } from './advice.ts'
import { SIGN_IN } from './call.ts'
import { AuthError, SessionOverError } from './errors.ts'
import type { Life } from './life.ts'
import { begun, toClaim } from './record.ts'
import type { Room } from './room.ts'
import type { Answer, Credentials, Held } from './types.ts'

export interface SignInRoom {
  /** Makes a new session this tab's own, and tells the others. */
  enter(held: Held): void
  /** Revokes what came too late, or is replaced. */
  discard(held: Held): void
  /** A sign-in has failed: what was put off for it is due now. */
  resume(): void
  /** No record could be kept. */
  lacksRecord(held: Held): void
}

/** Signing in: one attempt at a time, and none that outlives the page it was made on. */
export function createSignIn({ backend, platform, policy, app, shared, ask, log }: Room, life: Life, room: SignInRoom) {
  const { getState, show } = life
  let attempt: Promise<void> | null = null

  async function run(credentials: Credentials, isUnknown: boolean, isWanted: () => boolean): Promise<void> {
    const catchUp = life.stamp()
    const departedAt = platform.now()
    const heldOf = (answer: Answer): Held =>
      catchUp({
        id: platform.id(),
        epoch: Math.max(getState().session?.epoch ?? 0, shared.epoch()) + 1,
        generation: 1,
        signedInAt: departedAt,
        grant: { user: { key: null, name: credentials.username ?? '' }, ...answer, departedAt },
      })
    const held = heldOf(
      await ask(
        SIGN_IN,
        (call) => backend.signIn(credentials, call),
        (late) => room.discard(heldOf(late)),
      ),
    )
    const check = (isGood: boolean, error: () => Error) => {
      if (isGood) return
      room.discard(held)
      throw error()
    }
    const left = () => new SessionOverError()
    check(isWanted(), left)
    check(
      life.hasEnd(held.grant),
      () => new AuthError('malformed', `${backend.system}: the token has no known end. Set idleTimeout.`),
    )
    // What this tab had stored was not looked at yet, and never will be.
    const stored = isUnknown ? toClaim(await platform.load()) : null
    const record = await shared.update((found) => begun(found, app, held, held.signedInAt, shared.epoch()))
    check(isWanted(), left)
    if (record === undefined) room.lacksRecord(held)
    room.enter(record ? { ...held, epoch: record.epoch } : held)
    if (stored) room.discard(stored.held)
    advise(backend, platform, policy, held.grant)
  }

  return {
    /** Joins the attempt under way, or makes one. */
    signIn(credentials: Credentials): Promise<void> {
      if (attempt) return attempt
      const before = getState()
      const isUnknown = life.isUnknown()
      if (!before.session) show({ status: 'signing-in' })
      const mine: Promise<void> = run(credentials, isUnknown, () => attempt === mine)
        .catch((error) => {
          log('sign-in-failed', error.kind && `${error.kind}: ${error.message}`)
          throw error
        })
        .finally(() => {
          if (attempt !== mine) return
          attempt = null
          if (getState().status !== 'signing-in') return
          show({ status: isUnknown ? 'restoring' : 'signed-out' })
          room.resume()
        })
      attempt = mine
      return mine
    },
    /** Leaves the attempt under way: what it answers is revoked. */
    abandon(): void {
      attempt = null
      if (getState().status === 'signing-in') show({ status: 'signed-out' })
    },
  }
}
