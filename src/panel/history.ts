import type { Inspection } from '../core/policy.ts'
import type { SessionState } from '../core/types.ts'
import type { Entry, GapKind } from './entries.ts'

/** From a moment (epoch ms) on, this is the end unless someone acts. */
export interface Step {
  readonly at: number
  /** Epoch ms; `null`: nobody is signed in. */
  readonly deadline: number | null
}

/** How many seconds of a bucket of time someone was active in. */
export interface Bucket {
  /** When the bucket begins: epoch ms. */
  readonly at: number
  readonly seconds: number
}

/** A time in which something was so; `to` is `null` while it still is. */
export interface Stretch<W = string> {
  readonly from: number
  readonly to: number | null
  readonly what: W
}

/** One token's life, as far as the session used it. Moments are epoch ms. */
export interface TokenLife {
  readonly sessionId: string
  readonly generation: number
  /** When the request for it left. */
  readonly from: number
  /** When it was replaced or dropped; `null` while it is in use. */
  readonly until: number | null
  /** When it ends by itself; `null` where nobody knows. */
  readonly expiresAt: number | null
  /** When what renews it ends, where that is another token or a cookie; `null` where there is none, or nobody knows. */
  readonly refreshEndsAt: number | null
}

/** What is kept of a session's past, oldest first. */
export interface Past {
  readonly steps: readonly Step[]
  readonly activity: readonly Bucket[]
  readonly tokens: readonly TokenLife[]
  readonly warnings: readonly Stretch[]
  readonly keptAwake: readonly Stretch[]
  readonly gaps: readonly Stretch<GapKind>[]
  readonly entries: readonly Entry[]
}

/** What a recording knows: how things are now, and what is kept of the past, oldest first. */
export interface Snapshot extends Past {
  /** When the recording began, or what it still knows does: epoch ms. */
  readonly since: number
  /** When this was so: epoch ms. */
  readonly now: number
  /** The length of a bucket of `activity`, in ms. */
  readonly bucket: number
  readonly state: SessionState
  readonly inspection: Inspection
}

/** No more than so many steps, buckets, and things that happened are kept, however long the history. */
const STEPS = 3_600
const BUCKETS = 720
const ENTRIES = 500

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] }

/** A past of bounded size; `keep` in ms. */
export function createHistory(keep: number, since: number) {
  const bucket = Math.max(1_000, keep / BUCKETS)
  const resolution = Math.max(1_000, keep / STEPS)
  const past: Writable<Past> = {
    steps: [],
    activity: [],
    tokens: [],
    warnings: [],
    keptAwake: [],
    gaps: [],
    entries: [],
  }
  let active = since

  /** Opens, goes on with, or closes what is so while `what` is given. */
  function follow(stretches: Stretch[], at: number, what: string | null): void {
    const last = stretches.at(-1)
    const open = last && last.to === null ? last : null
    if (open?.what === (what ?? undefined)) return
    if (open) stretches[stretches.length - 1] = { ...open, to: at }
    if (what !== null) stretches.push({ from: at, to: null, what })
  }

  function followToken(at: number, { session }: SessionState): void {
    const { tokens } = past
    const last = tokens.at(-1)
    const open = last?.until === null ? last : null
    if (open?.sessionId === session?.id && open?.generation === session?.generation) return
    const from = session?.grant.departedAt ?? at
    const handedOver = open && open.sessionId === session?.id ? Math.max(from, open.from) : at
    if (open) tokens[tokens.length - 1] = { ...open, until: handedOver }
    if (!session) return
    const { id, generation, grant } = session
    const { expiresAt, refreshExpiresAt = null } = grant
    tokens.push({ sessionId: id, generation, from, until: null, expiresAt, refreshEndsAt: refreshExpiresAt })
  }

  function followDeadline(at: number, { verdict, lastActive }: Inspection): void {
    const { steps } = past
    const last = steps.at(-1)
    const deadline = verdict?.deadline ?? null
    if ((last?.deadline ?? null) === deadline) return
    // Someone was active up to a second before that was noticed: the line jumps where it did.
    const moved = last && last.at < lastActive && lastActive <= at ? lastActive : at
    if (last?.deadline != null && deadline !== null && moved - last.at < resolution)
      steps[steps.length - 1] = { at: last.at, deadline }
    else steps.push({ at: moved, deadline })
  }

  function followActivity({ verdict, lastActive }: Inspection): void {
    if (!verdict || lastActive <= active) return
    active = lastActive
    const { activity } = past
    const at = Math.floor(lastActive / bucket) * bucket
    const last = activity.at(-1)
    if (last?.at === at) activity[activity.length - 1] = { at, seconds: Math.min(last.seconds + 1, bucket / 1_000) }
    else activity.push({ at, seconds: 1 })
  }

  /** Drops what is over for longer than is kept; of the line, one step from before, as it still goes on from there. */
  function prune(now: number): void {
    const oldest = now - keep
    const dropOver = <T>(list: T[], isOver: (item: T) => boolean) => {
      let count = 0
      while (count < list.length && isOver(list[count]!)) count++
      if (count) list.splice(0, count)
    }
    const { steps, activity, tokens, warnings, keptAwake, gaps, entries } = past
    const next = steps.findIndex(({ at }) => at > oldest)
    const passed = (next < 0 ? steps.length : next) - 1
    if (passed > 0) steps.splice(0, passed)
    dropOver(activity, ({ at }) => at + bucket <= oldest)
    dropOver(tokens, ({ until }) => until !== null && until <= oldest)
    for (const stretches of [warnings, keptAwake, gaps] as Stretch[][])
      dropOver(stretches, ({ to }) => to !== null && to <= oldest)
    dropOver(entries, ({ at, until }) => (until ?? at) <= oldest)
    for (const list of [entries, tokens, warnings, keptAwake, gaps])
      if (list.length > ENTRIES) list.splice(0, list.length - ENTRIES)
  }

  return {
    bucket,
    copy: (): Past =>
      Object.fromEntries(Object.entries(past).map(([name, list]) => [name, [...list]])) as unknown as Past,

    add: (entry: Entry): void => void past.entries.push(entry),

    /** A gap that goes on from the one before is the same one; returns whether it is. */
    addGap(what: GapKind, from: number, to: number): Stretch<GapKind> | null {
      const { gaps } = past
      const last = gaps.at(-1)
      const before = last && last.what === what && from - (last.to ?? from) <= 2_000 ? last : null
      if (before) gaps[gaps.length - 1] = { ...before, to }
      else gaps.push({ what, from, to })
      return before ?? null
    },

    /** Puts an entry in the place of the latest of its type. */
    replaceLatest(entry: Entry): void {
      const index = past.entries.findLastIndex(({ type }) => type === entry.type)
      if (index >= 0) past.entries[index] = entry
    },

    /** Notes how things are now. */
    note(now: number, state: SessionState, inspection: Inspection): void {
      followToken(now, state)
      followDeadline(now, inspection)
      followActivity(inspection)
      follow(past.warnings, now, state.status === 'warning' ? (state.cause ?? 'idle') : null)
      follow(past.keptAwake, now, state.keptAwakeBy.length ? state.keptAwakeBy.join(', ') : null)
      prune(now)
    },

    /** The device's clock was set back: every moment moves along, as those of the session do. */
    move(by: number): void {
      const later = (at: number | null) => at && at + by
      active += by
      past.steps = past.steps.map(({ at, deadline }) => ({ at: at + by, deadline: later(deadline) }))
      past.activity = past.activity.map(({ at, seconds }) => ({ at: at + by, seconds }))
      past.tokens = past.tokens.map((token) => ({
        ...token,
        from: token.from + by,
        until: later(token.until),
        expiresAt: later(token.expiresAt),
        refreshEndsAt: later(token.refreshEndsAt),
      }))
      const moved = <W>({ from, to, what }: Stretch<W>) => ({ what, from: from + by, to: later(to) })
      past.warnings = past.warnings.map(moved)
      past.keptAwake = past.keptAwake.map(moved)
      past.gaps = past.gaps.map(moved)
      past.entries = past.entries.map((entry) => ({ ...entry, at: entry.at + by, until: later(entry.until) }))
    },
  }
}
