export interface Entry {
  readonly id: number
  readonly at: number
  readonly event: string
  readonly text: string
}

const KEPT = 100

const SAYS: Record<string, (detail: string) => string> = {
  'signed-in': () => 'Signed in.',
  'sign-in-failed': (why) => `Signing in failed: ${why}.`,
  refreshed: (by) => `Token refreshed ${by}: someone is here.`,
  'taken-over': (what) => `Took the session over from another tab (${what}).`,
  'refresh-failed': (why) => `Refresh failed: ${why}.`,
  warned: (cause) => `Warning opened: ${CAUSES[cause] ?? cause}.`,
  extended: () => 'Stayed signed in: asked for, and confirmed.',
  ended: (reason) => `Ended here: ${reason}.`,
  revocation: (outcome) => `Token at the server: ${outcome}.`,
  'kept-awake': (reason) => `Kept awake: ${reason}.`,
  released: (reason) => `No longer kept awake: ${reason}.`,
  'without-lock': () => 'Refreshed without a turn: another tab held it too long.',
}

const CAUSES: Record<string, string> = {
  idle: 'nobody has been here for a while',
  limit: 'the longest time of a session is near',
  token: 'the token ends and could not be renewed',
}

/** A list of what happened, newest first, for `useSyncExternalStore`. */
export function createLog() {
  let entries: readonly Entry[] = []
  let count = 0
  const listeners = new Set<() => void>()
  return {
    add(event: string, detail = ''): void {
      const text = SAYS[event]?.(detail) ?? `${event} ${detail}`
      entries = [{ id: ++count, at: Date.now(), event, text }, ...entries].slice(0, KEPT)
      for (const listener of listeners) listener()
    },
    get: () => entries,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
