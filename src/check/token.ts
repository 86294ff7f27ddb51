import { createProbe, forge, type Probe, type Probed, tellsNothing } from './probe.ts'
import { fail, pass, type Run, skipped, type Verdict, type Visit, warn } from './run.ts'

const REST = ['no-token', 'garbage-token', 'forged-token'] as const

/** Looks whether the protected path takes the right token and nothing else; `null` where it can tell nothing about tokens. */
export async function checkToken(run: Run, visit: Visit): Promise<Probe | null> {
  let probe: Probe
  try {
    probe = createProbe(run, visit)
  } catch (error) {
    run.say('accepted', fail(`There is no path to try: ${(error as Error).message}.`, NAME_ANOTHER))
    run.skip('Needs a protected path.', ...REST)
    return null
  }

  const accepted = await probe.token(visit)
  run.say('accepted', judgeAccepted(accepted))
  if (!accepted.isAccepted && accepted.status !== 401) {
    run.skip('Tells nothing, as that path does not answer to the right token either.', ...REST)
    return null
  }
  run.say('no-token', judgeNoToken(await probe.nothing(visit)))
  run.say('garbage-token', judgeRefusal(await probe.other(visit, 'not-a-token'), 'a token of garbage'))
  run.say('forged-token', await checkForged(probe, visit))
  return accepted.isAccepted ? probe : null
}

const NAME_ANOTHER = 'Name a path that this person may GET with a token and nobody without: option probe.'

const TOO_MANY = 'Too many requests: let it rest, then check again.'
const SEE_LOG = "Look at what the server's log says of this request."

function judgeAccepted({ isAccepted, isOutage, status, what }: Probed): Verdict {
  if (isAccepted) return pass(what)
  const remedies: Record<number, string> = {
    401: 'Check that this path takes the tokens of this sign-in, and in which header; or somebody has ended the session meanwhile.',
    403: `This person may not see it. ${NAME_ANOTHER}`,
    404: `There is nothing there. ${NAME_ANOTHER}`,
  }
  const outage = status === 429 ? TOO_MANY : SEE_LOG
  return fail(`${what} to the token just given.`, isOutage ? outage : (remedies[status!] ?? NAME_ANOTHER))
}

function judgeNoToken(probed: Probed): Verdict {
  const { isAccepted, isOutage, status, what } = probed
  if (status === 401) return pass(what)
  if (isOutage) return tellsNothing(probed)
  if (isAccepted) return fail(`${what} without a token: it is not protected.`, NAME_ANOTHER)
  if (status === 403)
    return warn(
      `${what}: 403 means that signing in would not help.`,
      'Answer 401 where there is no token: RFC 9110 § 15.5.2.',
    )
  return fail(what, 'Answer 401 where there is no token: RFC 9110 § 15.5.2.')
}

/** Whether a token that must be refused was, so that the adapter knows why. */
export function judgeRefusal(probed: Probed, token: string): Verdict {
  const { isAccepted, isOutage, isRefused, status, what } = probed
  if (isRefused) return pass(what)
  if (isOutage) return tellsNothing(probed)
  if (isAccepted) return fail(`${what} to ${token}: it was accepted.`, 'The server must check every token itself.')
  return fail(
    `${what} to ${token}, which the adapter does not take for a bad token: an app would go on with it.`,
    status === 401
      ? 'Name error="invalid_token" in WWW-Authenticate or nothing at all (RFC 6750 § 3.1), or give the Backend another refusesToken.'
      : 'Answer 401 to a bad token (RFC 6750 § 3.1), or give the Backend a refusesToken that knows this answer.',
  )
}

async function checkForged(probe: Probe, visit: Visit): Promise<Verdict> {
  const forged = forge(visit.grants.at(-1)!.token)
  let verdict = skipped('The token is no JWT.')
  for (const token of forged) {
    verdict = judgeRefusal(await probe.other(visit, token), 'a forged token')
    if (verdict.outcome !== 'pass') return verdict
  }
  return verdict
}
