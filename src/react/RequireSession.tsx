'use client'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import type { SessionState } from '../core/types.ts'
import { keepFocus } from './focus.ts'
import { useSession, useSessionManager } from './hooks.ts'
import { LoginPage } from './LoginPage.tsx'

/** What the gate shows, and to whom. */
export interface RequireSessionProps {
  /** What only a signed-in person sees. */
  readonly children?: ReactNode
  /** Shown instead while nobody is signed in: `<LoginPage />` by default. */
  readonly login?: ReactNode
  /** Shown while a stored session is being checked: nothing by default. */
  readonly checking?: ReactNode
}

const isIn = ({ status }: SessionState) => status === 'active' || status === 'warning'

/** The gate: its children are mounted for one person's session, and never shown to the next. */
export function RequireSession({ children, login = <LoginPage />, checking = null }: RequireSessionProps): ReactNode {
  const isOpen = useSession(isIn)
  const isChecking = useSession((state) => state.status === 'restoring')
  const id = useSession((state) => state.session?.id ?? null)
  const [shown, setShown] = useState<string | null>(null)

  // A session whose end is being checked stays mounted behind the veil: it may go on.
  const next = isOpen ? id : isChecking ? shown : null
  if (next !== shown) setShown(next)

  if (next) return <Gate key={next}>{children}</Gate>
  return isChecking ? checking : login
}

function Gate({ children }: { children?: ReactNode }) {
  const session = useSessionManager()
  const gate = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    // Not by rendering: a page that is being put away must be veiled before its picture is taken.
    let giveFocusBack: (() => void) | null = null
    const veil = () => {
      const state = session.getState()
      const element = gate.current
      const isVeiled = state.veiled || !isIn(state)
      if (!element || isVeiled === element.hasAttribute('inert')) return
      if (isVeiled && element.contains(document.activeElement)) giveFocusBack = keepFocus()
      // Unpainted, but in its place: taken out of the layout it would lose where it was scrolled to.
      element.style.visibility = isVeiled ? 'hidden' : ''
      element.toggleAttribute('inert', isVeiled)
      if (isVeiled) return
      giveFocusBack?.()
      giveFocusBack = null
    }
    veil()
    return session.subscribe(veil)
  }, [session])

  return (
    <div ref={gate} data-stillhere="gate">
      {children}
    </div>
  )
}
