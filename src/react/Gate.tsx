'use client'
import { type ReactNode, useLayoutEffect, useMemo, useRef } from 'react'
import { parkRequests } from '../core/parking.ts'
import type { SessionState } from '../core/types.ts'
import { givePostponed, keepFocus } from './focus.ts'
import { useSessionManager, ViewContext } from './hooks.ts'
import { createView } from './view.ts'

export const isIn = ({ status }: Pick<SessionState, 'status'>) => status === 'active' || status === 'warning'

export interface GateProps {
  /** The session for which it stands open. */
  readonly id: string
  /** The server's key of the person whose requests wait while they are away; `null`: nobody's do. */
  readonly owner: string | null
  /** Whether its person is waited for. */
  readonly isLocked: boolean
  readonly children?: ReactNode
}

/** Shows its children while the session goes on, and hides them, mounted, at the very moment when that is in doubt. */
export function Gate({ id, owner, isLocked, children }: GateProps) {
  const session = useSessionManager()
  const gate = useRef<HTMLDivElement>(null)
  const giveFocusBack = useRef<(() => void) | null>(null)
  const scrolled = useRef({ left: 0, top: 0 })
  const wasLocked = useRef(false)
  const view = useMemo(() => (owner === null ? null : createView(owner)), [owner])

  useLayoutEffect(() => {
    // Not by rendering: a page that is being put away must be veiled before its picture is taken.
    const veil = () => {
      const state = session.getState()
      const element = gate.current
      const isVeiled = state.veiled || !isIn(state) || state.session?.id !== id
      if (!element || isVeiled === element.hasAttribute('inert')) return
      if (isVeiled) scrolled.current = { left: scrollX, top: scrollY }
      if (isVeiled && element.contains(document.activeElement)) giveFocusBack.current = keepFocus()
      // Unpainted, but in its place: taken out of the layout it would lose where it was scrolled to.
      element.style.visibility = isVeiled ? 'hidden' : ''
      element.toggleAttribute('inert', isVeiled)
      if (isVeiled) return
      if (!givePostponed(element)) giveFocusBack.current?.()
      giveFocusBack.current = null
    }
    veil()
    return session.subscribe(veil)
  }, [session, id])

  useLayoutEffect(() => (owner === null ? undefined : parkRequests(session, owner)), [session, owner])

  useLayoutEffect(() => {
    // A modal dialog does not keep wheel and keys from scrolling the page behind it.
    if (wasLocked.current && !isLocked) window.scrollTo({ ...scrolled.current, behavior: 'instant' })
    wasLocked.current = isLocked
  }, [isLocked])

  return (
    <div ref={gate} data-stillhere="gate">
      <ViewContext.Provider value={view}>{children}</ViewContext.Provider>
    </div>
  )
}
