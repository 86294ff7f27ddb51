import { advise } from './advice.ts'
import { SIGN_IN } from './call.ts'
import { AuthError, SessionOverError } from './errors.ts'
import type { Life } from './life.ts'
import { limits } from './policy.ts'
import { begun } from './record.ts'
import type { Room } from './room.ts'
import type { Credentials, Held } from './types.ts'

export interface SignInRoom {
  /** Makes a new session this tab's own, and tells the others. */
  enter(held: Held): void
  /** Revokes what came too late. */
  discard(held: Held): void
  /** A sign-in that began before the stored session was looked at has failed: look now. */
  restore(): void
}

/** Signing in: one attempt at a time, and none that outlives the page it was made on. */
export function createSignIn({ backend, platform, policy, app, shared, ask }: Room, life: Life, room: SignInRoom) {
  const { getState, show } = life
  let attempt: Promise<void> | null = null

  async function run(credentials: Credentials, isWanted: () => boolean): Promise<void> {
    const departedAt = life.look()
    const answer = await ask(SIGN_IN, (call) => backend.signIn(credentials, call))
    const user = { key: null, name: credentials.username ?? '' }
    const held: Held = {
      id: platform.id(),
      epoch: (getState().session?.epoch ?? 0) + 1,
      generation: 1,
      signedInAt: departedAt,
      grant: { user, ...answer, departedAt },
    }
    const check = (isGood: boolean, error: () => Error) => {
      if (isGood) return
      room.discard(held)
      throw error()
    }
    const left = () => new SessionOverError()
    check(isWanted(), left)
    check(
      !Number.isNaN(limits(held.grant, policy).idle),
      () => new AuthError('malformed', `${backend.system}: the token has no known end. Set idleTimeout.`),
    )
    const record = await shared.update((found) => begun(found, app, held, departedAt))
    check(isWanted(), left)
    room.enter(record ? { ...held, epoch: record.epoch } : held)
    advise(backend, platform, policy, held.grant)
  }

  return {
    /** Joins the attempt under way, or makes one. */
    signIn(credentials: Credentials): Promise<void> {
      if (attempt) return attempt
      const before = getState()
      if (!before.session) show({ status: 'signing-in' })
      const mine: Promise<void> = run(credentials, () => attempt === mine).finally(() => {
        if (attempt !== mine) return
        attempt = null
        if (getState().status !== 'signing-in') return
        show({ status: before.status })
        if (before.status === 'restoring') room.restore()
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
