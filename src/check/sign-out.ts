import { type Probe, type Probed, tellsNothing } from './probe.ts'
import { NO_PROBE } from './refresh.ts'
import { fail, info, inTime, pass, type Run, skipped, type Verdict, type Visit, warn } from './run.ts'

const REST = ['revoked-token', 'revoked-earlier', 'revoked-refresh', 'revoke-twice'] as const

/** Signs the session out, and looks whether it is really over. */
export async function checkSignOut(run: Run, visit: Visit, probe: Probe | null): Promise<void> {
  const { backend, wire } = visit
  if (!backend.revoke) {
    run.say('revoke', info('Unsupported: a token lives to its own end whatever the app does, so let it be short.'))
    run.skip('There is no sign-out.', ...REST, 'revoke-with-old', 'revoke-after-end', 'cors-sign-out')
    return
  }
  const last = visit.grants.at(-1)!
  const [first] = visit.grants
  const earlier = first !== last && probe ? await probe.token(visit, first) : undefined
  const cookies = wire.jar.held()
  const revoked = await run.revoke(visit)
  if (!revoked.ok) {
    run.say(
      'revoke',
      fail(
        revoked.what,
        'Check path, method and what the sign-out must carry; then what the log of the server says of it.',
      ),
    )
    run.skip('Nobody was signed out.', ...REST)
    return
  }
  visit.state = 'over'
  run.say('revoke', inTime(revoked, 'sign-out'))

  const still = async (grant = last) => {
    const probed = await probe!.token(visit, grant)
    if (probed.isRefused) return pass(probed.what)
    if (!probed.isAccepted) return tellsNothing(probed)
    return fail(
      `${probed.what} after the sign-out.`,
      'End the session itself at sign-out, and with it all its tokens (ASVS 7.4.1).',
    )
  }
  run.say('revoked-token', probe ? await still() : skipped(NO_PROBE))
  run.say('revoked-earlier', earlier?.isAccepted ? await still(first) : judgeNoEarlier(probe, earlier))

  wire.jar.putBack(cookies)
  const twice = await run.revoke(visit, last)
  run.say(
    'revoke-twice',
    twice.ok || twice.kind === 'refused'
      ? pass(twice.what)
      : warn(
          twice.what,
          'Answer 2xx, or 401 for a token that is dead (RFC 7009 § 2.2): an app takes this for a failed sign-out.',
        ),
  )

  if (!backend.refresh) {
    run.skip('Nothing renews it anyway.', 'revoked-refresh')
    return
  }
  wire.jar.putBack(cookies)
  const renewed = await run.refresh(visit, last)
  run.say(
    'revoked-refresh',
    renewed.ok
      ? fail(
          `${renewed.what} after the sign-out: the session can be brought back.`,
          'End the session itself at sign-out (ASVS 7.4.1).',
        )
      : renewed.kind === 'refused'
        ? pass(renewed.what)
        : warn(renewed.what, 'Have the server answer 401, or the adapter name what it answers as a refusal.'),
  )
}

function judgeNoEarlier(probe: Probe | null, earlier: Probed | undefined): Verdict {
  if (earlier?.isOutage) return tellsNothing(earlier)
  return skipped(probe ? 'There was no earlier token that still worked.' : NO_PROBE)
}

/** Signs out with a token from before a refresh, in a session made for that. */
export async function checkOldSignOut(run: Run, probe: Probe | null): Promise<void> {
  const visit = run.visit()
  if (visit.backend.revokesWith === 'nothing') {
    run.skip('A cookie says who is leaving.', 'revoke-with-old')
    return
  }
  if (!visit.backend.refresh || !probe) {
    run.skip(probe ? 'There are no earlier tokens without a refresh.' : NO_PROBE, 'revoke-with-old')
    return
  }
  const signedIn = await run.signIn(visit)
  const refreshed = signedIn.ok ? await run.refresh(visit) : undefined
  if (!signedIn.ok || !refreshed?.ok) {
    run.skip(`No second session: ${(refreshed ?? signedIn).what}.`, 'revoke-with-old')
    return
  }
  const revoked = await run.revoke(visit, signedIn.value)
  const latest = await probe.token(visit)
  const { isAccepted: lives, isRefused } = latest
  if (revoked.ok && isRefused) visit.state = 'over'
  if (!lives && !isRefused) {
    run.say('revoke-with-old', tellsNothing(latest))
    return
  }
  run.say(
    'revoke-with-old',
    info(
      !revoked.ok
        ? `Not taken (${revoked.kind})${lives ? ', and the session lives on' : ''}: the latest one must be sent, as Stillhere does.`
        : lives
          ? 'Taken, but the latest token lives on: that one must be sent, as Stillhere does.'
          : 'Taken, and the latest token is dead as well.',
    ),
  )
}
