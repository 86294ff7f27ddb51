import { showUrl } from './address.ts'
import { checkAnswer } from './answer.ts'
import { checkCare } from './care.ts'
import { lineIds } from './catalogue.ts'
import { checkCors } from './cors.ts'
import { checkExpiry } from './expiry.ts'
import { leaveAll, sayWhatIsLeft } from './leave.ts'
import { checkRefresh } from './refresh.ts'
import { checkParallel, checkReuse } from './refresh-twice.ts'
import { createRun, type Run } from './run.ts'
import { checkSignIn } from './sign-in.ts'
import { checkOldSignOut, checkSignOut } from './sign-out.ts'
import { checkToken } from './token.ts'
import type { CheckOptions, Outcome, Report, Subject } from './types.ts'

/**
 * Runs an adapter against a live server and reports line by line what an app can rely on. Signs in up to six times, and once with a
 * wrong password, and signs out of what it opened; throws a `TypeError` for options that can not work, never for what a server does.
 *
 * @example
 * const report = await checkBackend((fetch) => datarhei({ baseUrl: 'https://core.example.com', fetch }), {
 *   credentials: { username: 'admin', password },
 *   probe: '/api/v3/process',
 * })
 * console.log(formatReport(report))
 */
export async function checkBackend(subject: Subject, options: CheckOptions): Promise<Report> {
  const run = createRun(subject, options)
  const { baseUrl, system } = readOptions(run)
  run.know(baseUrl)
  await learnPath(run)
  try {
    await runAll(run)
  } finally {
    await leaveAll(run)
  }
  // What these carry is of the server, and no ordinary word; they know no password.
  for (const { role, url } of run.exchanges) if (role === 'refresh' || role === 'sign-out') run.know(url)
  sayWhatIsLeft(run)
  checkCare(run)
  run.skip(run.isBrokenOff() ? 'The check was broken off.' : 'Nobody is signed in.', ...lineIds)

  const probed = run.exchanges.find(({ role }) => role === 'probe')
  const lines = run.lines()
  const count = (outcome: Outcome) => lines.filter((line) => line.outcome === outcome).length
  return {
    system,
    baseUrl: run.secrets.redactOurs(showUrl(baseUrl)).replace(/\/$/, ''),
    probe: probed ? run.secrets.redactOurs(showUrl(probed.url)) : null,
    complete: !run.isBrokenOff(),
    lines,
    passed: count('pass'),
    failed: count('fail'),
    warned: count('warn'),
    informed: count('info'),
    skipped: count('skipped'),
  }
}

/** All parts in their order, those that may harm a session in sessions of their own. */
async function runAll(run: Run): Promise<void> {
  const visit = await checkSignIn(run)
  if (!visit) return
  checkAnswer(run, visit)
  const probe = await checkToken(run, visit)
  const { refresh, revoke } = visit.backend
  if (run.isBrokenOff()) return
  await checkRefresh(run, visit, probe)
  await checkSignOut(run, visit, probe)
  const parts = [
    () => run.isOpen('refresh-reuse') && checkReuse(run),
    () => refresh && run.isOpen('parallel-refresh') && checkParallel(run, probe),
    () => revoke && checkOldSignOut(run, probe),
    () => checkCors(run, visit, probe),
    () => checkExpiry(run, visit, probe),
  ]
  for (const part of parts) {
    await leaveAll(run)
    if (run.isBrokenOff()) return
    await part()
  }
}

/** Learns where the adapter signs in, from one with other credentials: what is the same with any is no secret. */
async function learnPath({ subject, options, now, know }: Run): Promise<void> {
  if (typeof subject !== 'function') return
  const others = Object.keys(options.credentials).map((name) => [name, 'somebody-else'])
  const backend = subject(async (input) => {
    know(input instanceof Request ? input.url : String(input))
    throw new TypeError('fetch failed')
  })
  const signIn = async () => backend.signIn(Object.fromEntries(others), { departedAt: now() })
  await signIn().catch(() => {})
}

function readOptions({ options, visit }: Run) {
  const { credentials, waitForExpiry = 0, probe, origin = 'https://app.example' } = options
  if (!credentials || !Object.keys(credentials).length)
    throw new TypeError('credentials: name what to sign in with, such as { username, password }.')
  if (typeof probe !== 'function' && (typeof probe !== 'string' || !probe))
    throw new TypeError('probe: name a path whose GET needs a token, such as "/api/orders".')
  if (typeof probe === 'string' && URL.canParse(probe) && (new URL(probe).username || new URL(probe).password))
    throw new TypeError('probe: must have no user name and no password in it; tokens are sent in headers.')
  if (!(waitForExpiry >= 0)) throw new TypeError('waitForExpiry: ms, 0 or more.')
  if (!URL.canParse(origin) || new URL(origin).origin !== origin)
    throw new TypeError(`origin: "${origin}" is no origin, such as "https://app.example".`)
  const { backend } = visit()
  if (!/^https?:\/\//.test(backend.baseUrl) || !URL.canParse(backend.baseUrl))
    throw new TypeError(`baseUrl: "${backend.baseUrl}" must be a whole URL, such as "https://example.com/api".`)
  return backend
}
