import { useSecondsLeft, useSession } from '../react/index.ts'

const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })

const CAUSES = { idle: 'unless someone is here', limit: 'the longest time', token: 'with its token' }

const asTime = (seconds: number): string => {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const rest = String(seconds % 60).padStart(2, '0')
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** The session as it is. */
export function Facts() {
  const { status, deadline, cause, session, tabs, trouble, keptAwakeBy } = useSession()
  const seconds = useSecondsLeft()
  return (
    <dl className="facts">
      <div>
        <dt>Status</dt>
        <dd data-status={status}>{status}</dd>
      </div>
      <div>
        <dt>Ends at</dt>
        <dd>{deadline === null ? '–' : `${clock.format(deadline)}, ${cause && CAUSES[cause]}`}</dd>
      </div>
      <div>
        <dt>Time left</dt>
        <dd className="seconds">{seconds === null ? '–' : asTime(seconds)}</dd>
      </div>
      <div>
        <dt>Refreshes</dt>
        <dd>{Math.max(0, (session?.generation ?? 1) - 1)}</dd>
      </div>
      <div>
        <dt>Tabs</dt>
        <dd>{tabs === 'shared' ? 'one session for all' : 'each for itself'}</dd>
      </div>
      {trouble && (
        <div>
          <dt>Trouble</dt>
          <dd className="trouble">{trouble}</dd>
        </div>
      )}
      {keptAwakeBy.length > 0 && (
        <div>
          <dt>Kept awake by</dt>
          <dd>{keptAwakeBy.join(', ')}</dd>
        </div>
      )}
    </dl>
  )
}
