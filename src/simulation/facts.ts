import type { SessionCore } from '../core/session.ts'
import type { Held } from '../core/types.ts'
import type { Tab } from '../testing/world.ts'

/** The invariants, by what they are called in a report. */
export const INVARIANTS = {
  I1: 'no request carries a token past its end, none leaves for an origin that is not listed, and none is told',
  I2: 'at most one refresh is in flight per session, and activity starts at most one in the time between refreshes',
  I3: 'no refresh without activity since the grant',
  I4: 'idle sign-out comes at the last activity plus the idle limit, neither later nor sooner',
  I5: 'after an end no tab holds a token, and nothing revives the session',
  I6: 'a person who is never away for long is neither warned nor signed out',
  I7: 'a stale tab neither ends nor overwrites a fresher session',
  I8: 'nothing of one user is shown to, or sent as, another',
  I9: 'every end with a live token attempts revocation until an answer or expiry',
  I10: 'a transient failure ends no session whose token is valid',
  I11: 'the warning is there in time, and no countdown is negative',
  I12: 'after dispose nothing is left',
  sane: 'nothing fails in a way that nobody expects',
} as const
export type Invariant = keyof typeof INVARIANTS

export interface Violation {
  readonly invariant: Invariant
  readonly what: string
  readonly at: number
}

/** One sign-in as the server knows it, and every token that came of it. */
export interface Stay {
  readonly username: string
  readonly tokens: string[]
  /** The user as first shown. */
  shown: string | null
  sessionId: string | null
  /** The server has answered a revocation. */
  isAnswered: boolean
  /** Killed by hand. */
  isKilled: boolean
}

/** When a call left, and by how much the device's clock had been set forwards by then. */
export interface Departure {
  readonly at: number
  readonly forwards: number
}

/** A page, as far as the ledger looks at it. Moments are by the time that has passed. */
export interface Page {
  readonly name: string
  readonly tab: Tab
  readonly session: SessionCore
  gone: boolean
  /** When it went, and with it what it had not written yet. */
  goneAt: number
  isMounted: boolean
  /** The sign-ins whose tokens it has held. */
  readonly carries: Set<Stay>
  /** The session for which a refresh is under way. */
  refreshing: string | null
  /** By how much the device's clock had been set forwards when it left. */
  refreshForwards: number
  askedAt: number
  heldSince: number
  awakeSince: number
  /** When its timers were last held back by a sleep. */
  delayedAt: number
  /** When it last ran something that asks first whether all is over. */
  lastTask: number
  warnedAt: number
  /** When its deadline last came nearer. */
  shrunkAt: number
  /** Something keeps its session awake until then at the latest. */
  keptUntil: number
  left: Held | null
  leftAt: number
  others(): readonly Page[]
  awakeFor(): number
  isRecordWell(): boolean
  recordWellAt(at: number): boolean
}

/** One session of the browser, as it truly was. Moments are by the time that has passed. */
export interface Life {
  readonly id: string
  readonly stay: Stay
  readonly since: number
  /** No later than this was someone here. */
  active: number
  /** When someone was surely counted, and where. */
  readonly counted: { readonly at: number; readonly page: Page; readonly forwards: number }[]
  /** Every sign of someone, counted or not. */
  presence: number
  ended: { readonly at: number; readonly reason: string; readonly page: Page } | null
  /** When its end was in the record. */
  recordedAt: number
  lastRefresh: { readonly at: number; readonly page: Page; readonly forwards: number } | null
  /** Why a refresh may come sooner than activity would start it. */
  hurriedAt: number
  isForged: boolean
}

/** A page was told by the server that its session is over: to be looked into. */
export interface Refusal {
  readonly page: Page
  readonly token: string
  readonly stay: Stay
}
