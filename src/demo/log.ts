import type { SessionEvent, SessionEvents } from '../index.ts'

export interface Entry {
  readonly id: number
  readonly at: number
  readonly event: string
  readonly text: string
}

const KEPT = 100

const CAUSES = {
  idle: 'nobody has been here for a while',
  limit: 'the longest time of a session is near',
  token: 'the token ends and could not be renewed',
}

const STAYED = {
  stay: 'asked for, and confirmed',
  activity: 'someone is here',
  'other-tab': 'in another tab',
}

const SAYS: { readonly [T in keyof SessionEvents]: (event: SessionEvents[T]) => string } = {
  'signed-in': ({ here }) => (here ? 'Signed in.' : 'Signed in before, or in another tab.'),
  refreshed: ({ here, ms }) =>
    here ? `Token refreshed by this tab in ${ms} ms: someone is here.` : 'Token refreshed by another tab.',
  warned: ({ cause }) => `Warning opened: ${CAUSES[cause]}.`,
  extended: ({ by }) => `Stayed signed in: ${STAYED[by]}.`,
  ended: ({ here, reason }) => `Ended ${here ? 'here' : 'in another tab'}: ${reason}.`,
  revoked: ({ outcome }) => `Token at the server: ${outcome}.`,
  failed: ({ during, kind, message }) =>
    `${during === 'sign-in' ? 'Signing in' : 'Refresh'} failed: ${kind}: ${message}.`,
  'kept-awake': ({ reason }) => `Kept awake: ${reason}.`,
  released: ({ reason }) => `No longer kept awake: ${reason}.`,
  'without-lock': () => 'Refreshed without a turn: another tab held it too long.',
}

const textOf = <T extends keyof SessionEvents>(type: T, event: SessionEvents[T]): string => SAYS[type](event)

/** A list of what happened, newest first, for `useSyncExternalStore`. */
export function createLog() {
  let entries: readonly Entry[] = []
  let count = 0
  const listeners = new Set<() => void>()
  return {
    add(event: SessionEvent): void {
      const { at, type } = event
      entries = [{ id: ++count, at, event: type, text: textOf(type, event) }, ...entries].slice(0, KEPT)
      for (const listener of listeners) listener()
    },
    get: () => entries,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
