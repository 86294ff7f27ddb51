import { createStore } from 'zustand/vanilla'
import { advise } from './advice.ts'
import { backoff } from './backoff.ts'
import { createClock } from './clock.ts'
import type { AuthError } from './errors.ts'
import type { SessionEvents } from './events.ts'
import { callsForRefresh, type Facts, type Inspection, judge, limits, type Verdict } from './policy.ts'
import { type Claim, moved } from './record.ts'
import type { Room } from './room.ts'
import { pack } from './secret.ts'
import { GONE, shown, UNKNOWN } from './state.ts'
import type { Cause, Grant, Held, Policy, SessionState, Status } from './types.ts'

/** A refresh that was put off is looked at again as after so many failures. */
const WAITS = 2
/** A visible tab looks at the record this often, in case no message came. */
const LOOK_EVERY = 10_000

/** What is under way with a grant; each grant begins anew. */
const UNDER_WAY = {
  // The first activity since the grant that called for a refresh, and whether any of it was in this tab.
  due: null as Facts['due'],
  // When "Stay signed in" was pressed, until the server has confirmed it.
  stayAt: 0,
  failures: 0,
  error: null as AuthError | null,
  retryAt: 0,
  // When the refresh now under way was asked for.
  startedAt: null as number | null,
  // The server wishes to be left alone until then: no wake-up cuts that short.
  notBefore: 0,
  // The answer that renewed this grant was lost, and the next one was a no.
  isDeadEnd: false,
  // A request was told that its token is bad, and nobody has been here since to renew it.
  isDoubtful: false,
}

export type Life = ReturnType<typeof createLife>

export interface LifeRoom {
  /** A refresh is due; `canWait`: nobody asked for it just now. */
  refresh(canWait: boolean): void
  /** The deadline has passed by all this tab knows. */
  lapse(held: Held, cause: Cause): void
  /** It is time to look at the record. */
  lookAround(): void
  /** The clock was set back under this session. */
  setBack(held: Held, by: number): void
  /** "Stay signed in" is confirmed. */
  stayed(): void
  /** Whether this tab still wants a session; if not, it has ended it. */
  isWelcome(held: Held): boolean
}

/** The session in this tab: what is held, when someone was last here, and the alarm for the next change. */
export function createLife({ backend, platform, policy, emit }: Room, room: LifeRoom) {
  const store = createStore<SessionState>(() => UNKNOWN)
  const { getState } = store

  let lastActive = 0
  let way = { ...UNDER_WAY }
  // Restored with times later than now: nothing shows until the server has confirmed it.
  let unconfirmed = false
  let lookedAt = 0
  // By how much the clock was set back while this page lives.
  let setBack = 0
  let awake = false
  let disposed = false
  let ticks = 0
  // Of which grant was told last.
  let told = { id: '', generation: 0 }
  let cancelAlarm = () => {}

  const look = createClock(platform, (by) => {
    const later = (at: number) => at && at + by
    setBack += by
    lastActive += by
    lookedAt += by
    way = {
      ...way,
      due: way.due && { ...way.due, at: later(way.due.at) },
      stayAt: later(way.stayAt),
      retryAt: later(way.retryAt),
      notBefore: later(way.notBefore),
    }
    const { session } = getState()
    if (!session) return
    const held = moved(session, by)
    show(shown(held))
    keep(held)
    room.setBack(held, by)
  })

  function show(next: Partial<SessionState>): void {
    const state = getState()
    if (disposed) return
    if (Object.entries(next).some(([key, value]) => state[key as keyof SessionState] !== value)) store.setState(next)
  }

  const isRenewable = (grant: Grant): boolean =>
    !!backend.refresh &&
    backend.renewsWith !== 'nothing' &&
    (backend.renewsWith !== 'refresh-token' || !!grant.refreshToken)

  const verdictOn = (held: Held, now = look(), active = lastActive): Verdict =>
    judge(
      {
        ...held,
        ...way,
        lastActive: active,
        renewable: !way.isDeadEnd && isRenewable(held.grant),
        prolongs: !!backend.prolongs,
        visible: platform.visible(),
      },
      now,
      policy,
    )

  /** Asks `judge` and carries its verdict out: the one place where time turns into deeds. */
  function tick(next?: Held, fresh?: Partial<SessionState>, made = false): void {
    cancelAlarm()
    if (disposed) return
    const mine = ++ticks
    const now = look()
    const held = next ?? getState().session
    const alarms = [platform.visible() ? lookedAt + LOOK_EVERY : Infinity]
    const verdict = held && verdictOn(held, now)
    if (verdict) {
      const { phase, deadline, cause, extendable } = verdict
      if (phase === 'over') {
        room.lapse(held, cause)
        return
      }
      // A page that was away asks the others before it warns.
      const isAway = getState().veiled && getState().status === 'active'
      const status = unconfirmed ? 'restoring' : isAway ? 'active' : phase
      // In the order of a life: a session that a reload brings back may be in its warning.
      if (next) tell(next, made)
      if (status === 'warning' && getState().status !== status) emit('warned', held.id, { cause, deadline })
      show({ ...fresh, status, deadline, cause, extendable })
      // Whoever saw that may have done something: what was judged before is past.
      if (mine !== ticks) return
      alarms.push(verdict.wakeAt, unconfirmed && way.retryAt > now ? way.retryAt : Infinity)
    }
    const wakeUp = Math.min(...alarms)
    if (awake && wakeUp < Infinity) cancelAlarm = platform.wakeAt(wakeUp, onAlarm)
    if (verdict && (verdict.refresh || (unconfirmed && now >= way.retryAt))) {
      way.startedAt ??= now
      room.refresh(!way.stayAt && !unconfirmed)
    }
  }

  function onAlarm(): void {
    const now = look()
    if (platform.visible() && now - lookedAt >= LOOK_EVERY) {
      lookedAt = now
      room.lookAround()
    }
    tick()
  }

  const dueOf = (grant: Grant, here: boolean): Facts['due'] =>
    callsForRefresh(lastActive, grant, policy) ? { at: lastActive, here } : null

  /** Tells of a grant that is new to this tab; `here`: fetched by it. */
  function tell({ id, generation, grant }: Held, here: boolean): void {
    if (id !== told.id) emit('signed-in', id, { here })
    else if (generation > told.generation)
      emit('refreshed', id, { here, generation, ms: here ? platform.now() - grant.departedAt : null })
    told = { id, generation }
  }

  /** Tells that the warning, open until now, was answered. */
  function answered(was: Status, by: SessionEvents['extended']['by']): void {
    const { session, status, deadline } = getState()
    if (session && was === 'warning' && status === 'active') emit('extended', session.id, { by, deadline: deadline! })
  }

  /** A session as storage and siblings get it. */
  const claim = (held: Held): string => pack({ v: 1, held, lastActive, savedAt: platform.now() } satisfies Claim)

  /** Puts a grant into this tab's own storage. */
  const keep = (held: Held): void => platform.save(claim(held))

  return {
    ...store,
    show,
    look,
    tick,
    claim,
    keep,
    verdictOn,
    lastActive: () => lastActive,
    /** Whether nothing is known yet of a stored session. */
    isUnknown: () => !disposed && getState().status === 'restoring' && !getState().session,
    isConfirmed: () => !unconfirmed,
    isWanted: () => way.stayAt > 0,
    inspect(): Inspection {
      const { session } = getState()
      const { due, startedAt, retryAt, failures, isDoubtful } = way
      const now = platform.now()
      const known = session && { verdict: verdictOn(session, now), lengths: limits(session.grant, policy) }
      return {
        now,
        policy: { ...policy },
        lastActive,
        due,
        startedAt,
        retryAt,
        failures,
        isDoubtful,
        verdict: null,
        lengths: null,
        ...known,
      }
    },

    /** Why no refresh may start now, if that is so. */
    mustWait: () => (look() < way.retryAt ? way.error : null),
    /** Whether anything at all ends a session with this grant. */
    hasEnd: (grant: Grant, by: Policy = policy) => !Number.isNaN(limits(grant, by).idle),

    /** Returns a function that moves what was fetched since by every step of the clock meanwhile. */
    stamp(): (held: Held) => Held {
      look()
      const before = setBack
      return (held) => {
        look()
        return setBack === before ? held : moved(held, setBack - before)
      }
    },

    /** Makes a grant this tab's own, unless the tab has a newer one; whoever was here by then counts as active. `made`: by this tab. */
    adopt(held: Held, active: number, { here = true, made = false, confirm = false } = {}): void {
      const { session: mine, status: was } = getState()
      const isSame = mine?.id === held.id
      const isOld = mine && (isSame ? mine.generation >= held.generation : mine.epoch >= held.epoch)
      if (disposed || isOld || !room.isWelcome(held)) return
      if (!isSame) lastActive = 0
      const hasStayed = isSame && way.stayAt > 0
      const isNews = isSame && active > lastActive
      lastActive = Math.max(lastActive, active, way.stayAt)
      unconfirmed = confirm && isRenewable(held.grant)
      way = { ...UNDER_WAY, due: dueOf(held.grant, here) }
      const fresh = { staying: false, trouble: null, reason: null, revocation: null, lastUser: null }
      tick(held, { ...shown(held), ...fresh }, made)
      if (getState().session === held) {
        keep(held)
        if (!isSame) advise(backend, platform, policy, held)
      }
      if (hasStayed) room.stayed()
      else if (isNews) answered(was, 'other-tab')
    },

    /** Notes that someone was here at that moment, and how that is known. */
    count(at: number, by: SessionEvents['extended']['by']): void {
      const { session, status } = getState()
      const here = by !== 'other-tab'
      if (!session || at <= lastActive) return
      lastActive = at
      if (way.isDoubtful || callsForRefresh(at, session.grant, policy))
        way.due = { at: way.due?.at ?? at, here: here || !!way.due?.here }
      tick()
      if (by !== 'stay') answered(status, by)
    },

    /** The policy has changed: what was too young for a refresh may be due by now. */
    reconsider(): void {
      const { session } = getState()
      if (session) {
        way.due ??= dueOf(session.grant, true)
        advise(backend, platform, policy, session)
      }
      tick()
    },

    /** The server refuses this grant's token: the next activity renews it, however young it is. */
    doubt(): void {
      way.isDoubtful = true
    },

    /** Someone asked to stay, and the server has yet to confirm it. */
    want(at: number): void {
      way.stayAt = at
      way.retryAt = way.notBefore
      show({ staying: true })
      tick()
    },

    /** A refresh failed: when to try again is the policy's business. */
    fail(error: AuthError, isHopeless: boolean): void {
      const now = look()
      const notBefore = now + (error.retryAfter ?? 0)
      way = {
        ...way,
        error,
        startedAt: null,
        notBefore,
        retryAt: Math.max(now + backoff(platform, way.failures), notBefore),
        failures: way.failures + 1,
        isDeadEnd: way.isDeadEnd || isHopeless,
      }
      show({ trouble: error.kind, staying: false })
      tick()
    },

    /** A refresh was not sent after all: it is looked at again in a while. */
    putOff(): void {
      way.startedAt = null
      way.retryAt = look() + backoff(platform, WAITS)
      tick()
    },

    /** The page is back, or online: what waits for a retry need not wait, unless the server asked for it. */
    hurry(): void {
      way.retryAt = way.notBefore
      tick()
    },

    /** Drops all of a session from this tab; what the tab holds of another stays. */
    drop({ id }: Held, next: Partial<SessionState>): void {
      const { session } = getState()
      platform.clear(id)
      if (session && session.id !== id) return
      way = { ...UNDER_WAY }
      show({ ...GONE, ...next })
      tick()
    },

    wake(): void {
      awake = true
    },
    sleep(): void {
      awake = false
      cancelAlarm()
    },
    /** Forgets what is held; from here on nothing changes any more. */
    dispose(): void {
      awake = false
      cancelAlarm()
      show({ ...GONE, lastUser: null })
      disposed = true
    },
  }
}
