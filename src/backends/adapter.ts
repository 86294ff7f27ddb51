import type { Answer, Backend, Credentials, Grant, User } from '../core/types.ts'
import type { createHttp, Endpoint, Reply } from './http.ts'
import { ifAnother, toKey } from './jwt.ts'

/** What is a system's own, where each call is one request and a claim of the token says for whom it is. */
export interface Dialect extends Pick<Backend, 'renewsWith'>, Partial<Pick<Backend, 'headers'>> {
  /** The claim that names the person. */
  readonly claim: string
  signIn(credentials: Credentials): Endpoint
  refresh(grant: Grant): Endpoint
  /** Left out where the system has no revocation. */
  revoke?(grant: Grant): Endpoint
  /** Reads what a sign-in or a refresh answered. */
  read(reply: Reply): Answer
  /** Who has signed in, where that is not just that claim and the name that was typed. */
  who?(key: string | null, reply: Reply, credentials: Credentials): User
}

/** The adapter for a system whose calls are one request each. */
export function createAdapter(
  { send, base }: ReturnType<typeof createHttp>,
  { claim, signIn, refresh, revoke, read, who, ...own }: Dialect,
): Backend {
  return {
    ...base,
    ...own,
    async signIn(credentials, call) {
      const reply = await send(signIn(credentials), call)
      const answer = read(reply)
      const key = toKey(answer.claims?.[claim])
      return { ...answer, user: who?.(key, reply, credentials) ?? { key, name: credentials.username! } }
    },
    async refresh(grant, call) {
      const answer = read(await send(refresh(grant), call))
      return { ...answer, ...ifAnother(grant, answer, claim) }
    },
    ...(revoke && {
      revokesWith: 'token',
      async revoke(grant, call) {
        await send({ ...revoke(grant), keepalive: true }, call)
      },
    }),
  }
}
