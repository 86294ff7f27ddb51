'use client'
import { type FormEvent, type ReactNode, useId } from 'react'
import { PasswordField } from './PasswordField.tsx'
import { ProblemMessage, useProblemFields } from './ProblemMessage.tsx'
import { useCarried } from './SessionProvider.tsx'
import { useSignIn } from './sign-in.ts'
import { UsernameField } from './UsernameField.tsx'

interface SignInFormProps {
  /** What stands above the form while nothing is wrong with it. */
  readonly notice: ReactNode
  readonly username: string | undefined
  readonly onSignedIn: () => void
}

/** User name and password, as password managers know them. */
export function SignInForm({ notice, username, onSignedIn }: SignInFormProps) {
  const { labels } = useCarried()
  const { busy, problem, wait, waitLabel, submit } = useSignIn()
  const { id: problemId, field } = useProblemFields(problem)
  const id = useId()

  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    const typed = Object.fromEntries(new FormData(form)) as Record<'username' | 'password', string>
    if (!(await submit(typed))) return
    // A page that goes on showing the form does not go on holding the password.
    form.reset()
    onSignedIn()
  }

  return (
    <>
      {problem && <ProblemMessage id={problemId} problem={problem} />}
      {/* Hidden, and not gone: it goes on describing the heading. */}
      {notice && <div hidden={problem !== null}>{notice}</div>}
      <form
        data-stillhere="form"
        data-state={busy ? 'busy' : wait ? 'waiting' : 'idle'}
        onSubmit={send}
        noValidate
        aria-busy={busy}
      >
        <UsernameField id={`${id}username`} defaultValue={username} {...field} />
        <PasswordField id={`${id}password`} label={labels.password} autoComplete="current-password" {...field} />
        <button type="submit" data-stillhere="submit" data-primary="" aria-disabled={busy || wait > 0}>
          {busy ? labels.signingIn : wait ? waitLabel : labels.signIn}
        </button>
      </form>
    </>
  )
}
