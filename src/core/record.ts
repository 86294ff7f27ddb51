import { isHeaderName, isHeaderValue, Secret, unpack } from './secret.ts'
import type { EndReason, Grant, Held, SharedRecord } from './types.ts'

/** A moment told by another tab, storage or the record may be this far ahead of our clock; further ahead it is ignored. */
export const AHEAD = 1_000
const REMEMBERED = 8
/** Half of what a `Date` can hold, so that a life can be added to any moment, in epoch ms. */
const LATEST = 4e15
/** What no count of ours comes near; what is counted from here is exact. */
const MANY = 2 ** 52
/** No session of sense is longer, in characters, or nested deeper: what can be read must also be written again. */
const LONG = 1_000_000
const DEEP = 32
const LONG_ID = 256

/** What storage and a sibling's answer hold: a claim, until the record agrees. */
export interface Claim {
  readonly v: 1
  readonly held: Held
  readonly lastActive: number
  readonly savedAt: number
}

/** A number of sign-ins, ends or refreshes. */
export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < MANY
/** A moment in epoch ms that a page can show and add to. */
export const isMoment = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= LATEST
/** The name of a session or a person. */
export const isId = (value: unknown): value is string => typeof value === 'string' && value.length <= LONG_ID
const isText = (value: unknown): value is string => typeof value === 'string'
const REASON = /^(user|idle|expired|limit|refused|replaced)$/
/** Whether a reason that another tab gives is one of ours. */
export const isReason = (value: unknown): value is EndReason => isText(value) && REASON.test(value)
const isEnd = (value: unknown): boolean => value === null || isMoment(value)

/** The record as found, if it is one of ours and of this version, and nothing else that lies there: storage is never trusted. */
export function toRecord(found: unknown, app: string): SharedRecord | null {
  const record = found as SharedRecord | null | undefined
  if (
    record?.v !== 1 ||
    record.app !== app ||
    !isCount(record.epoch) ||
    !isCount(record.generation) ||
    !isMoment(record.lastActive) ||
    !(record.endedReason === undefined || isReason(record.endedReason)) ||
    !isId(record.sessionId)
  )
    return null
  const { epoch, sessionId, userKey, generation, signedInAt, lastActive, endedReason, unsure, revoked } = record
  return {
    v: 1,
    app,
    epoch,
    sessionId,
    userKey: isId(userKey) ? userKey : null,
    generation,
    ...(isMoment(signedInAt) && { signedInAt }),
    lastActive,
    ...(endedReason && { endedReason }),
    ...(isCount(unsure) && { unsure }),
    // Cut first: a list that only claims to be long is gone through hole by hole.
    ...(Array.isArray(revoked) && { revoked: revoked.slice(-REMEMBERED).filter(isId) }),
  }
}

/** Whether a newer version of this library wrote it: then it is not ours to change. */
export function isFromTheFuture(found: unknown): boolean {
  const { v } = (found ?? {}) as { v?: unknown }
  return typeof v === 'number' && v > 1
}

const isShallow = (value: unknown, left = DEEP): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (left > 0 && Object.values(value).every((one) => isShallow(one, left - 1)))
const isSendable = (value: unknown): boolean => value instanceof Secret && isHeaderValue(value.reveal())

/** Whether a header is none, or one that a request can carry. */
const isHeader = (header: Grant['header']): boolean =>
  header === undefined || (isText(header.name) && isHeaderName(header.name) && isSendable(header.value))

const isGrant = (grant: Grant): boolean =>
  isMoment(grant.departedAt) &&
  isEnd(grant.expiresAt) &&
  isEnd(grant.refreshExpiresAt ?? null) &&
  grant.token instanceof Secret &&
  // An adapter of the host's own may have its token nowhere near a header.
  !/[\r\n\0]/.test(grant.token.reveal()) &&
  (grant.refreshToken ?? grant.token) instanceof Secret &&
  isHeader(grant.header) &&
  isHeader(grant.csrf) &&
  isText(grant.user.name) &&
  (grant.user.key === null || isText(grant.user.key)) &&
  isText(grant.serverSessionId ?? '') &&
  (grant.roles === undefined || (Array.isArray(grant.roles) && grant.roles.every(isText))) &&
  Object.getPrototypeOf(grant.claims ?? {}) === Object.prototype

/** Reads what storage or a sibling gave; `null` for anything that is not a whole session. */
export function toClaim(text: string | null): Claim | null {
  try {
    const claim = text!.length <= LONG ? (unpack(text!) as Claim) : null
    const { held, lastActive, savedAt } = claim!
    return claim!.v === 1 &&
      isId(held.id) &&
      isCount(held.epoch) &&
      isCount(held.generation) &&
      isMoment(held.signedInAt) &&
      isText(held.username ?? '') &&
      isMoment(lastActive) &&
      isMoment(savedAt) &&
      isGrant(held.grant) &&
      isShallow(claim)
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

/** A count that is forged to be the last one begins anew: nobody is kept out for ever. */
const next = (count: number): number => (isCount(count + 1) ? count + 1 : 1)

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
  epoch: next(Math.max(record?.epoch ?? 0, seen)),
  sessionId: held.id,
  userKey: held.grant.user.key,
  generation: held.generation,
  signedInAt: held.signedInAt,
  lastActive,
  ...(record?.revoked && { revoked: record.revoked }),
})

export const ended = (record: SharedRecord, endedReason: EndReason): SharedRecord => ({
  ...record,
  epoch: next(record.epoch),
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
