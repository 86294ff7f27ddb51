import type { SessionCore } from '../core/session.ts'
import type { SessionState } from '../core/types.ts'
import { EVENT_TYPES, entryOf, type GapKind, gapEntryOf, stepEntryOf } from './entries.ts'
import { exportOf, type RecordingExport } from './export.ts'
import { createHistory, type Snapshot } from './history.ts'
import { personalIn } from './redact.ts'

/** What of a session manager a recording needs: that of `createSession`, and that of a test, have it. */
export type Recordable = Pick<SessionCore, 'getState' | 'subscribe' | 'on' | 'inspect' | 'now' | 'wakeAt'>

/** What `recordSession` may be told. */
export interface RecordingOptions {
  /** How much of the past is kept, in ms: 1 h by default, at most 8 h. */
  readonly keep?: number
}

/** What happens to a session, as it happens. */
export interface Recording {
  /** What it knows: the same object until there is more. */
  get(): Snapshot
  /** Calls when there is more: once a second while somebody is signed in, and at once when something happens. Returns the way out. */
  subscribe(listener: () => void): () => void
  /** Records no more, and forgets. */
  stop(): void
  /** What it knows, without tokens, names and whatever else may tell who somebody is. */
  toJSON(): RecordingExport
}

const SECOND = 1_000
const HOUR = 3_600_000
/** How late a look may come, in ms, before that counts as a gap. */
const LATE = 3 * SECOND
/** Browsers ring the timers of a hidden page once a minute at the least: what is longer was no mere throttling. */
const THROTTLED = 70 * SECOND
/** So many values that name somebody are remembered, to be left out of what is exported. */
const NAMES = 500

const recordings = new WeakMap<object, Recording>()

/** Starts recording what happens to a session, once: a second call has the same recording. Throws a `RangeError` for a `keep` out of range. */
export function recordSession(session: Recordable, options: RecordingOptions = {}): Recording {
  const { keep = HOUR } = options
  if (!(keep >= 60 * SECOND && keep <= 8 * HOUR))
    throw new RangeError(`keep must be from 60000 to ${8 * HOUR} ms, and is ${keep}`)
  const known = recordings.get(session)
  if (known) return known
  const recording = createRecording(session, keep, () => recordings.delete(session))
  recordings.set(session, recording)
  return recording
}

const isHidden = () => typeof document !== 'undefined' && document.hidden

function createRecording(session: Recordable, keep: number, forget: () => void): Recording {
  const listeners = new Set<() => void>()
  const personal = new Set<string>()
  let since = session.now()
  const history = createHistory(keep, since - 1)
  let ids = 0
  let lookedAt = since
  let wasHidden = isHidden()
  let isSampling = false
  let cancel = () => {}
  let stopped = false
  let snapshot: Snapshot | null = null

  function look(): void {
    const now = session.now()
    if (lookedAt - now > SECOND) setBack(now, now - lookedAt)
    else if (isSampling && now - lookedAt > SECOND + LATE) addGap(lookedAt, now)
    lookedAt = Math.max(now, lookedAt)
    wasHidden = isHidden()
    since = Math.max(since, now - keep)
    const state = session.getState()
    for (const value of personalIn(state)) if (personal.size < NAMES) personal.add(value)
    history.note(now, state, session.inspect())
    snapshot = null
    arm(state)
  }

  function setBack(now: number, by: number): void {
    history.move(by)
    since += by
    lookedAt = now
    history.add(stepEntryOf(now, by, ++ids))
  }

  function addGap(from: number, to: number): void {
    const kind: GapKind = to - from <= THROTTLED && (wasHidden || isHidden()) ? 'throttled' : 'asleep'
    const before = history.addGap(kind, from, to)
    if (before) history.replaceLatest(gapEntryOf(kind, before.from, to, ++ids))
    else history.add(gapEntryOf(kind, from, to, ++ids))
  }

  /** While nobody is signed in and nobody looks, there is nothing to wait for, and no timer. */
  function arm(state: SessionState): void {
    cancel()
    isSampling = !stopped && (state.session !== null || listeners.size > 0)
    if (isSampling) cancel = session.wakeAt(session.now() + SECOND, sample)
  }

  function sample(): void {
    look()
    tell()
  }

  /** A listener that throws disturbs neither the others nor the session. */
  function tell(): void {
    for (const listener of [...listeners])
      try {
        listener()
      } catch (error) {
        globalThis.reportError?.(error)
      }
  }

  const offs = [
    session.subscribe((state, before) => {
      // Each activity moves the deadline: that can wait for the next look.
      const isNews = WATCHED.some((key) => state[key] !== before[key])
      if (isNews) sample()
    }),
    ...EVENT_TYPES.map((type) =>
      session.on(type, (event) => {
        look()
        history.add(entryOf(event, ++ids))
        tell()
      }),
    ),
  ]
  look()

  const get = (): Snapshot =>
    (snapshot ??= {
      ...history.copy(),
      since,
      now: lookedAt,
      bucket: history.bucket,
      state: session.getState(),
      inspection: session.inspect(),
    })

  return {
    get,
    subscribe(listener) {
      const own = () => listener()
      listeners.add(own)
      if (!stopped) look()
      return () => {
        listeners.delete(own)
        if (!stopped) arm(session.getState())
      }
    },
    stop(): void {
      stopped = true
      cancel()
      for (const off of offs) off()
      personal.clear()
      forget()
    },
    toJSON: () => exportOf(get(), personal),
  }
}

/** The state's parts whose change is news. */
const WATCHED = [
  'status',
  'session',
  'staying',
  'trouble',
  'reason',
  'revocation',
  'keptAwakeBy',
  'tabs',
  'veiled',
] as const satisfies readonly (keyof SessionState)[]
