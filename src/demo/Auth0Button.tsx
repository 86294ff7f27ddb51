import { useState } from 'react'
import { session } from './session.ts'

/** Signs in with the token of another issuer: the mock's own Auth0 tenant gives one out, as Auth0's pages would. */
export function Auth0Button() {
  const [problem, setProblem] = useState('')

  async function signIn() {
    setProblem('')
    try {
      const response = await fetch('/auth0/oauth/token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          grant_type: 'password',
          client_id: 'stillhere-mock',
          username: 'analyst@example.com',
          password: 'bug#1',
        }),
      })
      const { access_token, error_description } = await response.json()
      if (!access_token) throw new Error(error_description)
      await session.signIn({ externalToken: access_token })
    } catch (error) {
      setProblem((error as Error).message)
    }
  }

  return (
    <>
      <button type="button" onClick={signIn}>
        Sign in with Auth0, as the analyst
      </button>
      {problem && <p role="alert">{problem}</p>}
    </>
  )
}
