import type { Backend, Cause, Grant, Held, Policy } from './types.ts'

/** A token is not sent in the last second of its life: servers cut times to whole seconds. */
const MARGIN = 1_000
/** WCAG 2.2.1: at least 20 s to answer a warning. */
const TO_ANSWER = 20_000
/** How long a refresh that activity started may hold the warning back. */
const HOLD = 5_000
/** How long a tab leaves a refresh to the tab in which someone was active: one wait for the lock. */
const TAKE_OVER = 12_000
const MINUTE = 60_000

/** All that the policy looks at, besides the clock. Moments are epoch ms. */
export interface Facts extends Pick<Held, 'grant' | 'signedInAt'> {
  /** When someone was last here, in any tab. */
  readonly lastActive: number
  /** The first activity since the grant that called for a refresh, and whether it was in this tab. */
  readonly due: { readonly at: number; readonly here: boolean } | null
  /** When "Stay signed in" was pressed, until the server has confirmed it; else 0. */
  readonly stayAt: number
  /** How many refreshes of this grant have failed. */
  readonly failures: number
  /** When the refresh now under way was asked for. */
  readonly startedAt: number | null
  /** No attempt before this moment. */
  readonly retryAt: number
  /** Whether the grant can be renewed at all. */
  readonly renewable: boolean
  /** Whether a renewal also prolongs the refresh token. */
  readonly prolongs: boolean
  readonly visible: boolean
}

/** What the timing policy makes of its facts. Moments are epoch ms. */
export interface Verdict {
  readonly phase: 'active' | 'warning' | 'over'
  /** When the session ends unless someone acts. */
  readonly deadline: number
  /** What ends it then. */
  readonly cause: Cause
  /** When the warning opens. */
  readonly warnAt: number
  /** Whether a refresh is possible at all now. */
  readonly renewable: boolean
  /** When one goes out without anybody's doing anything more; `Infinity`: not before someone is here. */
  readonly refreshAt: number
  /** Whether "Stay signed in" can move the deadline. */
  readonly extendable: boolean
  /** Whether the token already lives past an idle limit that would begin now. */
  readonly outlives: boolean
  /** Whether the token may be sent. */
  readonly usable: boolean
  /** Start a refresh now. */
  readonly refresh: boolean
  /** Whether a request may start one: only people extend a session. */
  readonly mayRenew: boolean
  /** The next moment at which this verdict could change by itself. */
  readonly wakeAt: number
}

/** The lengths that follow from a grant, in ms. */
export interface Lengths {
  /** From the departure of the request for the token to its end; `Infinity` where it has none. */
  readonly life: number
  /** The age of the grant at which activity calls for a refresh. */
  readonly every: number
  /** How long nobody may be here; `NaN` where neither the token nor the policy limits it. */
  readonly idle: number
  /** How long before the deadline the warning opens. */
  readonly lead: number
}

/** What is behind the state: for tools that show why a session does what it does. Holds no secret. Moments are epoch ms. */
export interface Inspection {
  readonly now: number
  readonly policy: Policy
  /** When someone was last here, in any tab. */
  readonly lastActive: number
  /** The first activity since the latest grant that called for a refresh, and whether it was in this tab. */
  readonly due: Facts['due']
  /** When the refresh now under way was asked for. */
  readonly startedAt: number | null
  /** No attempt to refresh before this moment. */
  readonly retryAt: number
  /** How many refreshes of this grant have failed. */
  readonly failures: number
  /** The server has refused this token: the next activity calls for a refresh, however young the grant is. */
  readonly isDoubtful: boolean
  /** What the policy says now; `null` while nobody is signed in. */
  readonly verdict: Verdict | null
  readonly lengths: Lengths | null
}

/** The lengths that follow from a grant. */
export function limits(grant: Grant, policy: Policy): Lengths {
  const life = grant.expiresAt === null ? Infinity : grant.expiresAt - grant.departedAt
  const every = Math.min(policy.refreshEvery, life / 4)
  const idle = policy.idleTimeout ?? (life < Infinity ? life - every : NaN)
  return { life, every, idle, lead: Math.min(policy.warnBefore, idle / 2) }
}

/** When the refresh token or refresh cookie ends, `-Infinity` where there is none. */
export const refreshEndOf = ({ refreshToken, refreshExpiresAt }: Grant): number =>
  refreshToken || refreshExpiresAt !== undefined ? (refreshExpiresAt ?? Infinity) : -Infinity

/** The whole timing policy. No clock, no input or output: everything it needs comes in. */
export function judge(facts: Facts, now: number, policy: Policy): Verdict {
  const { grant, lastActive, due, retryAt } = facts
  const { life, idle, lead } = limits(grant, policy)

  const tokenEnd = grant.expiresAt ?? Infinity
  const refreshEnd = facts.renewable ? refreshEndOf(grant) : -Infinity
  const credentialEnd = Math.max(tokenEnd, refreshEnd)
  const idleEnd = lastActive + idle
  const limitEnd = facts.signedInAt + (policy.sessionLimit ?? Infinity)
  const deadline = Math.min(idleEnd, limitEnd, credentialEnd)
  const cause =
    deadline === idleEnd
      ? 'idle'
      : // A refresh token that no refresh prolongs ends the session as a limit does: nobody can move it.
        deadline === limitEnd || (refreshEnd > -Infinity && !facts.prolongs)
        ? 'limit'
        : 'token'

  const over = now >= deadline
  const usable = now < tokenEnd - MARGIN
  const outlives = tokenEnd > now + idle
  const renewable = facts.renewable && now < (refreshEnd > -Infinity ? refreshEnd : tokenEnd - MARGIN)

  const dueAt = due ? due.at + (due.here ? 0 : TAKE_OVER) : Infinity
  const ahead = facts.visible ? Math.min(Math.max(MINUTE, life / 4), life / 2) : life / 2
  const aheadAt = policy.idleTimeout !== null && tokenEnd < Math.min(idleEnd, limitEnd) ? tokenEnd - ahead : Infinity
  const refreshAt = renewable ? Math.max(Math.min(facts.stayAt ? now : dueAt, aheadAt), retryAt) : Infinity

  // A server that answers in time spares an active person the warning, be the refresh theirs or one ahead of the end.
  const aheadSince = renewable && aheadAt < Infinity ? (facts.startedAt ?? Math.max(now, aheadAt)) : -Infinity
  const tried = Math.max(due ? due.at : -Infinity, aheadSince)
  const held =
    facts.failures || cause !== 'token' ? 0 : Math.min(tried + HOLD, deadline - Math.min(TO_ANSWER, idle / 2))
  const warnAt = Math.max(deadline - lead, held)

  return {
    phase: over ? 'over' : now >= warnAt ? 'warning' : 'active',
    deadline,
    cause,
    warnAt,
    renewable,
    refreshAt,
    extendable: cause !== 'limit' && (renewable || outlives),
    outlives,
    usable,
    refresh: !over && now >= refreshAt,
    mayRenew: !over && renewable && (policy.idleTimeout !== null || lastActive > grant.departedAt),
    wakeAt: Math.min(...[deadline, warnAt, refreshAt].filter((at) => at > now)),
  }
}

/** How long after the departure of its grant activity calls for a refresh. */
export const callsForRefresh = (at: number, grant: Grant, policy: Policy): boolean =>
  at - grant.departedAt >= limits(grant, policy).every

/** What holds where nothing is set, in ms. */
export const DEFAULTS = { refreshEvery: MINUTE, warnBefore: 2 * MINUTE, idleTimeout: null, sessionLimit: null } as const

const RANGES = {
  refreshEvery: [1_000, 3_600_000],
  warnBefore: [TO_ANSWER, 3_600_000],
  idleTimeout: [1_000, 2_592_000_000],
  sessionLimit: [MINUTE, 31_536_000_000],
} as const

/** The timing of a session, all in ms; what is left out has its default. */
export type PolicyOptions = { readonly [K in keyof Policy]?: Policy[K] | undefined }

/** What `setPolicy` takes. Where the token rests is chosen once, in `createSession`. */
export type PolicyChanges = PolicyOptions & { readonly storage?: never }

/** Fills in the defaults, under the options and the changes to them; throws a `RangeError` that names the option and its range. */
export function toPolicy(
  options: PolicyOptions,
  { system, permanent }: Partial<Backend> = {},
  changes: PolicyChanges = {},
): Policy {
  const chosen: PolicyOptions = {
    ...options,
    ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
  }
  const { activityDuringWarning = 'ignore' } = chosen
  if (permanent && chosen.idleTimeout == null)
    throw new RangeError(`idleTimeout is required: the tokens of ${system} have no end of their own here.`)
  const times: { -readonly [K in keyof typeof RANGES]: Policy[K] } = { ...DEFAULTS }
  for (const [name, [least, most]] of Object.entries(RANGES) as [keyof typeof RANGES, [number, number]][]) {
    const ms = (times[name] = (chosen[name] ?? times[name])!)
    if (ms !== null && !(Number.isFinite(ms) && ms >= least && ms <= most))
      throw new RangeError(`${name} must be from ${least} to ${most} ms, and is ${ms}`)
  }
  if (!/^(ignore|extend)$/.test(activityDuringWarning))
    throw new RangeError(`activityDuringWarning must be "ignore" or "extend", and is ${activityDuringWarning}`)
  return { ...times, activityDuringWarning }
}
