import { type Life, NOBODY } from './life.ts'
import { limits } from './policy.ts'
import { AHEAD, begun, type Claim, ended, isLive, moved, toClaim } from './record.ts'
import type { Room } from './room.ts'
import type { Cause, EndReason, Held, SharedRecord, TabMessage } from './types.ts'

const REASONS: Record<Cause, EndReason> = { idle: 'idle', limit: 'limit', token: 'expired' }

export type Follow = ReturnType<typeof createFollow>

/** Brings this tab in line with the others: a tab that was away never has the last word. */
export function createFollow(
  { platform, policy, app, shared, log }: Room,
  life: Life,
  finish: (held: Held, reason: EndReason, here: boolean) => void,
) {
  const { getState, show } = life
  // The session that this tab has left: its end may not be in the record yet.
  let left = ''
  // What no sibling could hand over, so that not every request asks again.
  let missing = ''
  // What a request must wait for: a restore, or the last look before an end.
  let settling: Promise<void> | null = null
  let lapsing: Held | null = null

  const settle = (work: Promise<void>) => {
    const mine = work.finally(() => {
      if (settling === mine) settling = null
    })
    settling = mine
    return mine
  }

  /** Looks at the record and follows it; never joins an earlier look, which may have seen an older record. */
  const sync = (): Promise<void> => shared.read().then(follow)

  /** Follows the record, never the other way round. */
  async function follow(record: SharedRecord | null | undefined): Promise<void> {
    show({ tabs: record === undefined ? 'alone' : 'shared' })
    const mine = getState().session
    if (mine && record === null) {
      // Someone cleared the site's data under a running page.
      await shared.update((found) => found ?? { ...begun(null, app, mine, life.lastActive()), epoch: mine.epoch })
    }
    if (!record) return
    if (mine && isLive(record, mine.id)) {
      if (record.generation > mine.generation && keyOf(record) !== missing) await take(record)
      return hear(mine.id, record.lastActive)
    }
    if (mine && record.epoch > mine.epoch) finish(mine, endOf(mine, record) ?? 'replaced', false)
    const isOpen = !record.endedReason && record.sessionId !== left
    if (isOpen && getState().status === 'signed-out') await take(record)
  }

  const keyOf = ({ sessionId, generation }: SharedRecord) => `${sessionId}/${generation}`

  const endOf = (held: Held, record: SharedRecord | null | undefined) =>
    record?.sessionId === held.id ? record.endedReason : undefined

  /** Believes another tab on when someone was here, unless it speaks of the future. */
  function hear(id: string, at: number): void {
    const now = life.look()
    if (getState().session?.id === id && at <= now + AHEAD) life.count(Math.min(at, now), false)
  }

  /** Takes the session of the record over from a sibling that holds it. */
  async function take(record: SharedRecord | null | undefined): Promise<boolean> {
    const claim = await shared.ask(record)
    const { session, status } = getState()
    missing = record && !claim ? keyOf(record) : ''
    if (!claim || (session ? session.id !== claim.held.id : status === 'signing-in')) return false
    log('taken-over', `generation ${claim.held.generation}`)
    life.adopt(claim.held, claim.lastActive)
    return true
  }

  /** Over by all this tab knows: nothing private shows or leaves from here on, but the record has the last word. */
  async function lapse(held: Held, cause: Cause): Promise<void> {
    const now = life.look()
    lapsing = held
    show({ ...NOBODY, status: 'restoring' })

    const activeBy = (record: SharedRecord): number =>
      Math.max(life.lastActive(), record.lastActive > now + AHEAD ? 0 : record.lastActive)
    const goesOn = (record: SharedRecord): boolean => {
      const isNewer = record.generation > held.generation
      const grant = isNewer ? { ...held.grant, expiresAt: now + limits(held.grant, policy).life } : held.grant
      return life.verdictOn({ ...held, grant }, now, activeBy(record)).phase !== 'over'
    }
    let here = true
    const record = await shared.update((found) => {
      here = isLive(found, held.id) && !goesOn(found!)
      return here ? ended(found!, REASONS[cause]) : null
    })
    if (lapsing !== held) return
    lapsing = null
    if (!record || !isLive(record, held.id)) {
      const isReplaced = record && record.sessionId !== held.id
      finish(held, isReplaced ? 'replaced' : (endOf(held, record) ?? REASONS[cause]), here || !record)
      if (isReplaced) await follow(record)
    } else if (record.generation === held.generation) life.adopt(held, activeBy(record))
    // Another tab kept it alive while this one was away; if none can hand it over, it is over for this one alone.
    else if (!(await take(record))) finish(held, 'expired', false)
  }

  /** What this tab stored of a session is a claim: it shows only once the record says that the session lives. */
  async function restore(): Promise<void> {
    const claim = toClaim(await platform.load())
    const record = await shared.read()
    const isOpen = () => getState().status === 'restoring' && !getState().session
    if (!isOpen()) return
    show({ tabs: record === undefined ? 'alone' : 'shared' })
    const isMine = claim && (record === undefined || isLive(record, claim.held.id))
    if (isMine && (!record || claim.held.generation >= record.generation)) return accept(claim, record)
    if (record === undefined || (record && !record.endedReason)) {
      if ((await take(record)) || !isOpen()) return
      // Nobody answers: ours, while it lives.
      if (isMine) return accept(claim, record)
    }
    if (claim) platform.clear(claim.held.id)
    const reason = (claim && endOf(claim.held, record)) ?? null
    show({
      status: 'signed-out',
      reason,
      lastUser: claim && reason && reason !== 'user' ? claim.held.grant.user : null,
    })
  }

  function accept(claim: Claim, record: SharedRecord | null | undefined): void {
    const now = life.look()
    // Saved later than now: the clock was set back meanwhile, so its moments move, and the server must confirm it.
    const back = claim.savedAt > now + AHEAD ? now - claim.savedAt : 0
    const seen = [claim.lastActive + back, record?.lastActive ?? 0].filter((at) => at <= now + AHEAD)
    life.adopt(back ? moved(claim.held, back) : claim.held, Math.max(0, ...seen), back < 0)
  }

  return {
    sync,
    follow,
    /** The session whose end waits for the record's word. */
    lapsing: () => lapsing,
    lapse: (held: Held, cause: Cause) => void settle(lapse(held, cause)),
    /** This tab is done with that session. */
    leave(held: Held): void {
      lapsing = null
      left = held.id
    },
    left: () => left,
    restore: () => settling ?? settle(restore()),
    settled: () => settling,

    /** Takes in what another tab says. */
    receive(fact: TabMessage): void {
      const mine = getState().session
      if (fact.kind === 'session') {
        if (mine?.id === fact.sessionId && mine.generation >= fact.generation) return
        missing = ''
        void sync().then(() => {
          // Without a record the fact itself is all there is.
          if (getState().tabs === 'alone') void take(undefined)
        })
      } else if (mine?.id === fact.sessionId) {
        if (fact.kind === 'ended') finish(mine, fact.reason, false)
        else hear(mine.id, fact.at)
      }
    },
  }
}
