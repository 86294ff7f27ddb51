'use client'
import { type ReactNode, useContext, useState } from 'react'
import { Gate, isIn } from './Gate.tsx'
import { useSession, ViewContext } from './hooks.ts'
import { Lock } from './Lock.tsx'
import { LoginPage } from './LoginPage.tsx'

/** What the gate shows, and to whom. */
export interface RequireSessionProps {
  /** What only a signed-in person sees. */
  readonly children?: ReactNode
  /** Shown instead while nobody is signed in: `<LoginPage />` by default. */
  readonly login?: ReactNode
  /** Shown while a stored session is being checked: nothing by default. */
  readonly checking?: ReactNode
  /**
   * What an end that nobody chose makes of the children: `'login'` (the default) unmounts them; `'lock'` keeps them mounted, inert and
   * unpainted, under a dialog that shows `login`, until the same person, by the server's key, is back. Without such a key: `'login'`.
   */
  readonly mode?: 'login' | 'lock'
}

/** The children as they are mounted, and whose they are. */
interface Tree {
  readonly key: string
  /** The session that they were last shown for. */
  readonly id: string
  /** The server's key of its person. */
  readonly owner: string | null
  readonly isLocked: boolean
}

/** The gate: its children are mounted for one person, and never shown to the next. */
export function RequireSession({
  children,
  login = <LoginPage />,
  checking = null,
  mode = 'login',
}: RequireSessionProps): ReactNode {
  if (mode !== 'login' && mode !== 'lock') throw new TypeError(`mode must be "login" or "lock", and is "${mode}"`)
  const isOpen = useSession(isIn)
  const isChecking = useSession(({ status }) => status === 'restoring')
  const id = useSession(({ session }) => session?.id ?? null)
  // Who is here; after an end that nobody chose, who would be welcomed back.
  const person = useSession(({ user, reason, lastUser }) => (user ?? (reason && lastUser))?.key ?? null)
  // Behind another gate that locks, that one's dialog is the way back.
  const isInside = useContext(ViewContext) !== null
  const [tree, setTree] = useState<Tree | null>(null)

  function follow(): Tree | null {
    // A session whose end is being checked stays mounted behind the veil: it may go on.
    if (isChecking) return tree
    if (isOpen && id) {
      if (tree?.id === id) return tree.isLocked ? { ...tree, isLocked: false } : tree
      // Only a tree that was locked is kept: one that was replaced, or signed out of, may never have been shown to be so.
      const isBack = tree?.isLocked && tree.owner === person
      return { key: isBack ? tree.key : id, id, owner: person, isLocked: false }
    }
    const isWaiting = mode === 'lock' && tree?.owner && tree.owner === person
    if (!isWaiting) return null
    return tree.isLocked ? tree : { ...tree, isLocked: true }
  }
  const next = follow()
  if (next !== tree) setTree(next)

  if (!next) return isChecking ? checking : login
  const owner = mode === 'lock' ? next.owner : null
  return (
    <>
      <Gate key={next.key} id={next.id} owner={owner} isLocked={next.isLocked}>
        {children}
      </Gate>
      {next.isLocked && !isChecking && !isInside && <Lock>{login}</Lock>}
    </>
  )
}
