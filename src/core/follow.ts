import type { Life } from './life.ts'
import { AHEAD, begun, ended, isAhead, isLive } from './record.ts'
import type { Finish, Room } from './room.ts'
import type { EndReason, Held, SharedRecord, TabMessage } from './types.ts'

export type Follow = ReturnType<typeof createFollow>

/** Why the record says that this session has ended, if it does. */
export const endOf = (held: Held, record: SharedRecord | null | undefined): EndReason | undefined =>
  record?.sessionId === held.id ? record.endedReason : undefined

type Wanted = Pick<SharedRecord, 'sessionId' | 'generation'>

/** Brings this tab in line with the others: a tab that was away never has the last word. */
export function createFollow({ app, shared }: Room, life: Life, finish: Finish) {
  const { getState, show } = life
  // The session that this tab has left, and why: its end may not be in the record yet.
  let left: { id: string; epoch: number; reason: EndReason | null } = { id: '', epoch: 0, reason: null }
  // A session that began while no record could be kept.
  let unrecorded = ''
  // The last session that is known to be over: an answer on its way may still hold it.
  let over = ''
  // The session that this tab has seen in the record.
  let listed = ''
  // What no sibling could hand over, so that not every request asks again.
  let missing: Wanted | null = null

  const isMissing = ({ sessionId, generation }: Wanted) =>
    missing?.sessionId === sessionId && missing.generation === generation

  /** Whether the record was cleared with the site's data, and began anew with a later session: its epochs are no measure then. */
  const isAnew = (record: SharedRecord | null, { id }: Held) => listed === id && !!record && record.sessionId !== id

  /** Whether it tells of a session that was over before this one began, without a record to learn it from. */
  const isPast = (record: SharedRecord, { id, signedInAt }: Held) =>
    unrecorded === id && !!record.endedReason && record.lastActive < signedInAt

  /** Whether it holds a later session than this one: by its epoch, or where both began without knowing of each other. */
  const isLater = (record: SharedRecord, mine: Held): boolean =>
    record.epoch > mine.epoch ||
    isAnew(record, mine) ||
    (record.epoch === mine.epoch && record.sessionId !== mine.id && (record.signedInAt ?? 0) > mine.signedInAt)

  /** Looks at the record and follows it; never joins an earlier look, which may have seen an older record. */
  const sync = (): Promise<void> => shared.read().then(follow)

  /** Follows the record, never the other way round. */
  async function follow(record: SharedRecord | null | undefined): Promise<void> {
    show({ tabs: record === undefined ? 'alone' : 'shared' })
    if (record === undefined) return
    const mine = getState().session
    const isReplaced = mine && record && isLater(record, mine)
    const isUnlisted = mine && (!record || unrecorded === mine.id || (record.epoch < mine.epoch && !isReplaced))
    if (isUnlisted) return enroll(mine)
    if (!record) return

    if (mine && isLive(record, mine.id)) {
      listed = mine.id
      if (isAhead(record, mine) && !isMissing(record)) await take(record)
      return hear(mine.id, record.lastActive)
    }
    if (isReplaced) finish(mine, endOf(mine, record) ?? 'replaced', 'there')

    const { id, epoch, reason } = left
    if (isLive(record, id) && reason) return void (await shared.end(id, reason))
    const { status, lastUser } = getState()
    if (status !== 'signed-out') return
    if (lastUser && record.epoch > epoch) {
      if (record.endedReason === 'user') part(record.sessionId === id)
      // Somebody else has been here since.
      else if (record.userKey !== lastUser.key) show({ lastUser: null })
    }
    if (!record.endedReason) await take(record)
  }

  /** Whoever was here last has signed out for good, in another tab: nobody is waited for any more. */
  function part(isOurs: boolean): void {
    if (getState().lastUser) show({ lastUser: null, ...(isOurs && { reason: 'user', endedHere: false }) })
  }

  /** Writes a record for a session that has none: begun without one, or cleared with the site's data under a running page. */
  async function enroll(mine: Held): Promise<void> {
    const record = await shared.update((found) =>
      isLive(found, mine.id) || (found && !isPast(found, mine) && isLater(found, mine))
        ? null
        : begun(found, app, mine, life.lastActive(), Math.max(shared.epoch(), mine.epoch) - 1),
    )
    if (record !== undefined && unrecorded === mine.id) unrecorded = ''
  }

  /** Believes another tab on when someone was here, unless it speaks of the future. */
  function hear(id: string, at: number): void {
    if (getState().session?.id === id) life.count(believable(at), 'other-tab')
  }

  /** A moment that another tab told: 0 where it lies ahead of our clock. */
  function believable(at: number): number {
    const now = life.look()
    return at > now + AHEAD ? 0 : Math.min(at, now)
  }

  /** Takes a session over from a sibling that holds it. */
  async function take(wanted: Wanted | null | undefined): Promise<boolean> {
    const claim = await shared.ask(wanted)
    const { session, status } = getState()
    missing = (!claim && wanted) || null
    if (!claim || !life.hasEnd(claim.held.grant) || claim.held.id === over) return false
    if (session ? session.id !== claim.held.id : status === 'signing-in') return false
    life.adopt(claim.held, believable(claim.lastActive), { here: false })
    return true
  }

  return {
    sync,
    follow,
    take,
    believable,
    left: () => left.id,
    /** Whether another tab has a newer grant, which none could hand over. */
    isBehind: ({ id, generation }: Held) => missing?.sessionId === id && missing.generation > generation,
    /** This tab is done with that session; `null`: the others need not be. */
    leave: ({ id, epoch }: Held, reason: EndReason | null) => {
      left = { id, epoch, reason }
      if (reason) over = id
    },
    /** Whoever was here last has signed out of a session that had ended by itself: they will not be back, in any tab. */
    depart(): void {
      const { id } = left
      left.reason = 'user'
      show({ reason: 'user', endedHere: true, lastUser: null })
      shared.say({ kind: 'ended', sessionId: id, reason: 'user' })
      void shared.update((record) => (record?.sessionId === id ? ended(record, 'user') : null))
    },
    /** No record could be kept when this session began. */
    lacksRecord: (held: Held) => {
      unrecorded = held.id
    },

    /** Takes in what another tab says. */
    receive(fact: TabMessage): void {
      const mine = getState().session
      if (fact.kind === 'ended') over = fact.sessionId
      if (fact.kind === 'session') {
        if (mine?.id === fact.sessionId && mine.generation >= fact.generation) return
        missing = null
        void sync().then(() => {
          // Without a record the fact itself is all there is.
          if (getState().tabs === 'alone') void take(null)
        })
      } else if (mine?.id === fact.sessionId) {
        if (fact.kind === 'ended') finish(mine, fact.reason, 'there')
        else hear(mine.id, fact.at)
      } else if (fact.kind === 'ended' && fact.reason === 'user' && !mine && fact.sessionId === left.id) part(true)
    },
  }
}
