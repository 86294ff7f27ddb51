import { createProbe, type Probe } from './probe.ts'
import { info, pass, type Run, type Visit, warn } from './run.ts'

const REVOKED = ['revoked-token', 'revoked-earlier', 'revoked-refresh'] as const

/** Signs out of every session that may still live, at once and not only in the end: a check may go on for long. */
export async function leaveAll(run: Run): Promise<void> {
  for (const visit of run.visits) {
    const { backend, state } = visit
    if (state !== 'open' || backend.permanent || !backend.revoke) continue
    visit.state = (await leave(run, visit)) ? 'over' : 'left'
  }
}

/** Signs out, and tells whether the session is over; a refusal alone may be about the token that was sent. */
async function leave(run: Run, visit: Visit): Promise<boolean> {
  const { backend } = visit
  const revoked = await run.revoke(visit)
  if (revoked.ok || revoked.kind !== 'refused') return revoked.ok
  const refreshed = backend.refresh && (await run.refresh(visit))
  if (refreshed?.ok) return (await run.revoke(visit)).ok
  if (refreshed && refreshed.kind !== 'refused') return false
  const probe = probeOf(run, visit)
  // Where nothing can be refreshed, a path that refuses every token proves nothing.
  const isProof =
    refreshed !== undefined || run.exchanges.some(({ role, status }) => role === 'probe' && isGood(status))
  return probe !== null && isProof && (await probe.token(visit)).isRefused
}

const isGood = (status: number | null) => status !== null && status >= 200 && status < 300

function probeOf(run: Run, visit: Visit): Probe | null {
  try {
    return createProbe(run, visit)
  } catch {
    return null
  }
}

/** Says what became of the sessions that were opened. */
export function sayWhatIsLeft(run: Run): void {
  const states = run.visits.filter(({ backend }) => !backend.permanent).map(({ state }) => state)
  const count = (wanted: string) => states.filter((state) => state === wanted).length
  const opened = states.length - count('none')
  const unread = run.unread()
  const livesOn = REVOKED.some((id) => run.outcomeOf(id) === 'fail')
  const why = [
    ...(count('left') ? [`Of ${opened} sessions it could not sign out of ${count('left')}.`] : []),
    ...(livesOn ? ['It signed out, but what was told so still works: see "Sign-out".'] : []),
    ...(unread ? [`Sign-ins whose answer could not be read may have opened more: ${unread}.`] : []),
  ]
  const remedy = 'They end with their tokens; end them at the server if that is too late.'
  run.say(
    'left-behind',
    why.length
      ? warn(why.join(' '), remedy)
      : count('open')
        ? info(`They live to their own end, as there is no sign-out: ${count('open')}.`)
        : pass(opened ? `All sessions it opened are over: ${opened}.` : 'No session was opened.'),
  )
}
