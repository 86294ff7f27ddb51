import { inWholeSeconds as seconds } from './address.ts'
import { type Probe, type Probed, tellsNothing } from './probe.ts'
import { NO_PROBE } from './refresh.ts'
import { fail, info, pass, type Run, skipped, type Verdict, type Visit } from './run.ts'

const ALL = ['early-refusal', 'end-kept', 'revoke-after-end'] as const

/** A request that leaves this long before the told end must still be accepted: ms. */
const BEFORE = 2_000
/** Ends are told in whole seconds: ms. */
const AFTER = 1_000

/** Waits for a token's end, in a session made for that, if it may be waited for. */
export async function checkExpiry(run: Run, main: Visit, probe: Probe | null): Promise<void> {
  const { waitForExpiry = 0 } = run.options
  const { expiresAt, departedAt } = main.grants[0]!
  const life = expiresAt === null ? null : expiresAt - departedAt
  const reason = !probe
    ? NO_PROBE
    : life === null
      ? 'The end is not known.'
      : life > waitForExpiry
        ? `It takes ${seconds(life)}, and ${seconds(waitForExpiry)} may be waited.`
        : null
  if (reason || !probe) return run.skip(reason ?? NO_PROBE, ...ALL)

  const visit = run.visit()
  const signedIn = await run.signIn(visit)
  if (!signedIn.ok) return run.skip(`No second session: ${signedIn.what}.`, ...ALL)
  const end = signedIn.value.expiresAt
  if (end === null) return run.skip('The second sign-in told no end.', ...ALL)
  const until = async (moment: number) => run.sleep(Math.max(0, moment - run.now()))

  await until(Math.max(end - BEFORE, (run.now() + end) / 2))
  if (run.isBrokenOff()) return
  run.say('early-refusal', judgeEarly(await probe.token(visit), end))
  await until(end + AFTER)
  if (run.isBrokenOff()) return
  const late = await probe.token(visit)
  run.say('end-kept', judgeLate(late, end))
  if (!visit.backend.revoke) return
  const revoked = await run.revoke(visit)
  if (revoked.ok || (late.isRefused && visit.backend.renewsWith === 'token')) visit.state = 'over'
  run.say(
    'revoke-after-end',
    info(
      revoked.ok ? 'Taken.' : `Not taken (${revoked.kind}): a sign-out must come before the end, or after a refresh.`,
    ),
  )
}

function judgeEarly(early: Probed, end: number): Verdict {
  const { isAccepted, isOutage, at, what } = early
  if (at >= end) return skipped(`${what}, and only after its end: it had to be asked again.`)
  const left = seconds(end - at)
  if (isAccepted) return pass(`${what} ${left} before its end.`)
  if (isOutage) return tellsNothing(early)
  return fail(
    `${what} ${left} before the told end: the app would send tokens that are dead.`,
    "Have the server keep to the end it tells, or the adapter tell an earlier one; look at the server's clock.",
  )
}

function judgeLate(late: Probed, end: number): Verdict {
  const when = `${late.what} ${seconds(late.at - end)} after its end`
  if (late.isRefused) return pass(`${when}.`)
  if (!late.isAccepted) return tellsNothing(late)
  return fail(
    `${when}.`,
    'Check exp without leeway where tokens are made and checked by one clock (ClockSkew = TimeSpan.Zero in .NET).',
  )
}
