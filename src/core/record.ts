import { Secret, unpack } from './secret.ts'
import type { EndReason, Held, SharedRecord } from './types.ts'

/** A moment told by another tab, storage or the record may be this far ahead of our clock; further ahead it is ignored. */
export const AHEAD = 1_000
const REMEMBERED = 8

/** What storage and a sibling's answer hold: a claim, until the record agrees. */
export interface Claim {
  readonly v: 1
  readonly held: Held
  readonly lastActive: number
  readonly savedAt: number
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isMoment = (value: unknown): value is number => Number.isFinite(value)
const REASON = /^(user|idle|expired|limit|refused|replaced)$/
/** Whether a reason that another tab gives is one of ours. */
export const isReason = (value: unknown): value is EndReason => typeof value === 'string' && REASON.test(value)
const isEnd = (value: unknown): boolean => value === null || isMoment(value)

/** The record as found, if it is one of ours and of this version; storage is never trusted. */
export function toRecord(found: unknown, app: string): SharedRecord | null {
  const record = found as SharedRecord | null | undefined
  return record?.v === 1 &&
    record.app === app &&
    isCount(record.epoch) &&
    isCount(record.generation) &&
    isMoment(record.lastActive) &&
    (record.endedReason === undefined || isReason(record.endedReason)) &&
    typeof record.sessionId === 'string'
    ? record
    : null
}

/** Whether a newer version of this library wrote it: then it is not ours to change. */
export const isFromTheFuture = (found: unknown): boolean => ((found as { v?: number } | null)?.v ?? 0) > 1

/** Reads what storage or a sibling gave; `null` for anything that is not a whole session. */
export function toClaim(text: string | null): Claim | null {
  try {
    const claim = unpack(text ?? 'null') as Claim | null
    const { held, lastActive, savedAt } = claim!
    const { grant } = held
    return claim!.v === 1 &&
      typeof held.id === 'string' &&
      isCount(held.epoch) &&
      isCount(held.generation) &&
      isMoment(held.signedInAt) &&
      isMoment(lastActive) &&
      isMoment(savedAt) &&
      isMoment(grant.departedAt) &&
      isEnd(grant.expiresAt) &&
      isEnd(grant.refreshExpiresAt ?? null) &&
      grant.token instanceof Secret &&
      (grant.refreshToken ?? grant.token) instanceof Secret &&
      typeof grant.user.name === 'string'
      ? claim
      : null
  } catch {
    return null
  }
}

/** Whether the record speaks of this session, and that it lives. */
export const isLive = (record: SharedRecord | null | undefined, id: string): boolean =>
  record?.sessionId === id && !record.endedReason

/** Names one grant of one session, for those that may not hold the grant itself. */
export const keyOf = ({ id, generation }: Pick<Held, 'id' | 'generation'>): string => `${id}/${generation}`

/** Whether the record knows a newer grant of this living session. */
export const isAhead = (record: SharedRecord | null | undefined, held: Held): boolean =>
  isLive(record, held.id) && record!.generation > held.generation

/** The record of a new session; its epoch is higher than any that was seen. */
export const begun = (
  record: SharedRecord | null,
  app: string,
  held: Held,
  lastActive: number,
  seen: number,
): SharedRecord => ({
  v: 1,
  app,
  epoch: Math.max(record?.epoch ?? 0, seen) + 1,
  sessionId: held.id,
  userKey: held.grant.user.key,
  generation: held.generation,
  lastActive,
  ...(record?.revoked && { revoked: record.revoked }),
})

export const ended = (record: SharedRecord, endedReason: EndReason): SharedRecord => ({
  ...record,
  epoch: record.epoch + 1,
  endedReason,
})

export const revokedToo = (record: SharedRecord, key: string): SharedRecord => ({
  ...record,
  revoked: [...(record.revoked ?? []), key].slice(-REMEMBERED),
})

/** Every moment of a session, moved by a step of the clock. */
export function moved(held: Held, by: number): Held {
  const { grant } = held
  const end = (at: number | null) => at && at + by
  return {
    ...held,
    signedInAt: held.signedInAt + by,
    grant: {
      ...grant,
      departedAt: grant.departedAt + by,
      expiresAt: end(grant.expiresAt),
      ...(grant.refreshExpiresAt !== undefined && { refreshExpiresAt: end(grant.refreshExpiresAt) }),
    },
  }
}
