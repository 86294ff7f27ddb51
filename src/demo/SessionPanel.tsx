import { lazy, Suspense } from 'react'
import { addressOf, session, system, ttl } from './session.ts'

// The drawing is for whoever asks for it: recording began without it.
const Panel = lazy(() => import('./Panel.tsx'))

/** The session as it is, and what happened to it. */
export function SessionPanel() {
  return (
    <aside className="session" aria-label="Your session">
      <Suspense fallback={<p className="quiet">Loading the panel …</p>}>
        <Panel session={session} />
      </Suspense>
      <p className="quiet">
        {ttl ? (
          <>
            Tokens live {ttl} s here, so a warning comes soon. <a href={addressOf({ ttl: null })}>Use {system.life}</a>
          </>
        ) : (
          <>
            In a hurry? <a href={addressOf({ ttl: '90' })}>Use tokens of 90 s</a> and sign in anew: warning and end come
            within two minutes.
          </>
        )}
      </p>
    </aside>
  )
}
