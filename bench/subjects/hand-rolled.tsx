import type { ReactNode } from 'react'
import { refreshIfOld, request, signIn, signOut, useAuth } from './_hand-rolled-store.ts'
import { Host } from './_host.tsx'
import { IdleWarning } from './_idle-warning.tsx'
import { LoginForm } from './_login.tsx'
import { createMounting } from './_mounting.tsx'
import { render } from './_page.tsx'

const CROSS_TAB = { crossTab: true, syncTimers: 1_000 }

/** react-idle-timer, jwt-decode and zustand, as teams put them together with care. */
function Root({ children }: { children: ReactNode }) {
  const isIn = useAuth(({ accessToken }) => accessToken !== null)
  if (!isIn) return <LoginForm signIn={signIn} />
  return (
    <>
      <IdleWarning
        {...CROSS_TAB}
        onIdle={() => void signOut().catch(() => {})}
        onAction={refreshIfOld}
        throttle={500}
      />
      {children}
    </>
  )
}

const renderApp = (): void =>
  render(
    <Root>
      <Host load={request} />
    </Root>,
  )

export async function wake(): Promise<void> {
  renderApp()
  await signIn()
}
export const activity = wake
export const countdown = wake
export const memory = wake

export const paint = { render: renderApp, signOut: () => useAuth.setState({ accessToken: null, refreshToken: null }) }

const mounting = createMounting((rows) => <Root>{rows}</Root>)
export async function mount(times: number): Promise<number[]> {
  if (!useAuth.getState().accessToken) await signIn()
  return mounting(times)
}
export const mountGate = mount

export const refreshing = {
  signIn,
  request: async (): Promise<number> => (await request('/api/items')).status,
  isSignedIn: (): boolean => useAuth.getState().accessToken !== null,
}
