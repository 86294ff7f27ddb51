import { info, pass, type Run, warn } from './run.ts'

/** Signs out of every session that may still live, at once and not only in the end: a check may go on for long. */
export async function leaveAll(run: Run): Promise<void> {
  for (const visit of run.visits) {
    const { backend, state } = visit
    if (state !== 'open' || backend.permanent || !backend.revoke) continue
    const revoked = await run.revoke(visit)
    // Refused: it was dead already.
    visit.state = revoked.ok || revoked.kind === 'refused' ? 'over' : 'left'
  }
}

/** Says what became of the sessions that were opened. */
export function sayWhatIsLeft(run: Run): void {
  const states = run.visits.filter(({ backend }) => !backend.permanent).map(({ state }) => state)
  const count = (wanted: string) => states.filter((state) => state === wanted).length
  const opened = states.length - count('none')
  const unread = run.unread()
  const why = [
    ...(count('left') ? [`Of ${opened} sessions it could not sign out of ${count('left')}.`] : []),
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
