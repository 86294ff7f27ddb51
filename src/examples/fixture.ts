import { type Backend, createSession, Secret, type SessionOptions } from 'stillhere'
import { vi } from 'vitest'

/** A session on a page with fake timers; the user's name is the role, and the password the token. */
export async function openSession(options: Partial<SessionOptions> = {}) {
  const server = { roles: ['analyst'], tokens: [] as string[] }
  const answer = async () => {
    const token = `secret-${server.tokens.length}`
    server.tokens.push(token)
    return { token: new Secret(token), expiresAt: Date.now() + 1_800_000, roles: server.roles }
  }
  const backend: Backend = {
    system: 'Test',
    baseUrl: '/api',
    renewsWith: 'token',
    signIn: answer,
    refresh: answer,
    revoke: async () => {},
    headers: ({ token }) => ({ authorization: `Bearer ${token.reveal()}` }),
    refusesToken: () => false,
  }
  const session = createSession({ backend, ...options })
  session.start()
  await vi.advanceTimersByTimeAsync(5_000)
  return {
    session,
    server,
    async signIn(...roles: string[]) {
      server.roles = roles
      const signingIn = session.signIn({})
      await vi.advanceTimersByTimeAsync(5_000)
      await signingIn
    },
    /** Until the session ends unless someone acts, in minutes, less what has passed since the sign-in. */
    limit: () => Math.round((session.getState().deadline! - session.getState().session!.signedInAt) / 60_000),
  }
}
