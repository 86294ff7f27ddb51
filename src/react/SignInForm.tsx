'use client'
import { type FormEvent, type ReactNode, useId } from 'react'
import { useSession } from './hooks.ts'
import { PasswordField } from './PasswordField.tsx'
import { useProblem } from './problem.tsx'
import { useCarried } from './SessionProvider.tsx'
import { UsernameField } from './UsernameField.tsx'

interface SignInFormProps {
  /** What stands above the form while nothing is wrong with it. */
  readonly notice: ReactNode
  readonly username: string | undefined
  readonly onSignedIn: () => void
}

/** User name and password, as password managers know them. */
export function SignInForm({ notice, username, onSignedIn }: SignInFormProps) {
  const { session, labels } = useCarried()
  const isBusy = useSession(({ status }) => status === 'signing-in')
  const { message, wait, field, missing, failed } = useProblem()
  const id = useId()

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy || wait) return
    const form = event.currentTarget
    const typed = Object.fromEntries(new FormData(form)) as Record<'username' | 'password', string>
    if (!typed.username || !typed.password) return missing(labels.missing)
    try {
      await session.signIn(typed)
    } catch (error) {
      return failed(error, labels.wrong)
    }
    // A page that goes on showing the form does not go on holding the password.
    form.reset()
    onSignedIn()
  }

  return (
    <>
      {message ?? notice}
      <form onSubmit={submit} noValidate aria-busy={isBusy}>
        <UsernameField id={`${id}username`} defaultValue={username} {...field} />
        <PasswordField id={`${id}password`} label={labels.password} autoComplete="current-password" {...field} />
        <button type="submit" data-primary="" aria-disabled={isBusy || wait > 0}>
          {isBusy ? labels.signingIn : wait ? labels.wait(wait) : labels.signIn}
        </button>
      </form>
    </>
  )
}
