import { claimsOf } from '../backends/jwt.ts'
import { inWholeSeconds as seconds } from './address.ts'
import { fail, info, pass, type Run, skipped, type Verdict, type Visit, warn } from './run.ts'
import { UNWATCHED } from './sign-in.ts'

/** A second of rounding, and one of travel: ms. */
const SLACK = 2_000
/** Beyond it people notice: ms. */
const MUCH = 30_000

/** Looks at what the sign-in told, and what an app would miss of it. */
export function checkAnswer(run: Run, { backend, grants: [grant] }: Visit): void {
  const { token, expiresAt, departedAt, refreshExpiresAt, roles, user } = grant!
  run.say(
    'user-key',
    user.key === null
      ? warn(
          'Not told: another person of the same name would be taken for the same one.',
          'Have the answer or the token name the person (sub), and the adapter read it (userKey of rest()).',
        )
      : pass('Told.'),
  )
  run.say('roles', roles ? pass(`${roles.length} told.`) : info('Not told: an app must ask elsewhere.'))

  run.say('token-end', judgeTokenEnd())
  run.say('token-life', judgeLife(token.reveal(), expiresAt === null ? null : expiresAt - departedAt))
  run.say('refresh-end', judgeRefreshEnd())
  run.say('clock', run.watched ? judgeClock(run) : skipped(UNWATCHED))

  function judgeTokenEnd(): Verdict {
    if (backend.permanent) return info('It has none: idleTimeout is needed.')
    if (expiresAt !== null) return pass(`${seconds(expiresAt - departedAt)} after the sign-in.`)
    return warn(
      'Not told: an app learns it from a refused request, too late to warn anybody.',
      'Have the adapter read it, from the answer or from exp of the token, or set idleTimeout.',
    )
  }

  function judgeRefreshEnd(): Verdict {
    const { renewsWith } = backend
    if (renewsWith === 'token' || renewsWith === 'nothing') return skipped('There is no refresh token.')
    const what = renewsWith === 'cookie' ? 'cookie' : 'token'
    if (refreshExpiresAt != null) return pass(`${seconds(refreshExpiresAt - departedAt)} after the sign-in.`)
    return warn(
      `Not told: the session may end unannounced when the refresh ${what} does.`,
      'Have the answer tell it and the adapter read it (refreshExpires of rest()), or set sessionLimit to less than its life.',
    )
  }
}

function judgeLife(token: string, told: number | null): Verdict {
  const payload = claimsOf(token)
  const { iat, exp } = 'exp' in payload ? payload : claimsOf(token, true)
  if (typeof iat !== 'number' || typeof exp !== 'number')
    return skipped('The token does not tell when it was issued and ends.')
  if (told === null) return skipped('No end was told.')
  const own = (exp - iat) * 1_000
  const what = `By the adapter it lives ${seconds(told)}, by exp − iat of the token itself ${seconds(own)}`
  if (told > own + SLACK)
    return fail(
      `${what}: the app would send tokens that are dead.`,
      'The adapter must not promise more than the token.',
    )
  if (told < own - SLACK)
    return warn(
      `${what}: the session ends early.`,
      "Set the server's clocks right: the token's and that of Date differ.",
    )
  return pass(`${what}.`)
}

function judgeClock({ exchanges }: Run): Verdict {
  const answered = exchanges.find(({ role, headers }) => role === 'sign-in' && headers.has('date'))
  const moment = Date.parse(answered?.headers.get('date') ?? '')
  if (!answered || Number.isNaN(moment))
    return warn(
      'Its answers have no Date that can be read.',
      'Send Date (RFC 9110 § 6.6.1): without it lives are measured by iat alone.',
    )
  // Date is cut to whole seconds.
  const skew = moment + 999 < answered.at ? moment - answered.at : Math.max(0, moment - answered.until)
  const both = `Server ${toTime(moment)}, this machine ${toTime(answered.until)}`
  if (Math.abs(skew) <= MUCH) return pass(`${both}.`)
  return warn(
    `${both}: the server is ${seconds(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}.`,
    'Set the clock that is wrong. Stillhere counts lives from their beginning, and gets along.',
  )
}

const toTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
