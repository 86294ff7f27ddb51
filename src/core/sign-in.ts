import { explain } from './advice.ts'
import { SIGN_IN } from './call.ts'
import { REVOKING, sharesCookie } from './ending.ts'
import { endless, SessionOverError } from './errors.ts'
import type { Life } from './life.ts'
import { begun, toClaim } from './record.ts'
import type { Room } from './room.ts'
import type { Answer, Credentials, Held } from './types.ts'

/** How long a sign-in waits for a sign-out under way. */
const PATIENCE = 12_000

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
export function createSignIn({ backend, platform, app, shared, ask, emit }: Room, life: Life, room: SignInRoom) {
  const { getState, show } = life
  // The attempt that is still wanted; what was asked for has a password in it, and goes when it does.
  let attempt: { readonly asked: string; outcome: Promise<void> } | null = null
  let abandoned = 0

  /** Where all sessions share one cookie, no sign-out under way in any tab may take the new one for the old. */
  async function inTurn(work: () => Promise<true>, isWanted: () => boolean): Promise<void> {
    const turn = async () => {
      if (!isWanted()) throw new SessionOverError()
      return work()
    }
    if (!sharesCookie(backend)) await work()
    else if (!(await platform.exclusive(REVOKING, PATIENCE, turn))) await turn()
  }

  async function run(credentials: Credentials, isUnknown: boolean, isWanted: () => boolean): Promise<true> {
    const catchUp = life.stamp()
    const departedAt = platform.now()
    const heldOf = (answer: Answer): Held => ({
      id: platform.id(),
      epoch: Math.max(getState().session?.epoch ?? 0, shared.epoch()) + 1,
      generation: 1,
      signedInAt: departedAt,
      ...(credentials.username && { username: credentials.username }),
      grant: { user: { key: null, name: credentials.username ?? '' }, ...answer, departedAt },
    })
    const answered = heldOf(
      await ask(
        SIGN_IN,
        (call) => backend.signIn(credentials, call),
        (late) => room.discard(catchUp(heldOf(late))),
      ),
    )
    const held = catchUp(answered)
    const check = (isGood: boolean, error: () => Error) => {
      if (isGood) return
      room.discard(held)
      throw error()
    }
    const left = () => new SessionOverError()
    check(isWanted(), left)
    const checkEnd = () => check(life.hasEnd(held.grant), () => endless(backend))
    checkEnd()
    // What this tab had stored was not looked at yet, and never will be.
    const stored = isUnknown ? toClaim(await platform.load()) : null
    const record = await shared.update((found) => begun(found, app, held, held.signedInAt, shared.epoch()))
    check(isWanted(), left)
    // Another policy may have been set meanwhile.
    checkEnd()
    if (record === undefined) room.lacksRecord(held)
    // The clock may have been set back while the record took its time.
    room.enter(catchUp(record ? { ...answered, epoch: record.epoch } : answered))
    if (stored) room.discard(stored.held)
    return true
  }

  /** Joins the attempt under way if it is for the same, or makes one after it. */
  function signIn(credentials: Credentials): Promise<void> {
    const asked = JSON.stringify(credentials)
    if (attempt?.asked === asked) return attempt.outcome
    if (attempt) {
      const before = abandoned
      const next = () => {
        if (before !== abandoned) throw new SessionOverError()
        return signIn(credentials)
      }
      return attempt.outcome.then(next, next)
    }
    const isUnknown = life.isUnknown()
    if (!getState().session) show({ status: 'signing-in' })
    const mine = { asked, outcome: Promise.resolve() }
    const isWanted = () => attempt === mine
    // Before it begins: the first it does is to ask whether it is wanted.
    attempt = mine
    mine.outcome = inTurn(() => run(credentials, isUnknown, isWanted), isWanted)
      .catch((error) => {
        explain(platform, error)
        const { kind, status = null, message } = error
        if (kind) emit('failed', null, { during: 'sign-in', kind, status, message })
        throw error
      })
      .finally(() => {
        if (!isWanted()) return
        attempt = null
        if (getState().status !== 'signing-in') return
        show({ status: isUnknown ? 'restoring' : 'signed-out' })
        room.resume()
      })
    return mine.outcome
  }

  return {
    signIn,
    /** Leaves the attempt under way: what it answers is revoked. */
    abandon(): void {
      abandoned++
      attempt = null
      if (getState().status === 'signing-in') show({ status: 'signed-out' })
    },
  }
}
