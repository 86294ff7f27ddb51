import { createStore } from 'zustand/vanilla'
import { backoff } from './backoff.ts'
import { createClock } from './clock.ts'
import type { AuthError } from './errors.ts'
import { callsForRefresh, judge, type Verdict } from './policy.ts'
import { moved } from './record.ts'
import type { Room } from './room.ts'
import { pack } from './secret.ts'
import type { Cause, Grant, Held, SessionState } from './types.ts'

/** A visible tab looks at the record this often, in case no message came. */
const LOOK_EVERY = 10_000

export const NOBODY = {
  session: null,
  token: null,
  user: null,
  roles: [] as readonly string[],
  claims: null,
  deadline: null,
  cause: null,
  extendable: false,
  staying: false,
  trouble: null,
} satisfies Partial<SessionState>

const UNKNOWN: SessionState = {
  ...NOBODY,
  status: 'restoring',
  reason: null,
  endedHere: false,
  revocation: null,
  lastUser: null,
  tabs: 'shared',
  veiled: false,
}

export type Life = ReturnType<typeof createLife>

export interface LifeRoom {
  /** A refresh is due. */
  refresh(): void
  /** The deadline has passed by all this tab knows. */
  lapse(held: Held, cause: Cause): void
  /** It is time to look at the record. */
  lookAround(): void
}

/** The session in this tab: what is held, when someone was last here, and the alarm for the next change. */
export function createLife({ backend, platform, policy, log }: Room, room: LifeRoom) {
  const store = createStore<SessionState>(() => UNKNOWN)
  const { getState } = store

  let lastActive = 0
  // The first activity since the grant that called for a refresh, and whether any of it was in this tab.
  let due: { at: number; here: boolean } | null = null
  // When "Stay signed in" was pressed, until the server has confirmed it.
  let stayAt = 0
  let failures = 0
  let retryAt = 0
  // The server wishes to be left alone until then: no wake-up cuts that short.
  let notBefore = 0
  // The answer that renewed this grant was lost, and the next one was a no.
  let deadEnd = false
  // Restored with times later than now: nothing shows until the server has confirmed it.
  let unconfirmed = false
  let awake = false
  let disposed = false
  let cancelAlarm = () => {}

  const look = createClock(platform, (by) => {
    lastActive += by
    retryAt += by
    notBefore += by
    if (due) due = { ...due, at: due.at + by }
    const { session } = getState()
    if (!session) return
    const held = moved(session, by)
    show(shown(held))
    keep(held)
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

  const verdictOn = (held: Held, now: number, active = lastActive): Verdict =>
    judge(
      {
        grant: held.grant,
        signedInAt: held.signedInAt,
        lastActive: active,
        due,
        staying: stayAt > 0,
        failed: failures > 0,
        retryAt,
        renewable: !deadEnd && isRenewable(held.grant),
        prolongs: !!backend.prolongs,
        visible: platform.visible(),
      },
      now,
      policy,
    )

  /** Asks `judge` and carries its verdict out: the one place where time turns into deeds. */
  function tick(next?: Held, fresh?: Partial<SessionState>): void {
    cancelAlarm()
    const now = look()
    const held = next ?? getState().session
    if (!held) return
    const verdict = verdictOn(held, now)
    const { phase, deadline, cause, extendable } = verdict
    if (phase === 'over') {
      room.lapse(held, cause)
      return
    }

    if (phase === 'warning' && getState().status !== phase) log('warned', cause)
    show({ ...fresh, status: unconfirmed ? 'restoring' : phase, deadline, cause, extendable })
    if (awake)
      cancelAlarm = platform.wakeAt(Math.min(verdict.wakeAt, platform.visible() ? now + LOOK_EVERY : Infinity), onAlarm)
    if (verdict.refresh || (unconfirmed && now >= retryAt)) room.refresh()
  }

  function onAlarm(): void {
    tick()
    if (platform.visible()) room.lookAround()
  }

  /** Puts a grant into this tab's own storage. */
  function keep(held: Held): void {
    platform.save(pack({ v: 1, held, lastActive, savedAt: platform.now() }))
  }

  return {
    ...store,
    show,
    look,
    tick,
    keep,
    lastActive: () => lastActive,
    /** Whether nothing is known yet of a stored session. */
    isUnknown: () => !disposed && getState().status === 'restoring' && !getState().session,
    isConfirmed: () => !unconfirmed,
    /** The verdict on a session now, or on another moment of activity. */
    verdictOn,

    /** Makes a grant this tab's own, unless the tab has a newer one; whoever was here by then counts as active. */
    adopt(held: Held, active: number, confirm = false): void {
      const mine = getState().session
      if (
        disposed ||
        (mine && (mine.epoch > held.epoch || (mine.epoch === held.epoch && mine.generation >= held.generation)))
      )
        return
      if (mine?.id !== held.id) lastActive = 0
      lastActive = Math.max(lastActive, active, stayAt)
      unconfirmed = confirm && isRenewable(held.grant)
      deadEnd = false
      due = null
      stayAt = failures = retryAt = notBefore = 0
      tick(held, { ...shown(held), staying: false, trouble: null, reason: null, revocation: null })
      if (getState().session === held) keep(held)
    },

    /** Notes that someone was here at that moment: in this tab, or in another. */
    count(at: number, here: boolean): void {
      const { session } = getState()
      if (!session || at <= lastActive) return
      lastActive = at
      if (callsForRefresh(at, session.grant, policy)) due = { at: due?.at ?? at, here: here || !!due?.here }
      tick()
    },

    /** Someone asked to stay, and the server has yet to confirm it. */
    want(at: number): void {
      stayAt = at
      retryAt = notBefore
      show({ staying: true })
      tick()
    },
    isWanted: () => stayAt > 0,

    /** A refresh failed: when to try again is the policy's business. */
    fail({ kind, retryAfter = 0 }: AuthError, hopeless: boolean): void {
      const now = look()
      deadEnd ||= hopeless
      notBefore = now + retryAfter
      retryAt = Math.max(now + backoff(platform, failures++), notBefore)
      show({ trouble: kind, staying: false })
      tick()
    },

    /** The page is back, or online: what waits for a retry need not wait, unless the server asked for it. */
    hurry(): void {
      retryAt = notBefore
      tick()
    },

    /** Drops all of the session from this tab. */
    drop(held: Held, next: Partial<SessionState>): void {
      cancelAlarm()
      due = null
      stayAt = failures = retryAt = notBefore = 0
      platform.clear(held.id)
      show({ ...NOBODY, ...next })
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
      cancelAlarm()
      show({ ...NOBODY, status: 'signed-out' })
      disposed = true
    },
  }
}

const shown = (session: Held) => ({
  session,
  token: session.grant.token,
  user: session.grant.user,
  roles: session.grant.roles ?? NOBODY.roles,
  claims: session.grant.claims ?? null,
})
