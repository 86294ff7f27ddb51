'use client'
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'
import { useStore } from 'zustand/react'
import type { SessionCore } from '../core/session.ts'
import type { SessionState } from '../core/types.ts'
import { useCarried } from './SessionProvider.tsx'

const never = () => () => {}

/** The session manager itself, to sign out, stay or touch. Throws outside of `<SessionProvider>`. */
export const useSessionManager = <S extends SessionCore = SessionCore>(): S => useCarried().session as S

/** How the state looks from behind a gate that keeps its children for one person; `null`: as it is. */
export const ViewContext = createContext<((state: SessionState) => SessionState) | null>(null)

/** What `selector` picks of the session's state; renders again only when that changes. */
export function useSession(): SessionState
export function useSession<T>(selector: (state: SessionState) => T): T
export function useSession<T>(selector = (state: SessionState) => state as T): T {
  const view = useContext(ViewContext)
  return useStore(useSessionManager(), view ? (state) => selector(view(state)) : selector)
}

/** Whole seconds until the session ends, never negative; `null` while nobody is signed in. Renders once a second while mounted. */
export const useSecondsLeft = (): number | null => useSecondsUntil(useSession((state) => state.deadline))

/** Whole seconds until a moment (epoch ms), never negative; `null` where there is none, and then nothing ticks. */
export function useSecondsUntil(deadline: number | null): number | null {
  const session = useSessionManager()
  const subscribe = useCallback(
    (tick: () => void) => {
      let cancel = () => {}
      const arm = () => {
        const left = secondsUntil(deadline, session)
        if (deadline === null || !left) return
        // On the deadline's own seconds, so that two minutes of ticks do not drift.
        cancel = session.wakeAt(deadline - (left - 1) * 1_000, () => {
          tick()
          arm()
        })
      }
      arm()
      return () => cancel()
    },
    [deadline, session],
  )
  return useSyncExternalStore(
    deadline === null ? never : subscribe,
    () => secondsUntil(deadline, session),
    () => null,
  )
}

const secondsUntil = (deadline: number | null, session: SessionCore): number | null =>
  deadline === null ? null : Math.max(0, Math.ceil((deadline - session.now()) / 1_000))
