import type { PolicyChanges, Session } from 'stillhere'

const MIN = 60_000

/** How long this person may be away on this screen; `createSession` has the limits of everybody else. */
const policyOf = (roles: readonly string[], isPaying: boolean): PolicyChanges =>
  isPaying
    ? { idleTimeout: 2 * MIN, warnBefore: MIN }
    : roles.includes('admin')
      ? { idleTimeout: 5 * MIN, sessionLimit: 240 * MIN }
      : {}

/** Shorter limits for administrators, and for everybody who is paying: called once, where the session is made. */
export function policyByRole(session: Session) {
  let isPaying = false
  const apply = () => session.setPolicy(policyOf(session.getState().roles, isPaying))
  session.on('signed-in', apply)
  // Roles may change with any answer of the server.
  session.on('refreshed', apply)
  return {
    /** For an effect of the payment screen; what it returns, the effect's cleanup, gives the role's limits back. */
    paying(): () => void {
      isPaying = true
      apply()
      return () => {
        isPaying = false
        apply()
      }
    },
  }
}
