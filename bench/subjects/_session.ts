import { createSession, rest, type Session } from 'stillhere'

/** A session on the API of the measures. */
export const createBenchSession = (options: Partial<Parameters<typeof createSession>[0]> = {}) =>
  createSession({
    backend: rest({
      baseUrl: '/api',
      signIn: { path: '/login' },
      refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
      signOut: { path: '/logout', with: 'refresh-token', field: 'refreshToken' },
      answer: {
        token: 'accessToken',
        refreshToken: 'refreshToken',
        expires: { field: 'expiresIn', unit: 'ms-from-now' },
      },
    }),
    ...options,
  })

/** Resolves once it is known whether anybody is signed in, and with whether so. */
export const restored = (session: Session): Promise<boolean> =>
  new Promise((resolve) => {
    const look = () => {
      const { status } = session.getState()
      if (status !== 'restoring') resolve(status === 'active' || status === 'warning')
      return status !== 'restoring'
    }
    if (look()) return
    const stop = session.subscribe(() => look() && stop())
  })
