import { devtools } from 'zustand/middleware'
import { createStore } from 'zustand/vanilla'
import type { SessionState } from '../core/types.ts'
import { EVENT_TYPES } from './entries.ts'
import type { Recordable } from './recording.ts'
import { personalIn, redactClaims, scrub, shortId } from './redact.ts'

/** What `connectReduxDevtools` may be told. */
export interface ReduxDevtoolsOptions {
  /** What the extension calls it: `stillhere` by default. */
  readonly name?: string
}

/** The parts of the state that change without an event. */
const QUIET = ['status', 'staying', 'trouble', 'veiled', 'tabs', 'revocation'] as const

/** Shows a session in the Redux DevTools, each event an action, with secrets and names blotted out; does nothing where the extension is not there. Returns the way out. */
export function connectReduxDevtools(
  session: Recordable,
  { name = 'stillhere' }: ReduxDevtoolsOptions = {},
): () => void {
  if (!(globalThis as { __REDUX_DEVTOOLS_EXTENSION__?: unknown }).__REDUX_DEVTOOLS_EXTENSION__) return () => {}
  // A copy: what the extension does to it, such as travelling in time, does nothing to the session.
  const mirror = createStore(devtools(() => mirrored(session.getState()), { name, enabled: true }))
  // The names outlive the state that had them: an event tells of it a moment later.
  let names: string[] = []
  const send = (action: { readonly type: string }) => {
    const own = personalIn(session.getState())
    if (own.length) names = own
    mirror.setState(mirrored(session.getState()), true, scrub(action, names))
  }
  const offs = [
    session.subscribe((state, before) => {
      const changed = QUIET.filter((key) => state[key] !== before[key])
      if (changed.length) send({ type: `state: ${changed.map((key) => `${key} ${state[key]}`).join(', ')}` })
    }),
    ...EVENT_TYPES.map((type) =>
      session.on(type, (event) => send({ ...event, ...(event.sessionId && { sessionId: shortId(event.sessionId) }) })),
    ),
    mirror.devtools.cleanup,
  ]
  return () => {
    for (const off of offs) off()
  }
}

/** A state in which nothing is secret and nobody is named. */
function mirrored({ session, token, user, claims, lastUser, ...state }: SessionState) {
  const names = personalIn({ session, token, user, claims, lastUser, ...state })
  return scrub(
    {
      ...state,
      token: token && '[secret]',
      user: user && '[redacted]',
      lastUser: lastUser && '[redacted]',
      claims: claims && redactClaims(claims),
      session: session && {
        id: shortId(session.id),
        epoch: session.epoch,
        generation: session.generation,
        signedInAt: session.signedInAt,
        departedAt: session.grant.departedAt,
        expiresAt: session.grant.expiresAt,
      },
    },
    names,
  )
}
