import type { ReactNode } from 'react'
import { createSession, rest } from 'stillhere'
import { RequireSession, SessionProvider, SessionWarning } from 'stillhere/react'
import 'stillhere/styles.css'

export const session = createSession({
  backend: rest({
    baseUrl: '/rest',
    signIn: { path: '/login' },
    refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
    signOut: { path: '/logout', with: 'refresh-token', field: 'refreshToken' },
    answer: {
      token: 'data.accessToken',
      refreshToken: 'data.refreshToken',
      userKey: 'data.user.id',
      userName: 'data.user.name',
    },
  }),
  idleTimeout: 15 * 60_000,
})

export const Root = ({ children }: { children: ReactNode }) => (
  <SessionProvider session={session}>
    <SessionWarning />
    <RequireSession>{children}</RequireSession>
  </SessionProvider>
)
