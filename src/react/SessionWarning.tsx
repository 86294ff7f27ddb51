'use client'
import { Fragment, useCallback, useEffect, useId, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { keepFocus } from './focus.ts'
import { useSecondsLeft, useSession } from './hooks.ts'
import { useCarried } from './SessionProvider.tsx'
import { useTitle } from './title.ts'

/** The warning before the session ends: a modal dialog that asks whether someone is still here. */
export function SessionWarning() {
  const isWarning = useSession((state) => state.status === 'warning')
  return isWarning ? <Warning /> : null
}

function Warning() {
  const { session, labels } = useCarried()
  const { cause, extendable, staying, trouble } = useSession()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const gentlest = useRef<HTMLButtonElement>(null)
  const [isDismissed, dismiss] = useState(false)

  const answer = useCallback(() => {
    if (session.getState().extendable) void session.stay()
    else dismiss(true)
  }, [session])

  useLayoutEffect(() => {
    const shown = dialog.current
    if (isDismissed || !shown) return
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
      answer()
    }
    shown.addEventListener('close', onClose, { signal: controller.signal })
    open()
    return () => {
      controller.abort()
      shown.close()
      giveBack()
    }
  }, [isDismissed, session, answer])

  // Other buttons, another answer: a second press of what was there must not fall on what is there now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when the buttons change, and only then.
  useLayoutEffect(() => gentlest.current?.focus(), [extendable])

  if (isDismissed) return null
  const because =
    cause === 'limit' || !extendable
      ? labels.warningLimit
      : cause === 'token'
        ? labels.warningToken
        : labels.warningIdle
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-modal="true"
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}why`}
      data-stillhere="warning"
      data-cause={cause}
      onMouseDown={(event) => {
        // A click on the backdrop does nothing, not even take the focus away.
        if (event.target === event.currentTarget) event.preventDefault()
      }}
      onCancel={(event) => {
        event.preventDefault()
        answer()
      }}
    >
      <h2 id={`${id}title`}>{labels.warningTitle}</h2>
      <p id={`${id}why`}>{because}</p>
      <Countdown />
      <p role="status" data-stillhere="trouble">
        {trouble && !staying && cause === 'idle' && labels.stayFailed}
      </p>
      <div data-stillhere="actions">
        {extendable ? (
          <Fragment key="extendable">
            <button type="button" ref={gentlest} data-primary="" aria-disabled={staying} onClick={answer}>
              {staying ? labels.staying : labels.stay}
            </button>
            <button type="button" onClick={session.signOut}>
              {labels.signOut}
            </button>
          </Fragment>
        ) : (
          <Fragment key="final">
            <button type="button" data-primary="" onClick={session.signOut}>
              {labels.signInAgain}
            </button>
            <button type="button" ref={gentlest} onClick={answer}>
              {labels.notNow}
            </button>
          </Fragment>
        )}
      </div>
    </dialog>
  )
}

/** The only part that renders each second: shown to the eye as it ticks, told to the ear in coarse steps. */
function Countdown() {
  const { labels } = useCarried()
  const seconds = useSecondsLeft() ?? 0
  const [opened] = useState(seconds)
  const [spoken, speak] = useState('')
  const coarse = labels.timeLeft(labels.time(toSpoken(seconds, opened)))
  const time = labels.time(seconds)
  const isHidden = useSyncExternalStore(
    onVisibility,
    () => document.hidden,
    () => false,
  )

  // Said only once the region is there: a screen reader hears changes, not what it finds.
  useEffect(() => speak(coarse), [coarse])
  useTitle(isHidden ? labels.titleLeft(time) : null)

  return (
    <>
      <p aria-hidden="true" data-stillhere="time">
        {labels.timeLeft(time)}
      </p>
      <progress aria-hidden="true" max={opened} value={seconds} />
      <p aria-live="polite" aria-atomic="true" data-stillhere="spoken">
        {spoken}
      </p>
    </>
  )
}

const toStep = (seconds: number): number =>
  seconds > 60 ? Math.ceil(seconds / 60) * 60 : Math.max(1, Math.ceil(seconds / 20)) * 20

/**
 * The time left as it is said: as it is when the warning opens, then each whole minute, then 60, 40 and 20 s, and nothing more.
 * A screen reader needs time for its sentence.
 */
export const toSpoken = (seconds: number, opened: number): number =>
  toStep(seconds) === toStep(opened) ? opened : toStep(seconds)

function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}
