import type { Follow } from './follow.ts'
import type { Life } from './life.ts'
import type { Refresh } from './refresh.ts'
import type { Room } from './room.ts'
import type { Held } from './types.ts'

/** Activity goes to the other tabs at most this often. */
const SHARE_EVERY = 1_000

/** Someone is here: what counts, and who is told. */
export function createPresence(
  { policy, shared, emit }: Room,
  life: Life,
  { follow, believable }: Follow,
  { refresh, isRefreshing }: Refresh,
) {
  const { getState, show, look, tick } = life
  let sharedAt = -Infinity

  /** Tells the other tabs when someone was last here, and learns what they know. */
  function share(): void {
    const { session } = getState()
    const now = look()
    if (!session || Math.abs(now - sharedAt) < SHARE_EVERY) return
    sharedAt = now
    shared.say({ kind: 'active', sessionId: session.id, at: life.lastActive() })
    void shared
      .amend(session.id, (record) => ({
        ...record,
        lastActive: Math.max(believable(record.lastActive), life.lastActive()),
      }))
      .then(follow)
  }

  function extended(): void {
    const { session, deadline } = getState()
    if (session) emit('extended', session.id, { by: 'stay', deadline: deadline! })
    sharedAt = -Infinity
    share()
  }

  return {
    /** The clock was set back: the record's moment moves along, unless another tab was quicker or someone has been here since. */
    setBack({ id }: Held, by: number): void {
      void shared.amend(id, (record) => {
        const isOld = record.lastActive === life.lastActive() - by || !believable(record.lastActive)
        return isOld ? { ...record, lastActive: life.lastActive() } : null
      })
    },

    /** "Stay signed in" is confirmed. */
    extended,

    async stay(): Promise<boolean> {
      tick()
      const { session, extendable } = getState()
      if (!session || !extendable) return false
      const now = look()
      if (life.verdictOn(session, now).outlives) {
        life.count(now, 'stay')
        extended()
      } else {
        life.want(now)
        if (isRefreshing()) await refresh()
        else show({ staying: false })
      }
      return getState().session?.id === session.id && !life.isWanted()
    },

    touch(strong = true): void {
      tick()
      const { status } = getState()
      if (status === 'active' || (status === 'warning' && strong && policy.activityDuringWarning === 'extend')) {
        life.count(look(), 'activity')
        share()
      }
    },
  }
}
