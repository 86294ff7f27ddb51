import {
  AHEAD,
  type Claim,
  ended,
  isCount,
  isFromTheFuture,
  isId,
  isLive,
  isMoment,
  isReason,
  toClaim,
  toRecord,
} from './record.ts'
import type { EndReason, Platform, SharedRecord, TabMessage } from './types.ts'

type Fact<M = TabMessage> = M extends TabMessage ? Omit<M, 'v' | 'app'> : never

export type Shared = ReturnType<typeof createShared>

/** What this tab shares with its siblings: the record, facts and, on request, the grant. */
export function createShared(platform: Platform, app: string) {
  // The highest epoch seen: a record that was cleared must not begin at one again.
  let epoch = 0
  let closed = false

  function known(found: unknown): SharedRecord | null | undefined {
    if (found === undefined || isFromTheFuture(found)) return undefined
    const record = toRecord(found, app)
    epoch = Math.max(epoch, record?.epoch ?? 0)
    return record
  }

  /** Changes the record in one transaction; a change to `null` leaves it as it is. */
  const update = async (change: (record: SharedRecord | null) => SharedRecord | null) =>
    known(
      await platform.updateRecord((found) => {
        const record = known(found)
        return record === undefined ? found : (change(record) ?? found)
      }),
    )

  /** Changes what the record says of a session, while that lives. */
  const amend = (id: string, change: (record: SharedRecord) => SharedRecord | null) =>
    update((record) => (isLive(record, id) ? change(record!) : null))

  return {
    epoch: () => epoch,
    dispose: () => {
      closed = true
    },

    /** The record; `null` where there is none yet, `undefined` where none can be kept. */
    read: async () => known(await platform.readRecord()),

    update,

    amend,

    /** Writes the end of a session into the record, if that still says that it lives. */
    end: (id: string, reason: EndReason) => amend(id, (record) => ended(record, reason)),

    say: (fact: Fact) => platform.post({ v: 1, app, ...fact } as TabMessage),

    /** Facts of siblings on this session manager; anything else that is said is ignored. */
    onFact: (listener: (fact: TabMessage) => void) =>
      platform.onMessage((message) => {
        const fact = message as TabMessage | null
        if (fact?.v === 1 && fact.app === app && isFact(fact)) listener(fact)
      }),

    /** What the siblings hold of the session in the record; of any session where there is no record. */
    async ask(record: Pick<SharedRecord, 'sessionId' | 'generation'> | null | undefined): Promise<Claim | null> {
      // What was read as the tab let go of everything asks no more.
      if (closed) return null
      const answer = await platform.ask({ sessionId: record?.sessionId ?? null, generation: record?.generation ?? 0 })
      const claim = toClaim(answer)
      if (!claim || claim.savedAt > platform.now() + AHEAD) return null
      const { id, generation } = claim.held
      return !record || (id === record.sessionId && generation >= record.generation) ? claim : null
    },
  }
}

const isFact = (fact: TabMessage): boolean =>
  isId(fact.sessionId) &&
  (fact.kind === 'active'
    ? isMoment(fact.at)
    : fact.kind === 'ended'
      ? isReason(fact.reason)
      : fact.kind === 'session' && isCount(fact.generation))
