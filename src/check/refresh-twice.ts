import type { Probe, Probed } from './probe.ts'
import { info, type Run, warn } from './run.ts'

/** Uses a spent refresh token once more, in a session made for that. */
export async function checkReuse(run: Run): Promise<void> {
  const visit = run.visit()
  const { jar } = visit.wire
  const signedIn = await run.signIn(visit)
  const spentCookies = jar.held()
  const refreshed = signedIn.ok ? await run.refresh(visit) : undefined
  if (!signedIn.ok || !refreshed?.ok) {
    run.skip(`No second session: ${(refreshed ?? signedIn).what}.`, 'refresh-reuse')
    return
  }
  const goodCookies = jar.held()
  jar.putBack(spentCookies)
  const reused = await run.refresh(visit, signedIn.value)
  if (reused.ok) {
    run.say(
      'refresh-reuse',
      info('Accepted: an answer that was lost can be asked for again, by a thief as well (RFC 9700 § 4.14.2).'),
    )
    return
  }
  jar.putBack(goodCookies)
  const odd = 'Have the server answer 401, or the adapter name what it answers as a refusal.'
  if (reused.kind !== 'refused') {
    run.say('refresh-reuse', warn(reused.what, odd))
    return
  }
  const again = await run.refresh(visit, refreshed.value)
  const isKnown = again.ok || again.kind === 'refused'
  run.say(
    'refresh-reuse',
    isKnown
      ? info(
          again.ok
            ? 'Refused, and the session lives on.'
            : 'Refused, and it ends the session (RFC 9700 § 4.14.2): so does an answer that was lost, unless there is a grace.',
        )
      : warn(`Refused; whether the session lives on is not told: ${again.what}.`, odd),
  )
}

/** Refreshes three times at once, in a session made for that: what tabs would do that can not agree. */
export async function checkParallel(run: Run, probe: Probe | null): Promise<void> {
  const visit = run.visit()
  const signedIn = await run.signIn(visit)
  if (!signedIn.ok) {
    run.skip(`No second session: ${signedIn.what}.`, 'parallel-refresh')
    return
  }
  const seen = run.exchanges.length
  const all = await Promise.all([1, 2, 3].map(() => run.refresh(visit, signedIn.value)))
  // An answer to a loser may have taken away the winner's cookie, which alone can end the session.
  for (const { status, url, headers } of run.exchanges.slice(seen)) {
    if (status !== null && status >= 200 && status < 300) visit.wire.jar.keep(url, headers.getSetCookie())
  }
  const won = all.filter((one) => one.ok)
  const lost = all.find((one) => !one.ok)
  if (!won.length) {
    const remedy =
      'Make the server take refreshes at the same time: a tab that can reach no other refreshes for itself.'
    run.say('parallel-refresh', warn(`None went through: ${lost!.what}.`, remedy))
    return
  }
  if (lost && lost.kind !== 'refused') {
    const remedy = 'Have the server answer 401 to a refresh that comes too late, or look why it did not answer.'
    run.say('parallel-refresh', warn(`${won.length} of 3 went through, but: ${lost.what}.`, remedy))
    return
  }
  const probed = probe && (await probe.token(visit, won.at(-1)!.value))
  const after = probed && tellFate(probed)
  run.say(
    'parallel-refresh',
    info(
      won.length === 3
        ? `All went through.${after ?? ''} Tabs may each refresh for themselves.`
        : `${won.length} of 3 went through.${after ?? ''} Tabs must take turns, as Stillhere's do where they share IndexedDB.`,
    ),
  )
}

function tellFate({ isAccepted, isRefused, what }: Probed): string {
  if (isAccepted) return ' The session lives on.'
  return isRefused ? ' The session is dead afterwards.' : ` Whether the session lives on is not told (${what}).`
}
