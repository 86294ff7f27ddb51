import { endOf, type Follow } from './follow.ts'
import type { Life } from './life.ts'
import { AHEAD, type Claim, isLive, moved, toClaim } from './record.ts'
import type { Room } from './room.ts'
import { lastUserOf } from './state.ts'
import type { SharedRecord } from './types.ts'

/** What this tab stored of a session is a claim: it shows only once the record says that the session lives. */
export function createRestore({ platform, shared }: Room, life: Life, { take, believable, leave }: Follow) {
  const { show, isUnknown } = life

  return async function restore(): Promise<void> {
    const claim = await stored()
    let record = await shared.read()
    if (!isUnknown()) return
    show({ tabs: record === undefined ? 'alone' : 'shared' })
    const isMine = () => !!claim && (record === undefined || isLive(record, claim.held.id))
    const isNewest = () => !record || claim!.held.generation >= record.generation
    const isLiving = record === undefined || (record !== null && !record.endedReason)

    if (isLiving && !(isMine() && isNewest())) {
      if ((await take(record)) || !isUnknown()) return
      // Nobody answers: ours, while it lives, if nothing happened meanwhile.
      record = await shared.read()
      if (!isUnknown()) return
    }
    if (claim && isMine()) return accept(claim, record)
    if (claim) platform.clear(claim.held.id)
    const reason = (claim && endOf(claim.held, record)) ?? null
    if (claim && reason) leave(claim.held, reason)
    show({ status: 'signed-out', reason, lastUser: claim && reason && lastUserOf(claim.held, reason) })
    life.tick()
  }

  function accept(claim: Claim, record: SharedRecord | null | undefined): void {
    const now = life.look()
    // Saved later than now: the clock was set back meanwhile, so its moments move, and the server must confirm it.
    const back = claim.savedAt > now + AHEAD ? now - claim.savedAt : 0
    const active = Math.max(believable(claim.lastActive + back), believable(record?.lastActive ?? 0))
    life.adopt(back ? moved(claim.held, back) : claim.held, active, { confirm: back < 0 })
  }

  async function stored(): Promise<Claim | null> {
    try {
      const claim = toClaim(await platform.load())
      return claim && life.hasEnd(claim.held.grant) ? claim : null
    } catch {
      // A host's own storage that fails is as good as none.
      return null
    }
  }
}
