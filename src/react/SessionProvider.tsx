'use client'
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react'
import type { SessionCore } from '../core/session.ts'
import { fillLabels, type Labels, type SomeLabels } from './labels.ts'

interface Carried {
  readonly session: SessionCore
  readonly labels: Labels
}

const SessionContext = createContext<Carried | null>(null)

/** The session to carry, and its words. */
export interface SessionProviderProps {
  /** The session manager, made once outside of React. */
  readonly session: SessionCore
  /** Your own words in place of the English ones; what is left out stays English. */
  readonly labels?: SomeLabels
  readonly children?: ReactNode
}

/** Carries the session to its children, and keeps it listening while mounted. */
export function SessionProvider({ session, labels, children }: SessionProviderProps) {
  if (!session) throw new TypeError('SessionProvider needs a session: <SessionProvider session={createSession({ … })}>')
  useEffect(() => session.start(), [session])
  const carried = useMemo(() => ({ session, labels: fillLabels(labels) }), [session, labels])
  return <SessionContext.Provider value={carried}>{children}</SessionContext.Provider>
}

export function useCarried(): Carried {
  const carried = useContext(SessionContext)
  if (!carried) throw new Error('No session here: wrap this component in <SessionProvider session={…}>.')
  return carried
}

/** The labels, yours and the English ones for the rest. Throws outside of `<SessionProvider>`. */
export const useLabels = (): Labels => useCarried().labels
