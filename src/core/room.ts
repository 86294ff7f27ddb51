import type { Ask } from './call.ts'
import type { Shared } from './shared.ts'
import type { Backend, Platform, Policy } from './types.ts'

/** What every part of a session works with. */
export interface Room {
  readonly backend: Backend
  readonly platform: Platform
  readonly policy: Policy
  /** The name that keeps sessions of one origin apart. */
  readonly app: string
  readonly shared: Shared
  readonly ask: Ask
  /** Tells what happened and why; never a secret. */
  log(event: string, detail?: string): void
}
