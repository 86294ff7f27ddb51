import type { ReactNode } from 'react'
import type { Session } from 'stillhere'
import { RequireSession, SessionProvider, SessionWarning } from 'stillhere/react'
import { Host } from './_host.tsx'
import { createMounting } from './_mounting.tsx'
import { render } from './_page.tsx'
import { createBenchSession, restored } from './_session.ts'

const signIn = (session: Session) => session.signIn({ username: 'analyst', password: 'bug#1' })

/** Someone is signed in, and the provider listens. */
export async function activity(): Promise<void> {
  const session = createBenchSession()
  render(
    <SessionProvider session={session}>
      <SessionWarning />
      <p>Here</p>
    </SessionProvider>,
  )
  if (!(await restored(session))) await signIn(session)
}

const session = createBenchSession({ idleTimeout: 30 * 60_000, warnBefore: 2 * 60_000 })

const Root = ({ children }: { children: ReactNode }) => (
  <SessionProvider session={session}>
    <SessionWarning />
    <RequireSession>{children}</RequireSession>
  </SessionProvider>
)

const renderApp = (): void =>
  render(
    <Root>
      <Host load={session.fetch} />
    </Root>,
  )

export async function wake(): Promise<void> {
  renderApp()
  await restored(session)
  await signIn(session)
}
export const countdown = wake
export const memory = wake

export const paint = { render: renderApp, signOut: () => session.signOut() }

export const mount = createMounting((rows) => <SessionProvider session={session}>{rows}</SessionProvider>)

const mounting = createMounting((rows) => <Root>{rows}</Root>)
/** The session goes on meanwhile, as its gate shows nothing before it knows that it does. */
export async function mountGate(times: number): Promise<number[]> {
  const stop = session.start()
  if (!(await restored(session))) await signIn(session)
  const costs = await mounting(times)
  stop()
  return costs
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
  isSignedIn: (): boolean => /^(active|warning)$/.test(long.getState().status),
}
