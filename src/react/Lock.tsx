'use client'
import { createContext, type ReactNode, useContext, useId, useLayoutEffect, useRef } from 'react'
import { useSession } from './hooks.ts'
import { useLanguage } from './language.ts'
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

  useLayoutEffect(() => {
    const shown = dialog.current
    if (!shown) return
    const open = () => {
      shown.showModal()
      // Not the button: a key pressed on would discard what is kept.
      ;(focused.current ?? told.current)?.focus()
    }
    const controller = new AbortController()
    // Closed by a way that can not be prevented. The event comes late, and may be of an earlier closing of ours.
    shown.addEventListener('close', () => shown.open || open(), { signal: controller.signal })
    // A dialog that the host opens meanwhile would be above this one, and make it inert.
    const observer = new MutationObserver((changes) => {
      // Two of ours leave each other alone: each would come before the other for ever.
      const isOther = ({ target }: MutationRecord) =>
        target instanceof HTMLDialogElement && target.open && target.dataset.stillhere !== 'lock'
      if (!changes.some(isOther)) return
      shown.close()
      open()
    })
    observer.observe(document, { subtree: true, attributeFilter: ['open'] })
    open()
    return () => {
      observer.disconnect()
      controller.abort()
      shown.close()
    }
  }, [])

  return (
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
          {labels.kept(name)}
        </p>
        <button type="button" data-link="" onClick={session.signOut}>
          {labels.notYou}
        </button>
      </div>
      <LockContext.Provider value={true}>{children}</LockContext.Provider>
    </dialog>
  )
}
