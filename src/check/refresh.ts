import { claimsOf } from '../backends/jwt.ts'
import type { Grant } from '../core/types.ts'
import { type Probe, type Probed, tellsNothing } from './probe.ts'
import { fail, info, inTime, pass, type Run, skipped, type Verdict, type Visit } from './run.ts'

const REST = [
  'refresh-new-token',
  'refresh-accepted',
  'refresh-later-end',
  'refresh-user',
  'old-token',
  'refresh-token-fate',
  'refresh-reuse',
  'parallel-refresh',
] as const

/** Tokens tell times in whole seconds: within one of them a server may well give the same token again. */
const A_SECOND = 1_100

/** Why a line is skipped that tries tokens. */
export const NO_PROBE = 'Needs a protected path that takes the token.'

/** Refreshes the session, and looks at what came of both tokens. */
export async function checkRefresh(run: Run, visit: Visit, probe: Probe | null): Promise<void> {
  const { backend, wire } = visit
  if (!backend.refresh) {
    run.skip('The adapter has no refresh: the session ends with its token.', 'refresh', ...REST)
    return
  }
  const before = visit.grants.at(-1)!
  const cookies = wire.jar.values()
  await run.sleep(A_SECOND)
  if (run.isBrokenOff()) return
  const refreshed = await run.refresh(visit)
  if (!refreshed.ok) {
    const { kind, status, what } = refreshed
    run.say(
      'refresh',
      fail(what, status === 429 ? 'Too many requests: let it rest, then check again.' : remedies[kind]),
    )
    run.skip('Nothing was refreshed.', ...REST)
    return
  }
  run.say('refresh', inTime(refreshed, 'refresh'))
  const after = refreshed.value
  const isNew = after.token.reveal() !== before.token.reveal()
  run.say(
    'refresh-new-token',
    isNew
      ? pass('Another token than before.')
      : fail(
          `${refreshed.what} with the same token as before: nothing was prolonged.`,
          'A refresh must give a new token.',
        ),
  )
  run.say('refresh-later-end', judgeEnds(before, after))
  run.say('refresh-user', judgeUser(before, after))
  if (probe) {
    const accepted = await probe.token(visit)
    run.say(
      'refresh-accepted',
      accepted.isAccepted
        ? pass(accepted.what)
        : accepted.isOutage
          ? tellsNothing(accepted)
          : fail(
              `${accepted.what} to the token of the refresh.`,
              'A refresh must give a token that works at once, on every instance.',
            ),
    )
    run.say('old-token', isNew ? judgeOld(await probe.token(visit, before)) : skipped('There is none.'))
  } else run.skip(NO_PROBE, 'refresh-accepted', 'old-token')

  const changed =
    backend.renewsWith === 'cookie'
      ? wire.jar.values().join() !== cookies.join()
      : after.refreshToken?.reveal() !== before.refreshToken?.reveal()
  if (backend.renewsWith === 'token') {
    run.skip('The token renews itself: there is no refresh token.', 'refresh-token-fate', 'refresh-reuse')
    return
  }
  run.say('refresh-token-fate', info(changed ? 'Each refresh gives another one.' : 'It stays as it is.'))
  if (!changed) run.skip('It is never spent.', 'refresh-reuse')
}

const remedies = {
  refused: 'Check that the session was not ended meanwhile, and what the refresh must carry.',
  unreachable: "Look at the server's log: a refresh that is not answered leaves people with a session that ends.",
  malformed: 'Check path and method of the refresh, and where its answer keeps what.',
  broken: 'The adapter must throw an AuthError for every failure.',
}

function judgeOld(old: Probed): Verdict {
  if (old.isAccepted) return info('It lives on to its own end: requests under way are safe.')
  if (!old.isRefused) return tellsNothing(old)
  return info('It is dead at once: requests under way with it are refused, and sent again with the new one.')
}

function judgeEnds(before: Grant, after: Grant): Verdict {
  const own = [before, after].map(({ token }) => endIn(token.reveal()))
  // By the token itself where it can be read: what an adapter tells is counted from the request.
  const [old, now] = own.every((end) => end !== null) ? own : [before.expiresAt, after.expiresAt]
  if (old == null || now == null) return skipped('No end is known.')
  const later = Math.round((now - old) / 1_000)
  if (now > old) return pass(`By ${later} s.`)
  return fail(
    later
      ? `It ends ${-later} s earlier than the one before.`
      : 'It ends when the one before did: nothing was prolonged.',
    'Have a refresh begin a new life. If a limit on the whole session cut it, set sessionLimit to that limit.',
  )
}

function endIn(token: string): number | null {
  const exp = claimsOf(token).exp ?? claimsOf(token, true).exp
  return typeof exp === 'number' ? exp * 1_000 : null
}

const NAMES = ['sub', 'uid', 'user_id', 'userId', 'unique_name', 'preferred_username', 'email', 'upn', 'oid']

function judgeUser(before: Grant, after: Grant): Verdict {
  const changed = fail(
    'The token of the refresh is for another person than the one who signed in.',
    'The server must take the person from the session that is refreshed, and from nothing else.',
  )
  const { key } = before.user
  if (key !== null && after.user.key !== null && after.user.key !== key) return changed
  const names = Object.keys(before.claims ?? {}).filter(
    (name) => NAMES.includes(name) || (key !== null && String(before.claims![name]) === key),
  )
  const both = names.filter((name) => after.claims?.[name] !== undefined)
  if (both.some((name) => String(after.claims![name]) !== String(before.claims![name]))) return changed
  if (both.length) return pass(`By ${both.join(', ')} of the token.`)
  return after.user !== before.user && after.user.key !== null
    ? pass('By its key.')
    : skipped('Nothing names the person.')
}
