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

const long = createBenchSession({ idleTimeout: 20 * 3_600_000 })

export const refreshing = {
  async signIn(): Promise<void> {
    long.start()
    if (!(await restored(long))) await long.signIn({ username: 'analyst', password: 'bug#1' })
  },
  request: async (): Promise<number> =>
    long.fetch('/api/items').then(
      ({ status }) => status,
      () => 0,
    ),
  isSignedIn: (): boolean => long.getState().user !== null,
}
