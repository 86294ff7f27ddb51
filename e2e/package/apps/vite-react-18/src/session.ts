import { createSession, rest } from 'stillhere'

/** An API of one's own, whose refresh tokens work once. */
export const session = createSession({
  backend: rest({
    baseUrl: '/rest',
    signIn: { path: '/login' },
    refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
    signOut: { path: '/logout', with: 'refresh-token', field: 'refreshToken' },
    answer: {
      token: 'data.accessToken',
      refreshToken: 'data.refreshToken',
      expires: { field: 'data.expiresIn', unit: 'ms-from-now' },
      userKey: 'data.user.id',
      userName: 'data.user.name',
    },
  }),
})
