'use client'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { Cause, ErrorKind } from '../core/types.ts'
import { useSecondsUntil, useSession } from './hooks.ts'
import { useCarried } from './SessionProvider.tsx'
import { useTitle } from './title.ts'

/** What a warning shows and does. */
export interface SessionWarningFacts {
  /** Whether it is to be shown. */
  readonly open: boolean
  /** What ends the session. */
  readonly cause: Cause | null
  /** Whether staying is possible. */
  readonly extendable: boolean
  /** Staying was asked for and waits for the server. */
  readonly staying: boolean
  /** Why the latest refresh failed. */
  readonly trouble: ErrorKind | null
  /** Whole seconds until the end; 0 while no warning is due. */
  readonly secondsLeft: number
  /** How many there were when the warning opened. */
  readonly secondsInAll: number
  /** In words, why the session is about to end. It does not change each second: a description of the dialog. */
  readonly why: string
  /** In words, how long is left. It ticks: for the eye alone, so put it in `aria-hidden`. */
  readonly timeLeft: string
  /** The same in coarse steps, for an `aria-live` region; empty at first, as screen readers tell changes only. */
  readonly announcement: string
  /** In words, that staying did not work so far; for a `role="status"`. */
  readonly problem: string | null
  /** Stays signed in; resolves to whether it is confirmed. */
  stay(): Promise<boolean>
  /** Signs out, in all tabs. */
  signOut(): void
  /** What Esc does: stays where that is possible, else puts the warning away. */
  dismiss(): void
}

interface Opening {
  readonly seconds: number
  readonly isDismissed: boolean
}

/** All that a warning of your own needs. Renders once a second while there is something to warn of. */
export function useSessionWarning(): SessionWarningFacts {
  const { session, labels } = useCarried()
  const isWarning = useSession((state) => state.status === 'warning')
  const deadline = useSession((state) => (state.status === 'warning' ? state.deadline : null))
  const cause = useSession((state) => state.cause)
  const extendable = useSession((state) => state.extendable)
  const staying = useSession((state) => state.staying)
  const trouble = useSession((state) => state.trouble)
  const secondsLeft = useSecondsUntil(deadline) ?? 0
  const [opening, setOpening] = useState<Opening | null>(null)
  const [isThere, setThere] = useState(false)

  if (isWarning !== (opening !== null)) setOpening(isWarning ? { seconds: secondsLeft, isDismissed: false } : null)
  const secondsInAll = opening?.seconds ?? secondsLeft
  // Put away for good only as long as nobody can do anything.
  const open = isWarning && (extendable || !opening?.isDismissed)

  // Said only once the region is there: a screen reader hears changes, not what it finds.
  useEffect(() => setThere(open), [open])

  return {
    open,
    cause,
    extendable,
    staying,
    trouble,
    secondsLeft,
    secondsInAll,
    why:
      cause === 'limit' || !extendable
        ? labels.warningLimit
        : cause === 'token'
          ? labels.warningToken
          : labels.warningIdle,
    timeLeft: labels.timeLeft(labels.time(secondsLeft)),
    announcement: open && isThere ? labels.timeLeft(labels.time(toSpoken(secondsLeft, secondsInAll))) : '',
    problem: trouble && !staying && cause === 'idle' ? labels.stayFailed : null,
    stay: session.stay,
    signOut: session.signOut,
    dismiss: useCallback(() => {
      if (session.getState().extendable) void session.stay()
      else setOpening((now) => now && { ...now, isDismissed: true })
    }, [session]),
  }
}

/** Tells the time left in the title of a hidden tab while a warning is open, and then puts the title back. */
export function useWarningTitle({ open, secondsLeft }: Pick<SessionWarningFacts, 'open' | 'secondsLeft'>): void {
  const { labels } = useCarried()
  const isHidden = useSyncExternalStore(
    onVisibility,
    () => document.hidden,
    () => false,
  )
  useTitle(open && isHidden ? labels.titleLeft(labels.time(secondsLeft)) : null)
}

const toStep = (seconds: number): number =>
  seconds > 60 ? Math.ceil(seconds / 60) * 60 : Math.max(1, Math.ceil(seconds / 20)) * 20

/**
 * The time left as it is said: as it is when the warning opens, then each whole minute, then 60, 40 and 20 s, and nothing more.
 * A screen reader needs time for its sentence.
 */
export const toSpoken = (seconds: number, opened: number): number =>
  toStep(seconds) === toStep(opened) ? opened : toStep(seconds)

function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}
