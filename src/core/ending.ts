import { backoff } from './backoff.ts'
import { REFRESH, REVOKE } from './call.ts'
import type { AuthError } from './errors.ts'
import { refreshEndOf } from './policy.ts'
import { keyOf, revokedToo } from './record.ts'
import type { Room } from './room.ts'
import type { Backend, EndReason, Held, Revocation, SharedRecord } from './types.ts'

/** Tabs that did not end the session themselves leave its revocation to the one that did, this long. */
const STAND_BY = 3_000
const DAY = 86_400_000

/** The revocation queue: once a session has ended, the only one that still knows its token, in memory. */
export function createEnding(
  { backend, platform, shared, ask, emit }: Room,
  report: (held: Held, outcome: Revocation) => void,
) {
  /** What is to be tried again, and how to call that off. */
  const waiting = new Map<() => void, () => void>()
  let disposed = false

  function told({ id }: Held, outcome: Revocation): Revocation {
    if (outcome !== 'pending') emit('revoked', id, { outcome })
    return outcome
  }

  /** Revokes a session at the server; `here`: at once, for a page that may be closing. Returns what is known so far. */
  const add = (held: Held, here: boolean, reason?: EndReason): Revocation => told(held, begin(held, here, reason))

  function begin(held: Held, here: boolean, reason?: EndReason): Revocation {
    if (!backend.revoke) return 'unsupported'
    let { grant } = held
    const tokenEnd = () => grant.expiresAt ?? platform.now() + DAY
    const end = Math.max(tokenEnd(), Math.min(refreshEndOf(grant), platform.now() + DAY))
    if (platform.now() >= end) return 'unneeded'
    // Whose session it would end, the browser's cookie says, and not this grant.
    const goesByCookie = () =>
      backend.revokesWith === 'nothing' || (backend.renewsWith === 'cookie' && platform.now() >= tokenEnd())
    if (goesByCookie() && reason === 'replaced') return 'failed'

    const key = keyOf(held)
    let failures = 0

    async function send(): Promise<void> {
      // Where only a live token revokes, and only the refresh token lives: one more token, for this alone.
      if (platform.now() >= tokenEnd() && backend.revokesWith === 'token' && backend.refresh) {
        grant = { ...grant, ...(await ask(REFRESH, (call) => backend.refresh!(grant, call))) }
      }
      return ask(REVOKE, (call) => backend.revoke!(grant, call))
    }

    /** One try under the lock: what became of it, or the ms to wait before the next. */
    async function tryOnce(sent?: Promise<void>): Promise<Revocation | number> {
      const record = sent ? null : await shared.read()
      if (record?.revoked?.includes(key)) return 'revoked'
      if (record && goesByCookie() && isOfAnother(record, held.id)) return 'failed'
      if (platform.now() >= end) return 'failed'
      try {
        await (sent ?? send())
      } catch (error) {
        const { kind, retryAfter = 0 } = error as AuthError
        // Refused: the token was dead already. Malformed: an answer, but none that says it was revoked.
        if (kind !== 'unreachable') return kind === 'refused' ? 'unneeded' : 'failed'
        return Math.max(backoff(platform, failures++), retryAfter)
      }
      await shared.update((record) => record && revokedToo(record, key))
      return 'revoked'
    }

    async function attempt(sent?: Promise<void>): Promise<void> {
      const outcome = await platform.exclusive(REVOKING, DAY, () => tryOnce(sent))
      if (typeof outcome === 'number') wait(outcome)
      else if (!disposed) report(held, told(held, outcome ?? 'failed'))
    }

    function wait(ms: number): void {
      if (disposed) return
      const again = () => {
        waiting.get(again)?.()
        waiting.delete(again)
        void attempt()
      }
      waiting.set(again, platform.wakeAt(platform.now() + ms, again))
    }

    if (here) {
      // It leaves before the lock is asked for, and until then nobody listens to its failure.
      const sent = send()
      sent.catch(() => {})
      void attempt(sent)
    } else wait(STAND_BY)
    return 'pending'
  }

  return {
    add,
    /** Revokes a grant that was never adopted, or no longer is. */
    discard: (held: Held) => void add(held, !sharesCookie(backend)),
    /** Tries what waits at once: the page is back, or online. */
    retry: () => {
      for (const again of [...waiting.keys()]) again()
    },
    dispose: () => {
      disposed = true
      for (const cancel of waiting.values()) cancel()
      waiting.clear()
    },
  }
}

/** The turn to end sessions at the server. */
export const REVOKING = 'revoke'

/** Whether a cookie, of which a browser has but one, says whose session is renewed or ended. */
export const sharesCookie = ({ renewsWith, revokesWith }: Backend): boolean =>
  renewsWith === 'cookie' || revokesWith === 'nothing'

/** Whether the cookie is by now somebody else's: another session lives, or has taken the place of this one. */
const isOfAnother = ({ sessionId, endedReason }: SharedRecord, id: string): boolean =>
  sessionId === id ? endedReason === 'replaced' : !endedReason
