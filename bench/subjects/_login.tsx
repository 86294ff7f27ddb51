import type { FormEvent } from 'react'

interface LoginFormProps {
  readonly signIn: () => Promise<unknown>
}

/** The least form that signs in. */
export function LoginForm({ signIn }: LoginFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn().catch(reportError)
  }
  return (
    <form onSubmit={submit}>
      <h1>Sign in</h1>
      <label>
        User name <input name="username" autoComplete="username" />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" />
      </label>
      <button type="submit">Sign in</button>
    </form>
  )
}
