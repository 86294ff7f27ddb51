'use client'
import { createContext, type ReactNode, useContext, useId, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useSession } from './hooks.ts'
import { useLanguage } from './language.ts'
import { withName } from './locale.ts'
import { showOnTop } from './on-top.ts'
import { useCarried } from './SessionProvider.tsx'

const LockContext = createContext(false)

/** Whether this is shown over a page that waits for its person. */
export const useIsLock = (): boolean => useContext(LockContext)

/** Signing in again, in a modal dialog that fills the window: what waits behind it is neither seen nor reached. */
export function Lock({ children }: { children: ReactNode }) {
  const { session, labels } = useCarried()
  const name = useSession(({ lastUser }) => lastUser?.name ?? '')
  const language = useLanguage()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const told = useRef<HTMLParagraphElement>(null)
  const focused = useRef<HTMLElement | null>(null)

  useLayoutEffect(
    () =>
      showOnTop(dialog.current!, session, {
        // Not the button: a key pressed on would discard what is kept.
        focus: () => (focused.current ?? told.current)?.focus(),
        onClosed: (open) => open(),
      }),
    [session],
  )

  return createPortal(
    <dialog
      ref={dialog}
      aria-modal="true"
      aria-label={labels.signInTitle}
      aria-describedby={`${id}kept`}
      data-stillhere="lock"
      onFocus={({ target }) => {
        focused.current = target
      }}
      onCancel={(event) => event.preventDefault()}
    >
      <div data-stillhere="login" data-kept="" {...language}>
        <p ref={told} id={`${id}kept`} tabIndex={-1}>
          {withName(labels.kept, name)}
        </p>
        <button type="button" data-link="" onClick={session.signOut}>
          {labels.notYou}
        </button>
      </div>
      <LockContext.Provider value={true}>{children}</LockContext.Provider>
    </dialog>,
    document.body,
  )
}
