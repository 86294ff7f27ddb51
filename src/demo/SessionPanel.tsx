import { useSyncExternalStore } from 'react'
import { useSecondsLeft, useSession } from '../react/index.ts'
import { ServerNote } from './ServerNote.tsx'
import { addressOf, log, system, ttl } from './session.ts'

const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })

const CAUSES = { idle: 'unless someone is here', limit: 'the longest time', token: 'with its token' }

/** The session as it is, and what happened to it. */
export function SessionPanel() {
  const { status, deadline, cause, session, tabs, trouble } = useSession()
  const seconds = useSecondsLeft()
  const entries = useSyncExternalStore(log.subscribe, log.get)
  const refreshes = Math.max(0, (session?.generation ?? 1) - 1)
  return (
    <aside className="session" aria-labelledby="session-title">
      <h2 id="session-title">Your session</h2>
      <dl>
        <dt>Status</dt>
        <dd data-status={status}>{status}</dd>
        <dt>Ends at</dt>
        <dd>{deadline === null ? '–' : `${clock.format(deadline)}, ${cause && CAUSES[cause]}`}</dd>
        <dt>Time left</dt>
        <dd className="seconds">
          {seconds === null ? '–' : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`}
        </dd>
        <dt>Refreshes</dt>
        <dd>{refreshes}</dd>
        <dt>Tabs</dt>
        <dd>{tabs === 'shared' ? 'one session for all' : 'each for itself'}</dd>
        {trouble && (
          <>
            <dt>Trouble</dt>
            <dd>{trouble}</dd>
          </>
        )}
      </dl>
      <h3>What happened</h3>
      <ol className="log">
        {entries.map(({ id, at, event, text }) => (
          <li key={id} data-event={event}>
            <time dateTime={new Date(at).toISOString()}>{clock.format(at)}</time> {text}
          </li>
        ))}
      </ol>
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
      <ServerNote />
    </aside>
  )
}
