'use client'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { SessionCore } from '../core/session.ts'
import { withName } from './locale.ts'
import { PasswordField } from './PasswordField.tsx'
import { ProblemMessage, useProblemFields } from './ProblemMessage.tsx'
import { useProblem } from './problem.ts'
import { useCarried } from './SessionProvider.tsx'
import { UsernameField } from './UsernameField.tsx'

interface NewPasswordFormProps {
  readonly reset: NonNullable<SessionCore['passwordReset']>
  readonly username: string | undefined
  readonly onChanged: (username: string) => void
}

/** A forgotten password replaced: first a one-time PIN is sent to its owner, then the PIN and a new password are typed. */
export function NewPasswordForm({ reset, username: known, onChanged }: NewPasswordFormProps) {
  const { labels } = useCarried()
  const { problem, wait, waitLabel, missing, clear, failed } = useProblem()
  const { id: problemId, field } = useProblemFields(problem)
  const [username, setUsername] = useState(known ?? '')
  const [sent, setSent] = useState(0)
  const [isBusy, setBusy] = useState(false)
  const isHere = useRef(true)
  const first = useRef<HTMLInputElement>(null)
  const id = useId()

  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  useEffect(() => {
    if (sent) first.current?.focus()
  }, [sent])

  /** One request at a time; what comes of it after leaving the page is nobody's business any more. */
  async function run(request: () => Promise<void>, done: () => void): Promise<void> {
    if (isBusy || wait) return
    setBusy(true)
    try {
      await request()
      if (isHere.current) done()
    } catch (error) {
      if (isHere.current) failed(error, sent ? 'pinWrong' : 'usernameWrong')
    }
    if (isHere.current) setBusy(false)
  }

  const sendPin = () =>
    run(
      () => reset.requestPin({ username }),
      () => {
        clear()
        setSent((count) => count + 1)
      },
    )

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (!username) return missing('usernameMissing')
    if (!sent) return sendPin()
    const typed = Object.fromEntries(new FormData(event.currentTarget)) as Record<'pin' | 'password', string>
    // As a text message may show it: 123 456.
    const pin = typed.pin.replace(/\s/g, '')
    if (!pin || !typed.password) return missing('pinMissing')
    return run(
      () => reset.change({ username, pin, password: typed.password }),
      () => onChanged(username),
    )
  }

  const button = (idle: string) => (isBusy ? labels.oneMoment : wait ? waitLabel : idle)
  return (
    <>
      {problem && <ProblemMessage id={problemId} problem={problem} />}
      <p role="status" data-stillhere="notice">
        {sent === 0
          ? labels.pinHint
          : sent === 1
            ? withName(labels.pinSent, username)
            : withName(labels.anotherPinSent, username)}
      </p>
      <form
        data-stillhere="form"
        data-state={isBusy ? 'busy' : wait ? 'waiting' : 'idle'}
        onSubmit={submit}
        noValidate
        aria-busy={isBusy}
      >
        {sent ? (
          <>
            {/* Not shown, but there: password managers keep a new password under the name that goes with it. */}
            <input name="username" autoComplete="username" value={username} readOnly hidden />
            <label htmlFor={`${id}pin`}>{labels.pin}</label>
            <input
              id={`${id}pin`}
              key={sent}
              name="pin"
              ref={first}
              dir="ltr"
              autoComplete="one-time-code"
              inputMode="numeric"
              spellCheck={false}
              {...field}
            />
            <PasswordField id={`${id}password`} label={labels.newPassword} autoComplete="new-password" {...field} />
            <div data-stillhere="buttons">
              <button type="submit" data-stillhere="submit" data-primary="" aria-disabled={isBusy || wait > 0}>
                {button(labels.changePassword)}
              </button>
              <button type="button" data-stillhere="send-pin" onClick={sendPin} aria-disabled={isBusy || wait > 0}>
                {labels.sendAnotherPin}
              </button>
            </div>
          </>
        ) : (
          <>
            <UsernameField
              id={`${id}username`}
              value={username}
              onChange={(event) => setUsername(event.target.value)}
              {...field}
            />
            <button type="submit" data-stillhere="submit" data-primary="" aria-disabled={isBusy || wait > 0}>
              {button(labels.sendPin)}
            </button>
          </>
        )}
      </form>
    </>
  )
}
