import type { Credentials, Grant } from '../core/types.ts'
import { isLoopback } from './address.ts'
import { checkErrorKinds } from './error-kinds.ts'
import { type Attempt, fail, inTime, pass, type Run, skipped, type Verdict, type Visit, warn } from './run.ts'
import { describe } from './wire.ts'

/** Signs in, for all that follows; `null` where that failed. */
export async function checkSignIn(run: Run): Promise<Visit | null> {
  const visit = run.visit()
  const transport = judgeTransport(visit.backend.baseUrl, run.options.allowPlainHttp)
  run.say('transport', transport)
  // Not even a wrong password goes where anyone can read it.
  if (transport.outcome === 'fail') return null
  const signedIn = await run.signIn(visit)
  run.say('sign-in', judgeSignIn(signedIn))
  run.say('error-kinds', await checkErrorKinds(run, await checkWrongPassword(run, signedIn.ok)))
  if (!signedIn.ok) return null
  run.say('bad-request', await checkBadRequest(run, visit))
  return visit
}

/** Judges the way to an address. */
export function judgeTransport(baseUrl: string, allowed = false): Verdict {
  const { protocol, hostname, origin } = new URL(baseUrl)
  if (protocol === 'https:') return pass(`${origin} is https.`)
  if (isLoopback(hostname)) return pass(`${origin} is this machine.`)
  const verdict = allowed ? warn : fail
  return verdict(
    `${origin} is plain http: anyone on the way can read password and token (RFC 6750 § 5.3).`,
    allowed
      ? 'Serve it over https.'
      : 'Serve it over https. Nothing was sent; to check it all the same, allow plain http.',
  )
}

function judgeSignIn(signedIn: Attempt<Grant>): Verdict {
  if (signedIn.ok) return inTime(signedIn, 'sign-in')
  const remedies = {
    refused: 'Check user name and password, and that this account may sign in here.',
    unreachable: 'Check the address, that the server runs, and what its log says of this request.',
    malformed:
      'Check the base URL; if it is right, this server speaks another dialect: describe it with rest(), or write a Backend.',
    broken: 'The adapter must throw an AuthError for every failure.',
  }
  const { kind, status, what } = signedIn
  return fail(what, status === 429 ? 'Too many tries: let the account rest, then check again.' : remedies[kind])
}

/** Tries one wrong password, and returns the status that the server has for it. */
async function checkWrongPassword(run: Run, works: boolean): Promise<number | undefined> {
  const { credentials, wrongPassword } = run.options
  if (wrongPassword === false) {
    run.say('wrong-password', skipped('Not tried, as asked.'))
    return undefined
  }
  if (!works) {
    run.say('wrong-password', skipped('Tells nothing where the right one does not work.'))
    return undefined
  }
  const wrong = wrongPassword ?? `not-the-password-${Math.random().toString(36).slice(2)}`
  run.secrets.add(wrong)
  const visit = run.visit()
  const tried = await run.signIn(visit, withWrong(credentials, wrong))
  run.say('wrong-password', judgeWrongPassword(tried))
  return tried.ok ? undefined : tried.status
}

/** The same with a wrong password, or a wrong token where there is no password. */
function withWrong(credentials: Credentials, wrong: string): Credentials {
  const secret = 'password' in credentials ? 'password' : Object.keys(credentials).find((name) => name !== 'username')
  return { ...credentials, [secret ?? 'password']: wrong }
}

function judgeWrongPassword(tried: Attempt<Grant>): Verdict {
  const { what } = tried
  if (tried.ok) return fail(`A wrong password signed in: ${what}.`, 'The server must check the password.')
  if (tried.kind === 'refused') return inTime({ ...tried, ok: true, value: undefined }, 'sign-in')
  if (tried.status === 429)
    return warn(what, 'One wrong password was throttled at once: let it rest, then check again with another account.')
  return fail(
    `${what}. People would be told that the server failed, not that the password was wrong.`,
    tried.kind === 'unreachable'
      ? 'A wrong password must be answered, by a status of its own such as 401.'
      : 'Have the server answer 401, or the adapter name what it does answer as a refusal (refusals of rest()).',
  )
}

/** Sends the sign-in once more with half a JSON, which is no failed sign-in of anybody. */
async function checkBadRequest(run: Run, visit: Visit): Promise<Verdict> {
  const model = run.exchanges.find(({ role, sentBody }) => role === 'sign-in' && sentBody.startsWith('{'))
  if (!model) return skipped(run.watched ? 'This sign-in sends no JSON.' : UNWATCHED)
  const { method, url, sent } = model
  const seen = run.exchanges.length
  const sending = await run.send(visit, url, { method, headers: sent, body: '{"' })
  const exchange = run.exchanges[seen]
  const what = `${exchange ? describe(exchange, run.secrets) : sending.what} to half a JSON`
  const status = exchange?.status ?? null
  if (status !== null && status >= 400 && status < 500) return pass(what)
  if (status !== null && status < 300) return fail(what, 'The server must refuse what it can not read, with 400.')
  return warn(`${what}: apps take that for an outage, and try again.`, 'The server should answer 400.')
}

/** Why a line about the wire is skipped. */
export const UNWATCHED = 'Not watched: give the adapter as a function of fetch.'
