import type { EndReason, Held, LastUser, SessionState } from './types.ts'

/** The state's part that is about a session, while there is none. */
export const NOBODY = {
  session: null,
  token: null,
  user: null,
  roles: [] as readonly string[],
  claims: null,
  deadline: null,
  cause: null,
  extendable: false,
  staying: false,
  trouble: null,
} satisfies Partial<SessionState>

/** The same, where there was one and it is over. */
export const GONE = { ...NOBODY, status: 'signed-out', keptAwakeBy: [] as readonly string[] } as const

/** The state before anything is known. */
export const UNKNOWN: SessionState = {
  ...GONE,
  status: 'restoring',
  reason: null,
  endedHere: false,
  revocation: null,
  lastUser: null,
  tabs: 'shared',
  veiled: false,
}

/** Whose name to fill in again after such an end: nobody's where the person has left, or another has come. */
export const lastUserOf = (held: Held, reason: EndReason): LastUser | null =>
  reason === 'user' || reason === 'replaced' ? null : { ...held.grant.user, username: held.username ?? null }

/** The state's part that follows from a session. */
export const shown = (session: Held) => ({
  session,
  token: session.grant.token,
  user: session.grant.user,
  roles: session.grant.roles ?? NOBODY.roles,
  claims: session.grant.claims ?? null,
})
