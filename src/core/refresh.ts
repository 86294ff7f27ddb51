import { REFRESH } from './call.ts'
import { AuthError, endless } from './errors.ts'
import type { Life } from './life.ts'
import { limits } from './policy.ts'
import { isAhead, isLive, keyOf } from './record.ts'
import type { Room } from './room.ts'
import type { Answer, Held, SharedRecord } from './types.ts'

/** How long a tab waits for its turn to refresh. */
const PATIENCE = 12_000

/** A turn that begins this late, in ms, was slept through: by now it may be another tab's. */
const LATE = 3_000

/** What came of a turn. */
export type Outcome =
  | { readonly kind: 'renewed'; readonly held: Held; readonly here: boolean }
  /** The session has ended or been replaced meanwhile. */
  | { readonly kind: 'moved-on'; readonly record: SharedRecord | null }
  /** The server answered for another person. */
  | { readonly kind: 'replaced' }
  /** Nothing was sent: another tab has the newer grant and may yet hand it over. */
  | { readonly kind: 'unused' }
  | {
      readonly kind: 'failed'
      readonly error: AuthError
      /** The answer before this refusal may have been lost. */
      readonly isUnsure: boolean
      /** Another tab holds a newer grant, which this one could not get. */
      readonly isStale: boolean
    }

export interface RefreshRoom {
  /** Revokes a grant that came too late to be adopted. */
  discard(held: Held): void
  /** Acts on what came of it for the session of that id, before the turn ends. */
  settle(id: string, outcome: Outcome): void
}

interface Run {
  readonly before: Held
  /** Nobody asked for it just now, so that it may be put off. */
  canWait: boolean
  promise: Promise<Outcome>
}

export type Refresh = ReturnType<typeof createRefresh>

/** At most one refresh at a time, in any tab. */
export function createRefresh({ backend, platform, policy, shared, ask, emit }: Room, life: Life, room: RefreshRoom) {
  const current = () => life.getState().session
  let pending: Run | null = null
  // The grant whose refresh this tab sent without learning what became of it.
  let unsure = ''

  /** Whether the token in hand lasts long enough to go on waiting for a turn. */
  const lasts = ({ grant }: Held) => (grant.expiresAt ?? Infinity) - platform.now() > limits(grant, policy).lead

  async function run(mine: Run): Promise<Outcome> {
    const { before } = mine
    for (;;) {
      const outcome = await platform.exclusive('refresh', PATIENCE, () => settled(mine, platform.now()))
      if (outcome === 'late') continue
      if (outcome) return outcome
      if (current()?.id !== before.id) return movedOn(null)
      const record = await shared.read()
      const isStale = record && (!isLive(record, before.id) || isAhead(record, before))
      if (!isStale && lasts(before)) continue
      emit('without-lock', before.id, {})
      return (await settled(mine, Infinity)) as Outcome
    }
  }

  /** Settled before the turn ends: whoever comes next may ask this tab for what it got. */
  async function settled(mine: Run, begunAt: number): Promise<Outcome | 'late'> {
    const outcome = await turn(mine, begunAt).catch((cause) =>
      failure(new AuthError('unreachable', `The refresh could not be sent: ${cause?.name}`, { cause })),
    )
    if (outcome !== 'late') room.settle(mine.before.id, outcome)
    return outcome
  }

  const failure = (error: AuthError, isUnsure = false, isStale = false): Outcome => ({
    kind: 'failed',
    error,
    isUnsure,
    isStale,
  })
  const renewed = (held: Held, here: boolean): Outcome => ({ kind: 'renewed', held, here })
  const movedOn = (record: SharedRecord | null): Outcome => ({ kind: 'moved-on', record })

  async function turn(mine: Run, begunAt: number): Promise<Outcome | 'late'> {
    const { before } = mine
    // The wait may have been a long one.
    life.tick()
    // Noted before it is sent: a page that dies now leaves an attempt of which nobody knows the outcome.
    let wasUnsure = unsure === keyOf(before)
    const record = await shared.amend(before.id, (found) => {
      if (found.generation > before.generation) return null
      wasUnsure ||= found.unsure === before.generation
      return { ...found, unsure: before.generation }
    })
    const held = current()
    if (held?.id !== before.id || (record && !isLive(record, before.id))) return movedOn(record ?? null)
    // This tab may have got a newer grant while it waited for its turn, or for the record.
    if (held.generation > before.generation) return renewed(held, false)
    // Or a sibling has it.
    const sibling = await newerThan(held, record)
    if (sibling) return renewed(sibling, false)
    // Nobody answers. Where refresh tokens rotate, ours is spent, and to use it would end the session for all: the last resort.
    const isSpent = backend.renewsWith === 'refresh-token' && isAhead(record, held)
    if (mine.canWait && isSpent && life.verdictOn(held).usable) return { kind: 'unused' }
    // They may have taken their time: nothing is sent past the deadline.
    life.tick()
    if (current()?.id !== before.id) return movedOn(null)
    if (backend.renewsWith === 'token' && !life.verdictOn(held).usable)
      return failure(new AuthError('unreachable', `${backend.system}: the token ended before its turn came.`))

    if (platform.now() - begunAt > LATE) {
      // Nothing is sent, so nothing is in doubt.
      if (!wasUnsure) await shared.amend(before.id, withoutDoubt)
      return 'late'
    }

    const catchUp = life.stamp()
    const departedAt = platform.now()
    // Asked for again after each wait, in which the clock may have been set back.
    const nextOf = (answer: Answer) => (): Held =>
      catchUp({
        ...held,
        generation: Math.max(held.generation, record?.generation ?? 0) + 1,
        grant: { ...held.grant, ...answer, departedAt },
      })
    return ask(
      REFRESH,
      (call) => backend.refresh!(held.grant, call),
      (late) => void keepLate(nextOf(late)),
    ).then(
      (answer) => keep(held, nextOf(answer)),
      (error: AuthError) => failed(held, error, wasUnsure),
    )
  }

  /** An answer that nobody waited for any more may be the only one that still renews. */
  async function keepLate(next: () => Held): Promise<void> {
    const mine = current()
    const late = next()
    if (mine?.id !== late.id) room.discard(late)
    else if (mine.generation < late.generation) room.settle(late.id, await keep(mine, next))
  }

  /** Own storage, then the record, and only then the next one's turn. */
  async function keep(mine: Held, next: () => Held): Promise<Outcome> {
    const { id, generation, grant } = next()
    const isMine = () => current()?.id === id
    let found: SharedRecord | null = null
    if (!life.hasEnd(grant)) {
      // Not revoked: that would end the session, which goes on.
      return failure(endless(backend))
    }
    if (mine.grant.user.key !== null && grant.user.key !== mine.grant.user.key) return { kind: 'replaced' }
    if (isMine()) {
      life.keep(next())
      const record = await shared.amend(id, (r) => ({ ...withoutDoubt(r), generation }))
      if (isMine() && (!record || isLive(record, id))) return renewed(next(), true)
      found = record ?? null
    }
    room.discard(next())
    return movedOn(found)
  }

  async function failed(mine: Held, error: AuthError, wasUnsure: boolean): Promise<Outcome> {
    // A request turned away unheard changed nothing; any other but a refusal may have been acted on.
    const isUnheard = error.status === 429
    if (error.kind !== 'refused' && !isUnheard) unsure = keyOf(mine)
    const record = await (isUnheard && !wasUnsure ? shared.amend(mine.id, withoutDoubt) : shared.read())
    // Refused, for it was ended elsewhere while this was under way.
    if (record && !isLive(record, mine.id)) return movedOn(record)
    const sibling = error.kind === 'refused' && (await newerThan(mine, record))
    if (sibling) return renewed(sibling, false)
    return failure(error, wasUnsure, isAhead(record, mine))
  }

  /** A sibling's newer grant; where no record can be read, only the siblings know whether there is one. */
  async function newerThan(mine: Held, record: SharedRecord | null | undefined): Promise<Held | null> {
    if (record !== undefined && !isAhead(record, mine)) return null
    return (await shared.ask(record ?? { sessionId: mine.id, generation: mine.generation + 1 }))?.held ?? null
  }

  return {
    isRefreshing: () => pending !== null && pending.before.id === current()?.id,
    /** Joins the refresh of this session under way, or starts one; never rejects. `canWait`: nobody asked for it just now. */
    async refresh(canWait = false): Promise<Outcome | null> {
      for (;;) {
        const before = current()
        if (!before) return null
        if (pending?.before.id !== before.id) pending = begin(before, canWait)
        pending.canWait &&= canWait
        const outcome = await pending.promise
        // It had been put off before this was asked for.
        if (canWait || outcome.kind !== 'unused') return outcome
      }
    },
  }

  function begin(before: Held, canWait: boolean): Run {
    const mine = { before, canWait } as Run
    // Not before it is noted: what it begins with may ask for a refresh itself.
    mine.promise = Promise.resolve(mine)
      .then(run)
      .finally(() => {
        if (pending === mine) pending = null
      })
    return mine
  }
}

const withoutDoubt = ({ unsure, ...record }: SharedRecord): SharedRecord => record
