'use client'
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { AuthError } from '../core/errors.ts'
import { focusMain } from './focus.ts'
import { useSession } from './hooks.ts'
import { nextPath } from './next.ts'
import { useCarried } from './SessionProvider.tsx'
import { useTitle } from './title.ts'

export interface LoginPageProps {
  /** Shown above the form: a logo, a product's name. */
  readonly children?: ReactNode
  /** Shown below the form: a notice, a language switch. */
  readonly footer?: ReactNode
  /** Where a forgotten password is mended; no link without it. */
  readonly forgotPasswordUrl?: string
  /** Called after a sign-in; by default goes to the same-origin path in `?next=`, if there is one. */
  readonly onSignedIn?: () => void
}

interface Problem {
  readonly text: string
  /** Whether it is about what was typed. */
  readonly isInput: boolean
}

function goToNext(): void {
  const next = nextPath(location.search, location.origin)
  if (next) location.assign(next)
}

/** The login page: a form that password managers know, and why the last session ended. */
export function LoginPage({ children, footer, forgotPasswordUrl, onSignedIn = goToNext }: LoginPageProps) {
  const { session, labels } = useCarried()
  const { reason, endedHere, lastUser, status } = useSession()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const alert = useRef<HTMLParagraphElement>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isShown, show] = useState(false)
  const [freeAt, setFreeAt] = useState(0)
  const wait = useWait(freeAt, session, () => setProblem(null))
  const isBusy = status === 'signing-in'

  useTitle(labels.signInTitle)
  // biome-ignore lint/correctness/useExhaustiveDependencies: where to begin is decided once, on arrival.
  useEffect(() => {
    // Someone who was just signed out hears why before anything else.
    if (reason) heading.current?.focus()
  }, [])
  useEffect(
    () => () => {
      session.abandonSignIn()
      // Signed in: the form that had the focus is gone, and what it led to is here.
      if (session.getState().session && document.activeElement === document.body) focusMain()
    },
    [session],
  )
  useEffect(() => {
    if (problem) alert.current?.focus()
  }, [problem])

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy || wait) return
    const { username, password } = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>
    if (!username || !password) return setProblem({ text: labels.missing, isInput: true })
    try {
      await session.signIn({ username, password })
      onSignedIn()
    } catch (error) {
      const { kind, retryAfter } = error as AuthError
      if (!kind) return
      const isThrottled = retryAfter !== undefined
      if (isThrottled) setFreeAt(session.now() + retryAfter)
      const seconds = Math.ceil((retryAfter ?? 0) / 1_000)
      const text =
        kind === 'refused' ? labels.wrong : isThrottled ? labels.throttled(labels.time(seconds)) : labels[kind]
      setProblem({ text, isInput: kind === 'refused' })
    }
  }

  const ended = reason && (reason === 'user' && !endedHere ? labels.signedOutElsewhere : labels.reasons[reason])
  const field = {
    'aria-invalid': problem?.isInput || undefined,
    'aria-describedby': problem ? `${id}problem` : undefined,
    required: true,
  } as const
  return (
    <main data-stillhere="login">
      <div data-stillhere="card">
        {children}
        <h1 ref={heading} tabIndex={-1} aria-describedby={ended ? `${id}ended` : undefined}>
          {labels.signInTitle}
        </h1>
        {ended && !problem && (
          <p id={`${id}ended`} data-stillhere="ended" data-reason={reason}>
            {ended}
          </p>
        )}
        {problem && (
          <p id={`${id}problem`} role="alert" ref={alert} tabIndex={-1} data-stillhere="problem">
            {problem.text}
          </p>
        )}
        <form onSubmit={submit} noValidate aria-busy={isBusy}>
          <label htmlFor={`${id}username`}>{labels.username}</label>
          <input
            id={`${id}username`}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            defaultValue={lastUser?.name}
            {...field}
          />
          <label htmlFor={`${id}password`}>{labels.password}</label>
          <div data-stillhere="password">
            <input
              id={`${id}password`}
              name="password"
              type={isShown ? 'text' : 'password'}
              autoComplete="current-password"
              autoCapitalize="none"
              spellCheck={false}
              {...field}
            />
            <button type="button" aria-pressed={isShown} onClick={() => show(!isShown)}>
              {labels.showPassword}
            </button>
          </div>
          <button type="submit" data-primary="" aria-disabled={isBusy || wait > 0}>
            {isBusy ? labels.signingIn : wait ? labels.wait(wait) : labels.signIn}
          </button>
        </form>
        {forgotPasswordUrl && <a href={forgotPasswordUrl}>{labels.forgotPassword}</a>}
        {footer}
      </div>
    </main>
  )
}

interface Clock {
  now(): number
  wakeAt(time: number, wake: () => void): () => void
}

/** Whole seconds until `freeAt` (epoch ms, 0 for none), and then 0; calls `onFree` once it has come. */
function useWait(freeAt: number, { now, wakeAt }: Clock, onFree: () => void): number {
  const [wait, setWait] = useState(0)
  const free = useRef(onFree)
  free.current = onFree
  useEffect(() => {
    if (!freeAt) return
    let cancel = () => {}
    const look = () => {
      const left = Math.max(0, Math.ceil((freeAt - now()) / 1_000))
      setWait(left)
      if (left) cancel = wakeAt(freeAt - (left - 1) * 1_000, look)
      else free.current()
    }
    look()
    return () => cancel()
  }, [freeAt, now, wakeAt])
  return wait
}
