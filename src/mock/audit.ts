import { hex, randomBytes, sha256 } from './bytes.ts'
import type { Session } from './sessions.ts'

export type AuditEvent =
  | 'sign-in'
  | 'sign-in-refused'
  | 'sign-in-throttled'
  | 'refresh'
  | 'refresh-reused'
  | 'sign-out'
  | 'revoked'
  | 'expired-token'
  | 'ended-token'
  | 'password-change-asked'
  | 'password-change-refused'
  | 'password-changed'

export type Audit = ReturnType<typeof createAudit>

/** Writes the audit log (ASVS 16.2.5, 16.3.1): a line has a UTC time, the event, the user, and a salted hash of the session's id. */
export function createAudit(now: () => number, log?: (line: string) => void) {
  const salt = randomBytes(16)
  return async (event: AuditEvent, session?: Pick<Session, 'id' | 'user'>, username?: string): Promise<void> => {
    if (!log) return
    const at = new Date(now()).toISOString()
    // A name that no account has may be a password typed in the wrong field.
    const user = JSON.stringify(session?.user.username ?? username ?? '(unknown)')
    const id = session ? hex(await sha256(session.id, salt)).slice(0, 12) : '-'
    log(`${at} ${event} user=${user} session=${id}`)
  }
}
