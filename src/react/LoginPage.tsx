'use client'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { focusMain } from './focus.ts'
import { useSession } from './hooks.ts'
import { useIsLock } from './Lock.tsx'
import { useLanguage } from './language.ts'
import { NewPasswordForm } from './NewPasswordForm.tsx'
import { nextPath } from './next.ts'
import { useCarried } from './SessionProvider.tsx'
import { SignInForm } from './SignInForm.tsx'
import { useEnded } from './sign-in.ts'
import type { Unsaved } from './TimeLimit.tsx'
import { useTitle } from './title.ts'

/** What surrounds the form, and what follows it. */
export interface LoginPageProps {
  /** Shown above the form: a logo, a product's name. */
  readonly children?: ReactNode
  /** Shown below the form: a notice, a language switch. */
  readonly footer?: ReactNode
  /** Where a forgotten password is mended, if not here by the system's own way; no link without either. */
  readonly forgotPasswordUrl?: string
  /** What became of work that was not saved, told after an end that nobody chose; says nothing of it by default. */
  readonly unsaved?: Unsaved
  /** Called after a sign-in, unless a locked page waits; by default goes to the same-origin path in `?next=`, if there is one. */
  readonly onSignedIn?: () => void
}

function goToNext(): void {
  const next = nextPath(location.search, location.origin)
  if (next) location.assign(next)
}

const stay = () => {}

/** The login page: a form that password managers know, why the last session ended, and the way to a new password. */
export function LoginPage({ children, footer, forgotPasswordUrl, unsaved, onSignedIn = goToNext }: LoginPageProps) {
  const { session, labels } = useCarried()
  const { reason, lastUser } = useSession()
  const ended = useEnded()
  const language = useLanguage()
  const isLock = useIsLock()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const [isForgotten, setForgotten] = useState(false)
  const [changedFor, setChangedFor] = useState<string | null>(null)
  const { passwordReset } = session

  const title = isForgotten ? labels.newPasswordTitle : labels.signInTitle
  const told = changedFor ? labels.passwordChanged : ended
  // A page that waits says itself what is kept.
  const isLeft = unsaved && reason !== 'user' && !changedFor && !isLock
  const left = isLeft && (unsaved === 'kept' ? labels.wasKept : labels.wasLost)

  useTitle(title)
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

  /** What had the focus is gone: the heading says where one is. */
  function turn(toForgotten: boolean, changed: string | null = null): void {
    session.abandonSignIn()
    setForgotten(toForgotten)
    setChangedFor(changed)
    heading.current?.focus()
  }

  return (
    <main data-stillhere="login">
      <div data-stillhere="card">
        {children}
        {/* What the host puts above and below is in the page's own language. */}
        <div data-stillhere="words" data-state={isForgotten ? 'new-password' : 'sign-in'} {...language}>
          <h1
            ref={heading}
            data-stillhere="title"
            tabIndex={-1}
            aria-describedby={told && !isForgotten ? `${id}told` : undefined}
          >
            {title}
          </h1>
          {passwordReset && isForgotten ? (
            <>
              <NewPasswordForm
                reset={passwordReset}
                username={lastUser?.username ?? undefined}
                onChanged={(username) => turn(false, username)}
              />
              <button type="button" data-stillhere="back" data-link="" onClick={() => turn(false)}>
                {labels.backToSignIn}
              </button>
            </>
          ) : (
            <>
              <SignInForm
                username={changedFor ?? lastUser?.username ?? undefined}
                // Going elsewhere would lose what has waited.
                onSignedIn={isLock ? stay : onSignedIn}
                notice={
                  told && (
                    <p id={`${id}told`} data-stillhere="ended" data-reason={changedFor ? undefined : reason}>
                      {told}
                      {left && <> {left}</>}
                    </p>
                  )
                }
              />
              {forgotPasswordUrl ? (
                <a data-stillhere="forgot" data-link="" href={forgotPasswordUrl}>
                  {labels.forgotPassword}
                </a>
              ) : (
                passwordReset && (
                  <button type="button" data-stillhere="forgot" data-link="" onClick={() => turn(true)}>
                    {labels.forgotPassword}
                  </button>
                )
              )}
            </>
          )}
        </div>
        {footer}
      </div>
    </main>
  )
}
