import type { Ask } from './call.ts'
import type { Emit } from './events.ts'
import type { Shared } from './shared.ts'
import type { Backend, EndReason, Held, Platform, Policy } from './types.ts'

/** What every part of a session works with. */
export interface Room {
  readonly backend: Backend
  readonly platform: Platform
  /** As it is now: `setPolicy` changes what is in it, so it is read anew each time. */
  readonly policy: Policy
  /** The name that keeps sessions of one origin apart. */
  readonly app: string
  readonly shared: Shared
  readonly ask: Ask
  /** Tells what happened and why; never a secret. */
  readonly emit: Emit
}

/**
 * Ends a session in this tab. `here`: this tab ends it for all, and revokes it at once. `there`: another tab does, and this one
 * stands by. `quietly`: over for this tab alone, while the session may go on elsewhere.
 */
export type Finish = (held: Held, reason: EndReason, how: 'here' | 'there' | 'quietly') => void
