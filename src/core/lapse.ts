import { endOf, type Follow } from './follow.ts'
import type { Life } from './life.ts'
import { limits, type Verdict } from './policy.ts'
import { ended, isLive } from './record.ts'
import type { Finish, Room } from './room.ts'
import { NOBODY } from './state.ts'
import type { Cause, EndReason, Held, SharedRecord } from './types.ts'

const REASONS: Record<Cause, EndReason> = { idle: 'idle', limit: 'limit', token: 'expired' }

/** The end of a session by time: over by all this tab knows, but a tab may have been away. */
export function createLapse(
  { policy, shared }: Room,
  life: Life,
  { take, follow, believable }: Follow,
  finish: Finish,
) {
  let lapsing: Held | null = null

  /** Nothing private shows or leaves from here on, while the record, or the siblings, have the last word. */
  async function lapse(over: Held, cause: Cause): Promise<void> {
    let reason = REASONS[cause]
    const catchUp = life.stamp()
    const isOpen = () => lapsing === over
    const activeBy = (record: SharedRecord) => Math.max(life.lastActive(), believable(record.lastActive))
    lapsing = over
    life.show({ ...NOBODY, status: 'restoring' })

    const verdictBy = (record: SharedRecord): Verdict => {
      const held = catchUp(over)
      const now = life.look()
      const isNewer = record.generation > held.generation
      const grant = isNewer ? { ...held.grant, expiresAt: now + limits(held.grant, policy).life } : held.grant
      return life.verdictOn({ ...held, grant }, now, activeBy(record))
    }
    let here = false
    const record = await shared.amend(over.id, (found) => {
      if (!isOpen()) return null
      const verdict = verdictBy(found)
      here = verdict.phase === 'over'
      if (!here) return null
      reason = REASONS[verdict.cause]
      return ended(found, reason)
    })
    if (!isOpen()) return

    if (record && isLive(record, over.id)) {
      // Another tab kept it alive while this one was away.
      const isNewer = record.generation > over.generation
      if ((isNewer && (await take(record))) || !isOpen()) return
      const held = catchUp(over)
      // Nobody hands it over: ours, while it lives; else it is over for this tab alone.
      if (life.verdictOn(held, life.look(), activeBy(record)).phase !== 'over') life.adopt(held, activeBy(record))
      else finish(held, 'expired', 'quietly')
      return
    }
    if (!record && ((await take({ sessionId: over.id, generation: over.generation })) || !isOpen())) return
    const isReplaced = record && record.sessionId !== over.id
    finish(catchUp(over), isReplaced ? 'replaced' : (endOf(over, record) ?? reason), here || !record ? 'here' : 'there')
    if (isReplaced) await follow(record)
  }

  return {
    lapse: (over: Held, cause: Cause): Promise<void> =>
      lapse(over, cause).finally(() => {
        if (lapsing === over) lapsing = null
      }),
    /** The session whose end is being looked into. */
    lapsing: () => lapsing,
    /** That session needs no looking into any more. */
    forget: () => {
      lapsing = null
    },
  }
}
