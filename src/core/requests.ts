import { SessionOverError } from './errors.ts'
import type { Life } from './life.ts'
import type { Refresh } from './refresh.ts'
import type { Room } from './room.ts'
import type { Grant, Held } from './types.ts'

export interface RequestsRoom {
  /** Comes to rest once it is known whether there is a session. */
  settled(): Promise<void> | null
  /** Looks at what the other tabs know. */
  sync(): Promise<void>
  /** The session that a request made now belongs to, if one is known. */
  owner(): Held | null
  /** The server has refused the session's own token, and nothing can renew it. */
  refuse(held: Held): void
}

/** What requests are sent with. */
export function createRequests({ backend }: Room, life: Life, { refresh, isRefreshing }: Refresh, room: RequestsRoom) {
  // A bad token renews nothing; with a refresh token or cookie it may yet be renewed, at the first sign of someone.
  const renewsOtherwise = backend.renewsWith === 'refresh-token' || backend.renewsWith === 'cookie'
  const owners = new WeakMap<Grant, string>()

  /** A grant that may be sent now; after one that the server has refused, a newer one. Throws `SessionOverError` or `AuthError`. */
  return async function grant(refused?: Grant): Promise<Grant> {
    // A request belongs to the session it was made in: it never goes out as whoever comes next.
    const owner = refused ? owners.get(refused) : room.owner()?.id
    await room.settled()
    life.tick()
    await room.sync()
    await room.settled()
    for (let isSecond = false; ; isSecond = true) {
      life.tick()
      const { session } = life.getState()
      if (!session || (owner ?? session.id) !== session.id) throw new SessionOverError()
      const { usable, mayRenew } = life.verdictOn(session)
      const isGood = usable && session.grant.token !== refused?.token && life.isConfirmed()
      if (isGood && (isSecond || !isRefreshing())) {
        owners.set(session.grant, session.id)
        return session.grant
      }
      if (isSecond || !(mayRenew || isRefreshing())) {
        if (session.grant.token === refused?.token) renewsOtherwise ? life.doubt() : room.refuse(session)
        throw new SessionOverError()
      }
      const wait = !isRefreshing() && life.mustWait()
      if (wait) throw wait
      const outcome = await refresh()
      if (outcome?.kind === 'failed' && !isGood) throw outcome.error
    }
  }
}
