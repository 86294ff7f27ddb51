'use client'
import { Fragment, useId, useLayoutEffect, useRef } from 'react'
import { keepFocus } from './focus.ts'
import { useLanguage } from './language.ts'
import { useCarried } from './SessionProvider.tsx'
import { type SessionWarningFacts, useSessionWarning, useWarningTitle } from './warning.ts'

/** The warning before the session ends: a modal dialog that asks whether someone is still here. */
export function SessionWarning() {
  const warning = useSessionWarning()
  useWarningTitle(warning)
  return warning.open ? <Warning {...warning} /> : null
}

function Warning({ cause, extendable, staying, ...warning }: SessionWarningFacts) {
  const { session, labels } = useCarried()
  const { dismiss } = warning
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const gentlest = useRef<HTMLButtonElement>(null)
  const language = useLanguage()

  useLayoutEffect(() => {
    const shown = dialog.current!
    const giveBack = keepFocus()
    const controller = new AbortController()
    const open = () => {
      shown.showModal()
      gentlest.current?.focus()
    }
    // Closed by a way that can not be prevented: the countdown must not run unseen. The event comes late, and may be of an
    // earlier closing of ours.
    const onClose = () => {
      if (shown.open) return
      if (session.getState().extendable) open()
      dismiss()
    }
    shown.addEventListener('close', onClose, { signal: controller.signal })
    open()
    return () => {
      controller.abort()
      shown.close()
      giveBack()
    }
  }, [session, dismiss])

  // Other buttons, another answer: a second press of what was there must not fall on what is there now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when the buttons change, and only then.
  useLayoutEffect(() => gentlest.current?.focus(), [extendable])

  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-modal="true"
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}why`}
      data-stillhere="warning"
      data-cause={cause}
      data-state={extendable ? (staying ? 'staying' : warning.problem ? 'trouble' : 'asking') : 'final'}
      {...language}
      onMouseDown={(event) => {
        // A click on the backdrop does nothing, not even take the focus away.
        if (event.target === event.currentTarget) event.preventDefault()
      }}
      onCancel={(event) => {
        event.preventDefault()
        dismiss()
      }}
    >
      <h2 id={`${id}title`} data-stillhere="title">
        {labels.warningTitle}
      </h2>
      <p id={`${id}why`} data-stillhere="why">
        {warning.why}
      </p>
      <p aria-hidden="true" data-stillhere="time">
        {warning.timeLeft}
      </p>
      <progress aria-hidden="true" data-stillhere="progress" max={warning.secondsInAll} value={warning.secondsLeft} />
      <p aria-live="polite" aria-atomic="true" data-stillhere="spoken">
        {warning.announcement}
      </p>
      <p role="status" data-stillhere="trouble">
        {warning.problem}
      </p>
      <div data-stillhere="actions">
        {extendable ? (
          <Fragment key="extendable">
            <button
              type="button"
              ref={gentlest}
              data-stillhere="stay"
              data-primary=""
              aria-disabled={staying}
              onClick={dismiss}
            >
              {staying ? labels.staying : labels.stay}
            </button>
            <button type="button" data-stillhere="sign-out" onClick={warning.signOut}>
              {labels.signOut}
            </button>
          </Fragment>
        ) : (
          <Fragment key="final">
            <button type="button" data-stillhere="sign-in-again" data-primary="" onClick={warning.signOut}>
              {labels.signInAgain}
            </button>
            <button type="button" ref={gentlest} data-stillhere="not-now" onClick={dismiss}>
              {labels.notNow}
            </button>
          </Fragment>
        )}
      </div>
    </dialog>
  )
}
