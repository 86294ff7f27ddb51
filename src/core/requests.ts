import { SessionOverError } from './errors.ts'
import type { Follow } from './follow.ts'
import type { Life } from './life.ts'
import type { Refresh } from './refresh.ts'
import type { Grant } from './types.ts'

/** What a request is sent with. */
export function createRequests(life: Life, follow: Follow, { refresh, isRefreshing }: Refresh) {
  /** A grant that may be sent now; after one that the server has refused, a newer one. Throws `SessionOverError` or `AuthError`. */
  return async function grant(refused?: Grant): Promise<Grant> {
    if (life.isUnknown()) await follow.restore()
    life.tick()
    await follow.sync()
    await follow.settled()
    for (let isSecond = false; ; isSecond = true) {
      life.tick()
      const { session } = life.getState()
      if (!session) throw new SessionOverError()
      const { usable, mayRenew } = life.verdictOn(session, life.look())
      const isGood = usable && session.grant !== refused && life.isConfirmed()
      if (isGood && (isSecond || !isRefreshing())) return session.grant
      if (isSecond || !(mayRenew || isRefreshing())) throw new SessionOverError()
      const outcome = await refresh()
      if (outcome.kind === 'failed' && !isGood) throw outcome.error
    }
  }
}
