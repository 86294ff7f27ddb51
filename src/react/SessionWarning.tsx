'use client'
import { Fragment, useId, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { keepFocus } from './focus.ts'
import { useLanguage } from './language.ts'
import { showOnTop } from './on-top.ts'
import { useCarried } from './SessionProvider.tsx'
import type { Unsaved } from './TimeLimit.tsx'
import { type SessionWarningFacts, useSessionWarning, useWarningTitle } from './warning.ts'

/** What the warning says besides. */
export interface SessionWarningProps {
  /** What the end makes of work that is not saved; says nothing of it by default. */
  readonly unsaved?: Unsaved
  /** How the time left is shown: each second with a ring that drains (the default), or in the coarse steps in which it is spoken. */
  readonly countdown?: 'seconds' | 'coarse'
}

/** The warning before the session ends: a modal dialog that asks whether someone is still here. */
export function SessionWarning(props: SessionWarningProps) {
  const warning = useSessionWarning()
  useWarningTitle(warning)
  return warning.open ? <Warning {...props} {...warning} /> : null
}

/** As long as the last words of the countdown are still to be heard. */
const HURRY_SECONDS = 20

function Warning({
  unsaved,
  countdown = 'seconds',
  cause,
  extendable,
  staying,
  secondsLeft,
  secondsInAll,
  ...warning
}: SessionWarningProps & SessionWarningFacts) {
  const { session, labels } = useCarried()
  const { dismiss } = warning
  const isCoarse = countdown === 'coarse'
  // Of all the time there is to answer, also where the warning opens late: a full ring would promise more.
  const [whole] = useState(() => (session.inspect().lengths?.lead ?? 0) / 1_000)
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const gentlest = useRef<HTMLButtonElement>(null)
  const focused = useRef<HTMLElement | null>(null)
  const language = useLanguage()

  useLayoutEffect(() => {
    let giveBack = keepFocus()
    const close = showOnTop(dialog.current!, session, {
      focus: () => (focused.current?.isConnected ? focused.current : gentlest.current)?.focus(),
      onFocusElsewhere: () => {
        giveBack = keepFocus(giveBack)
      },
      // The countdown must not run unseen.
      onClosed(open) {
        if (session.getState().extendable) open()
        dismiss()
      },
    })
    return () => {
      close()
      giveBack()
    }
  }, [session, dismiss])

  // Other buttons, another answer: a second press of what was there must not fall on what is there now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when the buttons change, and only then.
  useLayoutEffect(() => gentlest.current?.focus(), [extendable])

  // Not where the host has it: what a dialog of the host's makes inert, or hides from screen readers, is its siblings' subtrees.
  return createPortal(
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-modal="true"
      aria-labelledby={`${id}title`}
      aria-describedby={unsaved ? `${id}why ${id}unsaved` : `${id}why`}
      data-stillhere="warning"
      data-cause={cause}
      data-state={extendable ? (staying ? 'staying' : warning.problem ? 'trouble' : 'asking') : 'final'}
      data-hurry={secondsLeft <= HURRY_SECONDS ? '' : undefined}
      {...language}
      onMouseDown={(event) => {
        // A click on the backdrop does nothing, not even take the focus away.
        if (event.target === event.currentTarget) event.preventDefault()
      }}
      onFocus={({ target }) => {
        focused.current = target
      }}
      onCancel={(event) => {
        event.preventDefault()
        dismiss()
      }}
    >
      <h2 id={`${id}title`} data-stillhere="title">
        {labels.warningTitle}
      </h2>
      {/* Another cause may come to be the first while the dialog is open, and nothing else would tell of it. */}
      <p id={`${id}why`} aria-live="polite" data-stillhere="why">
        {warning.why}
      </p>
      {unsaved && (
        <p id={`${id}unsaved`} data-stillhere="unsaved">
          {unsaved === 'kept' ? labels.willBeKept : labels.willBeLost}
        </p>
      )}
      <p aria-hidden="true" data-stillhere="time">
        {isCoarse ? warning.announcement || warning.timeLeft : warning.timeLeft}
      </p>
      {!isCoarse && (
        <div aria-hidden="true" data-stillhere="clock">
          {/* biome-ignore lint/a11y/noSvgWithoutTitle: hidden, with all that is around it. */}
          <svg data-stillhere="progress">
            <circle />
            {/* Where it will be when this second is over: it takes as long to get there. */}
            <circle
              pathLength={1}
              strokeDashoffset={1 - Math.max(0, secondsLeft - 1) / Math.max(whole, secondsInAll, 1)}
            />
          </svg>
          <span data-stillhere="count">{labels.timeShort(secondsLeft).replace(/\s/, '\n')}</span>
        </div>
      )}
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
    </dialog>,
    document.body,
  )
}
