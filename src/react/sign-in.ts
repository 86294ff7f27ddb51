'use client'
import { useEffect } from 'react'
import type { Credentials, EndReason } from '../core/types.ts'
import { useSession } from './hooks.ts'
import { type Problem, useProblem } from './problem.ts'
import { useCarried } from './SessionProvider.tsx'

/** What a login form shows and does. */
export interface SignIn {
  /** An attempt is under way. */
  readonly busy: boolean
  /** What went wrong with the last attempt; never says which part was wrong. */
  readonly problem: Problem | null
  /** Whole seconds until the server may be asked again; 0 if now. */
  readonly wait: number
  /** The same in words for the button that has to wait; it changes in coarse steps, as a screen reader reads it. */
  readonly waitLabel: string
  /** Why the last session ended; `null` before the first. */
  readonly reason: EndReason | null
  /** The same in words. */
  readonly ended: string | null
  /** A name to fill in; none after signing out by hand. */
  readonly lastUsername: string | undefined
  /** Signs in, unless busy or to wait; resolves to whether someone is signed in now. What goes wrong is in `problem`. */
  submit(credentials: Credentials): Promise<boolean>
}

/** Why the last session ended, in words; `null` before the first. */
export function useEnded(): string | null {
  const { labels } = useCarried()
  const reason = useSession((state) => state.reason)
  const isElsewhere = useSession((state) => state.reason === 'user' && !state.endedHere)
  return reason && (isElsewhere ? labels.signedOutElsewhere : labels.reasons[reason])
}

/** All that a login form of your own needs; an attempt is left, and its answer revoked, when the form unmounts. */
export function useSignIn(): SignIn {
  const { session } = useCarried()
  const busy = useSession(({ status }) => status === 'signing-in')
  const { problem, wait, waitLabel, missing, clear, failed } = useProblem()
  useEffect(() => () => session.abandonSignIn(), [session])

  return {
    busy,
    problem,
    wait,
    waitLabel,
    reason: useSession((state) => state.reason),
    ended: useEnded(),
    lastUsername: useSession((state) => state.lastUser?.username ?? undefined),
    async submit(credentials) {
      if (busy || wait) return false
      try {
        if (Object.values(credentials).some((value) => !value)) missing('missing')
        else {
          await session.signIn(credentials)
          clear()
          return true
        }
      } catch (error) {
        failed(error, 'wrong')
      }
      return false
    },
  }
}
