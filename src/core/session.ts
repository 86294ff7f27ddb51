import { checkNames } from './advice.ts'
import { createCalls } from './call.ts'
import { createEnding } from './ending.ts'
import { SessionOverError } from './errors.ts'
import { createEvents, type SessionEvent } from './events.ts'
import { createFollow } from './follow.ts'
import { createKeepAwake } from './keep-awake.ts'
import { createLapse } from './lapse.ts'
import { createLife, type Life } from './life.ts'
import { createPasswordReset } from './password-reset.ts'
import { type PolicyChanges, type PolicyOptions, toPolicy } from './policy.ts'
import { createPresence } from './presence.ts'
import { isCount } from './record.ts'
import { createRefresh, type Outcome } from './refresh.ts'
import { createRequests } from './requests.ts'
import { createRestore } from './restore.ts'
import type { Finish, Room } from './room.ts'
import { createShared } from './shared.ts'
import { createSignIn } from './sign-in.ts'
import { lastUserOf } from './state.ts'
import type { Backend, Credentials, EndReason, Grant, Held, Platform, Question, SessionState } from './types.ts'

export interface CoreOptions extends PolicyOptions {
  /** The auth system's dialect. */
  readonly backend: Backend
  /** The world outside. */
  readonly platform: Platform
  /** Part of every key, channel, lock, record and message: sessions of one name on one origin are one. */
  readonly name: string
  /** Whether a sibling tab that asks is given the grant. */
  readonly handOver: boolean
  /** Told what happened and why; never a secret. */
  readonly log?: ((event: SessionEvent) => void) | undefined
  /** Called once, before anything is known: tests begin in the midst of a session. */
  readonly begin?: ((life: Life) => void) | undefined
}

export type SessionCore = ReturnType<typeof createSessionCore>

/** The life of a session, in one tab of any number. */
export function createSessionCore(options: CoreOptions) {
  const { backend, platform, name: app } = options
  const { ask, dispose: breakOff } = createCalls(platform)
  const shared = createShared(platform, app)
  const policy = toPolicy(options, backend)
  const { emit, on, dispose: fallSilent } = createEvents(platform, options.log)
  const room: Room = { backend, platform, policy, app, shared, ask, emit }
  const life = createLife(room, {
    refresh: (canWait) => void refresher.refresh(canWait),
    lapse: (held, cause) => void settle(lapses.lapse(held, cause)),
    lookAround: () => void follower.sync(),
    stayed: () => presence.extended(),
    setBack: (held, by) => presence.setBack(held, by),
    isWelcome: (held) => {
      if (isWelcome) return true
      end('user', held)
      return false
    },
  })
  const { getState, show, tick } = life
  const follower = createFollow(room, life, finish)
  const lapses = createLapse(room, life, follower, finish)
  const load = createRestore(room, life, follower)
  const ending = createEnding(room, (held, revocation) => {
    if (held.id === follower.left()) show({ revocation })
  })
  const { discard } = ending
  const refresher = createRefresh(room, life, { discard, settle: settleRefresh })
  const presence = createPresence(room, life, follower, refresher)
  const keeper = createKeepAwake(room, life, presence.touch)
  const signingIn = createSignIn(room, life, { enter, discard, resume, lacksRecord: follower.lacksRecord })
  const request = createRequests(room, life, refresher, {
    settled: () => (life.isUnknown() ? restore() : settling),
    sync: follower.sync,
    owner: () => getState().session ?? lapses.lapsing(),
    refuse: (held) => (follower.isBehind(held) ? finish(held, 'refused', 'quietly') : end('refused', held)),
  })

  let disposed = false
  let starts = 0
  let stop = () => {}
  let hides = 0
  let policies = 0
  // Signed out before it was known whether there is a session: the one that is found ends at once.
  let isWelcome = true
  // What a request waits for: a restore, or the last look before an end.
  let settling: Promise<void> | null = null

  // A host's mistake must not keep a session alive: it surfaces, but not here.
  function safely(call: () => void): void {
    try {
      call()
    } catch (error) {
      platform.report(error)
    }
  }

  function settle(work: Promise<void>): Promise<void> {
    const mine = work.finally(() => {
      if (settling === mine) settling = null
    })
    settling = mine
    return mine
  }

  /** Looks at what this tab has stored, once. */
  function restore(): Promise<void> {
    return settling ?? settle(load())
  }

  function resume(): void {
    void (life.isUnknown() ? restore() : follower.sync())
  }

  /** What came of a refresh, settled once for all who waited for it. */
  function settleRefresh(id: string, outcome: Outcome): void {
    // Past the deadline no answer counts: not even a good one.
    tick()
    const { session } = getState()
    if (session?.id !== id) {
      if (outcome.kind === 'renewed' && outcome.here) void discardUnlessHeld(outcome.held)
      return
    }
    if (outcome.kind === 'moved-on') void follower.follow(outcome.record)
    else if (outcome.kind === 'replaced') end('replaced', session, 'quietly')
    else if (outcome.kind === 'unused') life.putOff()
    else if (outcome.kind === 'failed') {
      const { error, isUnsure, isStale } = outcome
      const { kind, status = null, message } = error
      emit('failed', session.id, { during: 'refresh', kind, status, message })
      if (error.kind !== 'refused' || isUnsure) life.fail(error, error.kind === 'refused')
      else if (isStale) finish(session, 'refused', 'quietly')
      else end('refused', session)
    } else {
      const { held, here } = outcome
      life.adopt(held, 0, { made: here })
      if (here) tell(held)
    }
  }

  async function discardUnlessHeld(held: Held): Promise<void> {
    await settling
    if (getState().session?.id !== held.id) discard(held)
  }

  const tell = ({ id, epoch, generation }: Held) => shared.say({ kind: 'session', sessionId: id, epoch, generation })

  function finish(...[held, reason, how]: Parameters<Finish>): void {
    const here = how === 'here'
    const lastUser = lastUserOf(held, reason)
    if (lapses.lapsing()?.id === held.id) lapses.forget()
    keeper.end(held.id)
    follower.leave(held, how === 'quietly' ? null : reason)
    life.drop(held, { reason, endedHere: here, revocation: null, lastUser })
    emit('ended', held.id, { here, reason })
    if (here) shared.say({ kind: 'ended', sessionId: held.id, reason })
    if (how !== 'quietly') show({ revocation: ending.add(held, here, reason) })
  }

  /** Ends a session everywhere: in this tab first, whatever comes of the rest. */
  function end(reason: EndReason, held: Held, how: 'here' | 'quietly' = 'here'): void {
    finish(held, reason, how)
    void shared.end(held.id, reason)
  }

  function enter(held: Held): void {
    const old = getState().session ?? lapses.lapsing()
    if (old) finish(old, 'replaced', 'here')
    life.adopt(held, held.signedInAt, { made: true })
    tell(held)
    void follower.sync()
  }

  function signOut(): void {
    signingIn.abandon()
    const held = getState().session ?? lapses.lapsing()
    if (held) end('user', held)
    else if (getState().lastUser) follower.depart()
    else if (life.isUnknown()) {
      isWelcome = false
      void restore().finally(() => {
        isWelcome = true
      })
    }
  }

  /** The page is back in view or in touch: what is due is done before anything shows. */
  async function wake(): Promise<void> {
    const before = hides
    const isShown = platform.visible()
    life.hurry()
    ending.retry()
    await follower.sync()
    await settling
    // Begun out of view, it may have looked at the record before the page was put away.
    if (!isShown || !platform.visible() || hides !== before) return
    show({ veiled: false })
    tick()
  }

  /** The page is put away: nothing private may be in the picture that is taken of it. */
  function hide(): void {
    hides++
    const { session, tabs } = getState()
    // Without a record, this is where a reload learns when someone was last here.
    if (session && tabs === 'alone') life.keep(session)
    show({ veiled: true })
  }

  function answer({ sessionId, generation }: Question): string | null {
    tick()
    const { session } = getState()
    // The question may come from anyone: comparing with what is no number runs whatever its text takes.
    const isAsked =
      session && (sessionId ?? session.id) === session.id && isCount(generation) && session.generation >= generation
    return isAsked && options.handOver && !backend.permanent && life.isConfirmed() ? life.claim(session) : null
  }

  async function grant(refused?: Grant): Promise<Grant> {
    if (disposed) throw new SessionOverError()
    return request(refused)
  }

  const session = {
    /** The state now. */
    getState,
    /** The state before anything is known, the same on a server. */
    getInitialState: life.getInitialState,
    /** Calls on every change of the state; returns the way out. */
    subscribe: (listener: (state: SessionState, previous: SessionState) => void) =>
      life.subscribe((state, previous) => safely(() => listener(state, previous))),

    /** Signs in; a second call alike while one is under way joins it, another waits for it. Throws `AuthError`; nothing changes then. */
    signIn: async (credentials: Credentials = {}): Promise<void> => {
      if (disposed) throw new SessionOverError()
      return signingIn.signIn(credentials)
    },
    /** Leaves a sign-in under way: what it answers is revoked. */
    abandonSignIn: signingIn.abandon,
    /** Signs out: at once here and in all tabs, then at the server. */
    signOut,

    /** How a forgotten password is replaced, as the system has it; `null` where it has no way. Both throw `AuthError`. */
    passwordReset: backend.passwordReset ? createPasswordReset(backend.passwordReset, ask) : null,

    /** "Stay signed in": resolves to whether it is confirmed; a failure shows in the state and is tried again. */
    stay: presence.stay,
    /** Reports human activity that no listener sees; `strong` unless it is a mere move. */
    touch: presence.touch,
    /** Touches again and again, for work that stands for a person, until the returned function is called or `max` ms (at most 4 h) have passed; throws a `TypeError` or `RangeError` for bad input, `SessionOverError` while nobody is signed in. */
    keepAwake: keeper.keepAwake,

    /** What a request may be sent with now; after a grant that the server refused, a newer one. Throws as `getToken` does. */
    grant,
    /** A token that may be sent now, renewed if need be and if someone was here. Throws `SessionOverError` or `AuthError`. */
    getToken: async (): Promise<string> => (await grant()).token.reveal(),

    /** Changes the timing policy while running, over the options of `createSession`; holds in this tab until it is set again, `{}` goes back. Throws a `RangeError` and changes nothing for a time out of range, a `TypeError` for what is no part of the policy. */
    setPolicy(changes: PolicyChanges): void {
      checkNames(changes)
      const next = toPolicy(options, backend, changes)
      // What is over by the policy that held until now is over, whoever asks first after a sleep.
      tick()
      const held = getState().session ?? lapses.lapsing()
      if (held && !life.hasEnd(held.grant, next))
        throw new RangeError('idleTimeout is required: the token of this session has no known end.')
      const mine = ++policies
      const apply = () => {
        if (mine !== policies) return
        // What keeps awake stands for someone who is here now, however short the new limit.
        keeper.beat()
        Object.assign(policy, next)
        life.reconsider()
        keeper.beat()
      }
      // Hosts go back to longer limits when nobody shows: an end that is being looked into would be undone by that.
      if (lapses.lapsing())
        void Promise.resolve()
          .then(() => settling)
          .then(apply)
      else apply()
    },

    /** What the policy makes of the session now, and of what: for tools that explain it. */
    inspect: life.inspect,
    /** Calls on every event of that type, after the fact, until the returned function is called. */
    on,

    /** The clock the deadline is told by: epoch ms. */
    now: platform.now,
    /** Calls once at a moment of that clock, after asking whether the session is over; returns cancel. */
    wakeAt: (time: number, wake: () => void): (() => void) =>
      platform.wakeAt(time, () => {
        tick()
        wake()
      }),

    /** Starts listening; counted, so that StrictMode may start twice. Returns stop. */
    start(): () => void {
      if (disposed) return () => {}
      if (++starts === 1) {
        const offs = [
          platform.onActivity(presence.touch),
          platform.onWake(() => void wake()),
          platform.onHide(hide),
          shared.onFact(follower.receive),
          platform.onAsk(answer),
        ]
        stop = () => {
          life.sleep()
          keeper.sleep()
          for (const off of offs) off()
        }
        life.wake()
        tick()
        keeper.wake()
        resume()
      }
      let isOn = true
      return () => {
        if (isOn && --starts === 0) stop()
        isOn = false
      }
    },

    /** Forgets everything, here only: no listener, timer, channel, lock or request is left. */
    dispose(): void {
      disposed = true
      fallSilent()
      signingIn.abandon()
      stop()
      keeper.dispose()
      life.dispose()
      ending.dispose()
      breakOff()
      shared.dispose()
      platform.dispose()
    },
  }
  options.begin?.(life)
  return session
}
