'use client'
import * as AlertDialog from '@radix-ui/react-alert-dialog'
import { useRef } from 'react'
import { useLabels, useSessionWarning, useWarningTitle } from 'stillhere/react'

/** The warning as a dialog of Radix, in place of `<SessionWarning>`. */
export function RadixWarning() {
  const { open, dismiss, secondsLeft } = useSessionWarning()
  const before = useRef<HTMLElement | null>(null)
  useWarningTitle({ open, secondsLeft })
  return (
    // The session opens and shuts it, in every tab; what would shut it here asks the session to stay.
    <AlertDialog.Root open={open} onOpenChange={(isOpen) => isOpen || dismiss()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content
          className="dialog"
          onOpenAutoFocus={() => {
            before.current = document.activeElement as HTMLElement | null
          }}
          // Radix gives the focus back to the button that opened a dialog, and nobody pressed one.
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            before.current?.focus()
          }}
        >
          <Body />
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

/** Inside, so that the live region is there before it speaks. */
function Body() {
  const labels = useLabels()
  const { why, timeLeft, announcement, problem, extendable, staying, signOut } = useSessionWarning()
  const gentlest = !extendable ? labels.notNow : staying ? labels.staying : labels.stay
  return (
    <>
      <AlertDialog.Title>{labels.warningTitle}</AlertDialog.Title>
      <AlertDialog.Description>{why}</AlertDialog.Description>
      <p aria-hidden="true">{timeLeft}</p>
      <p aria-live="polite" className="visually-hidden">
        {announcement}
      </p>
      <p role="status">{problem}</p>
      {/* Radix puts the focus on what cancels: here, what keeps people signed in. */}
      <AlertDialog.Cancel>{gentlest}</AlertDialog.Cancel>
      {/* No AlertDialog.Action: that would shut the dialog as well, which asks to stay. */}
      <button type="button" onClick={signOut}>
        {extendable ? labels.signOut : labels.signInAgain}
      </button>
    </>
  )
}
