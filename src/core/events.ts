import type { Cause, EndReason, ErrorKind, Platform, Revocation } from './types.ts'

/** What an event of each type tells, besides its time and its session. */
export interface Told {
  /** This tab has a session that it had not: `here` if it signed in, else another tab did, or it was restored. */
  'signed-in': { readonly here: boolean }
  /** There is a new grant: fetched `here`, in `ms` from the request to its use, or by another tab (`null`). */
  refreshed: { readonly here: boolean; readonly generation: number; readonly ms: number | null }
  /** The warning has opened; `deadline` in epoch ms. */
  warned: { readonly cause: Cause; readonly deadline: number }
  /** Someone stays: by "Stay signed in", by input while the warning was open, or in another tab; `deadline` in epoch ms. */
  extended: { readonly by: 'stay' | 'activity' | 'other-tab'; readonly deadline: number }
  /** The session is over: `here` if this tab ended it for all. */
  ended: { readonly here: boolean; readonly reason: EndReason }
  /** What became of a session, or of an answer that came too late, at the server. */
  revoked: { readonly outcome: Exclude<Revocation, 'pending'> }
  /** A request of the session's own failed; `status` is that of HTTP, where there was an answer. */
  failed: {
    readonly during: 'sign-in' | 'refresh'
    readonly kind: ErrorKind
    readonly status: number | null
    readonly message: string
  }
  /** `keepAwake` holds the session, for this reason. */
  'kept-awake': { readonly reason: string }
  /** It no longer does. */
  released: { readonly reason: string }
  /** A refresh goes out without its turn: another tab held that too long. */
  'without-lock': object
}

/** What `session.on` tells, by type: facts of this tab, each once, and never a secret. */
export type SessionEvents = {
  readonly [T in keyof Told]: Told[T] & {
    readonly type: T
    /** Epoch ms, by the device's clock. */
    readonly at: number
    /** Made by Stillhere, the same in all tabs; `null` where nobody is signed in yet. */
    readonly sessionId: string | null
  }
}

/** Any of them: what `log` is told. */
export type SessionEvent = SessionEvents[keyof SessionEvents]

export type Emit = <T extends keyof Told>(type: T, sessionId: string | null, told: Told[T]) => void

type Listener = (event: SessionEvent) => unknown

/** Tells what happened, each listener on its own and after the fact: whatever it does or throws, nothing of ours is half done. */
export function createEvents({ now, report }: Platform, log: Listener | undefined) {
  const listeners = new Set<{ readonly type?: string; readonly listener: Listener }>()
  if (log) listeners.add({ listener: log })
  let disposed = false

  const emit: Emit = (type, sessionId, told) => {
    const event = { type, at: now(), sessionId, ...told } as SessionEvent
    for (const one of listeners)
      if (!one.type || one.type === type)
        Promise.resolve(event)
          .then((event) => listeners.has(one) && one.listener(event))
          .catch(report)
  }

  return {
    emit,
    on<T extends keyof SessionEvents>(type: T, listener: (event: SessionEvents[T]) => unknown): () => void {
      const one = { type, listener: listener as Listener }
      if (!disposed) listeners.add(one)
      return () => void listeners.delete(one)
    },
    dispose(): void {
      disposed = true
      listeners.clear()
    },
  }
}
