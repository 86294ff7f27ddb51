import { SessionProvider, SessionWarning } from 'stillhere/react'
import { render } from './_page.tsx'
import { createBenchSession, restored } from './_session.ts'

/** Someone is signed in, and the provider listens. */
export async function activity(): Promise<void> {
  const session = createBenchSession()
  render(
    <SessionProvider session={session}>
      <SessionWarning />
      <p>Here</p>
    </SessionProvider>,
  )
  if (!(await restored(session))) await session.signIn({ username: 'analyst', password: 'bug#1' })
}
