import { SessionOverError } from './errors.ts'
import type { Life } from './life.ts'
import { limits } from './policy.ts'
import type { Room } from './room.ts'

/** 4 h: nobody's absence is hidden for longer by one call. */
const LONGEST = 14_400_000

/** How long at the most. */
export interface KeepAwakeOptions {
  /** When it is released at the latest: ms from now, at most 14 400 000 (4 h). */
  readonly max: number
}

interface Hold {
  readonly reason: string
  readonly sessionId: string
  /** Whether its longest time has passed. */
  readonly isOver: () => boolean
  /** Epoch ms. */
  readonly until: number
}

/** Work that stands for a person: while it is held, this tab touches its session again and again. */
export function createKeepAwake({ platform, policy, emit }: Room, life: Life, touch: () => void) {
  const { getState, show, look, tick } = life
  const holds = new Set<Hold>()
  let pace = 1_000
  let awake = false
  let cancelAlarm = () => {}

  const reasons = (): readonly string[] => [...new Set([...holds].map(({ reason }) => reason))]

  /** Lets go of those; whether there were any. */
  function release(isDone: (hold: Hold) => boolean): boolean {
    const done = [...holds].filter(isDone)
    for (const hold of done) {
      holds.delete(hold)
      emit('released', hold.sessionId, { reason: hold.reason })
    }
    if (!holds.size) cancelAlarm()
    return done.length > 0
  }

  function releaseHere(isDone: (hold: Hold) => boolean): void {
    if (release(isDone)) show({ keptAwakeBy: reasons() })
  }

  function beat(): void {
    cancelAlarm()
    releaseHere((hold) => hold.isOver())
    if (!holds.size) return
    touch()
    const { session } = getState()
    if (session) {
      const { every, idle, lead } = limits(session.grant, policy)
      // Where the idle limit is short beside R, R / 2 would come too late to spare anyone the warning.
      pace = Math.min(every, idle - lead) / 2
    }
    const ends = [...holds].map(({ until }) => until)
    if (awake && holds.size) cancelAlarm = platform.wakeAt(Math.min(look() + pace, ...ends), beat)
  }

  return {
    /** Holds the session in hand; returns the release. */
    keepAwake(reason: string, options: KeepAwakeOptions): () => void {
      const max = options?.max
      if (typeof reason !== 'string' || !reason.trim())
        throw new TypeError('keepAwake needs a reason to show, such as "Import of 12 files"')
      if (!(max >= 1 && max <= LONGEST))
        throw new RangeError(`keepAwake: max must be from 1 to ${LONGEST} ms, and is ${max}`)
      tick()
      const { session } = getState()
      if (!session)
        throw new SessionOverError(
          'the session is over or nobody has signed in. Sign in first.',
          'keepAwake keeps nothing awake',
        )
      const until = look() + max
      // Two clocks: the one goes on in sleep, the other is not set back.
      const end = platform.monotonic() + max
      const isOver = () => platform.now() >= until || platform.monotonic() >= end
      const hold: Hold = { reason, sessionId: session.id, until, isOver }
      holds.add(hold)
      emit('kept-awake', session.id, { reason })
      show({ keptAwakeBy: reasons() })
      beat()
      return () => releaseHere((other) => other === hold)
    },

    /** The session has ended here, and with it what kept it awake; its state is dropped by whoever ended it. */
    end(sessionId: string): void {
      release((hold) => hold.sessionId === sessionId)
    },

    /** Touches now, if anything is held, and goes on at the pace of the policy as it is by then. */
    beat,
    wake(): void {
      awake = true
      beat()
    },
    sleep(): void {
      awake = false
      cancelAlarm()
    },
    dispose(): void {
      awake = false
      release(() => true)
    },
  }
}
