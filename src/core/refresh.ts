import { REFRESH } from './call.ts'
import { AuthError } from './errors.ts'
import type { Life } from './life.ts'
import { limits } from './policy.ts'
import { isLive } from './record.ts'
import type { Room } from './room.ts'
import type { Held, SharedRecord } from './types.ts'

/** How long a tab waits for its turn to refresh. */
const PATIENCE = 12_000

/** What came of a turn: a newer grant, a record to follow, or a failure. */
export type Outcome =
  | { readonly kind: 'renewed'; readonly held: Held; readonly here: boolean }
  | { readonly kind: 'moved-on'; readonly record: SharedRecord | null }
  | { readonly kind: 'failed'; readonly error: AuthError; readonly unsure: boolean }

export interface RefreshRoom {
  /** Revokes a grant that came too late to be adopted. */
  discard(held: Held): void
  /** Acts on what came of it, before the turn ends. */
  settle(outcome: Outcome): void
}

export type Refresh = ReturnType<typeof createRefresh>

/** At most one refresh at a time, in any tab. */
export function createRefresh(
  { backend, platform, policy, shared, ask, log }: Room,
  life: Life,
  { discard, settle }: RefreshRoom,
) {
  const current = () => life.getState().session
  /** Whether the token in hand lasts long enough to go on waiting for a turn. */
  const canWait = ({ grant }: Held) => (grant.expiresAt ?? Infinity) - platform.now() > limits(grant, policy).lead
  let pending: Promise<Outcome> | null = null
  // The generation whose refresh this tab sent without learning what became of it.
  let unsure: string | null = null

  const keyOf = (held: Held) => `${held.id}/${held.generation}`

  async function run(): Promise<Outcome> {
    const before = current()
    for (;;) {
      const outcome = await platform.exclusive('refresh', PATIENCE, () => settled(before))
      if (outcome) return outcome
      if (!current()) return { kind: 'moved-on', record: null }
      const record = await shared.read()
      const isStale = record && before && (!isLive(record, before.id) || record.generation > before.generation)
      if (!isStale && before && canWait(before)) continue
      log('without-lock')
      return settled(before)
    }
  }

  /** Settled before the turn ends: whoever comes next may ask this tab for what it got. */
  async function settled(before: Held | null): Promise<Outcome> {
    const outcome = await turn(before).catch((cause): Outcome => {
      const error = new AuthError('unreachable', `The refresh could not be sent: ${cause}`, { cause })
      return { kind: 'failed', error, unsure: false }
    })
    settle(outcome)
    return outcome
  }

  async function turn(before: Held | null): Promise<Outcome> {
    const mine = current()
    if (mine && mine.id === before?.id && mine.generation > before.generation)
      return { kind: 'renewed', held: mine, here: false }
    const record = await shared.read()
    if (!mine || mine.id !== before?.id || (record && !isLive(record, mine.id)))
      return { kind: 'moved-on', record: record ?? null }

    // A sibling may have been faster while we waited for our turn.
    const sibling = await newerThan(mine, record)
    if (sibling) return { kind: 'renewed', held: sibling, here: false }

    const departedAt = platform.now()
    return ask(REFRESH, (call) => backend.refresh!(mine.grant, call)).then(
      (answer) =>
        keep({
          ...mine,
          generation: Math.max(mine.generation, record?.generation ?? 0) + 1,
          grant: { ...mine.grant, ...answer, departedAt },
        }),
      (error: AuthError) => failed(mine, error),
    )
  }

  /** Own storage, then the record, and only then the next one's turn. */
  async function keep(next: Held): Promise<Outcome> {
    const isMine = () => current()?.id === next.id
    let found: SharedRecord | null = null
    if (isMine()) {
      life.keep(next)
      const { id, generation } = next
      const record = await shared.update((r) => (r && isLive(r, id) ? { ...withoutDoubt(r), generation } : r))
      if (isMine() && (!record || isLive(record, id))) return { kind: 'renewed', held: next, here: true }
      found = record ?? null
    }
    discard(next)
    return { kind: 'moved-on', record: found }
  }

  async function failed(mine: Held, error: AuthError): Promise<Outcome> {
    const record = await shared.read()
    if (error.kind === 'refused') {
      const sibling = await newerThan(mine, record)
      if (sibling) return { kind: 'renewed', held: sibling, here: false }
      return { kind: 'failed', error, unsure: unsure === keyOf(mine) || record?.unsure === mine.generation }
    }
    // A request turned away unheard changed nothing; any other may have been acted on.
    if (error.status !== 429) {
      unsure = keyOf(mine)
      await shared.update((r) => (r && isLive(r, mine.id) ? { ...r, unsure: mine.generation } : r))
    }
    return { kind: 'failed', error, unsure: false }
  }

  const newerThan = async (mine: Held, record: SharedRecord | null | undefined) =>
    record && isLive(record, mine.id) && record.generation > mine.generation
      ? ((await shared.ask(record))?.held ?? null)
      : null

  return {
    isRefreshing: () => pending !== null,
    /** Joins the refresh under way, or starts one; never rejects. */
    refresh: (): Promise<Outcome> =>
      (pending ??= run().finally(() => {
        pending = null
      })),
  }
}

const withoutDoubt = ({ unsure, ...record }: SharedRecord): SharedRecord => record
