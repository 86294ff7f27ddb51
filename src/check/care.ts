import { isLoopback, showUrl } from './address.ts'
import { parseSetCookie } from './jar.ts'
import { fail, pass, type Run, skipped, type Verdict, warn } from './run.ts'
import type { Secrets } from './secrets.ts'
import { UNWATCHED } from './sign-in.ts'
import { describe, type Exchange } from './wire.ts'

/** Looks through all that went over the wire for secrets in the wrong place. */
export function checkCare(run: Run): void {
  run.say('messages', judgeMessages(run))
  if (!run.watched) {
    run.skip(UNWATCHED, 'redirects', 'urls', 'echo', 'no-store', 'json', 'cookies')
    return
  }
  const { exchanges, secrets } = run
  const own = exchanges.filter(({ role }) => role !== 'probe' && role !== 'other')
  const given = own.filter(
    ({ role, status }) => role !== 'sign-out' && status !== null && status >= 200 && status < 300,
  )
  run.say('redirects', judgeRedirects(run, own))

  const telling = exchanges.find(({ url }) => secrets.in(decode(url)).length)
  run.say(
    'urls',
    telling
      ? fail(
          `${telling.method} ${showUrl(telling.url)} has a secret in it: addresses end up in logs and histories.`,
          'Send it in a header or in the body (RFC 6750 § 2.3).',
        )
      : pass(`${exchanges.length} requests had none.`),
  )

  const echoing = exchanges.find((exchange) => isEcho(run, exchange))
  run.say(
    'echo',
    echoing
      ? fail(
          `${describe(echoing, secrets)} with a secret that was sent to it: error answers end up in logs.`,
          'Leave out of errors what the request carried.',
        )
      : pass('None repeats what it was sent.'),
  )

  const kept = given.find(({ headers }) => !/\bno-store\b/i.test(headers.get('cache-control') ?? ''))
  const none = skipped('There was no such answer.')
  run.say(
    'no-store',
    !given.length
      ? none
      : kept
        ? warn(`${describe(kept, secrets)} without it.`, 'Cache-Control: no-store (RFC 6749 § 5.1)')
        : pass('Cache-Control: no-store.'),
  )
  const odd = given.find(({ headers }) => !/^application\/([\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? ''))
  run.say(
    'json',
    !given.length
      ? none
      : odd
        ? warn(
            `${describe(odd, secrets)} as ${secrets.redact(odd.headers.get('content-type') ?? 'nothing')}.`,
            'Content-Type: application/json',
          )
        : pass('Content-Type: application/json.'),
  )
  run.say('cookies', judgeCookies(given, secrets))
}

function judgeMessages({ errors, secrets }: Run): Verdict {
  const texts = errors.map((error) => `${(error as Error)?.message} ${(error as { cause?: Error })?.cause?.message}`)
  const telling = texts.find((text) => secrets.in(text).length)
  if (telling === undefined) return pass(`${texts.length} messages had none.`)
  return fail(
    `"${secrets.redactOurs(telling)}" has one in it: messages end up in consoles and logs.`,
    'Make messages of method, path and status alone.',
  )
}

function judgeRedirects({ secrets }: Run, own: readonly Exchange[]): Verdict {
  const following = own.find(({ follows }) => follows)
  if (following)
    return fail(
      `${following.method} ${showUrl(following.url)} would follow a redirect, and its secrets with it.`,
      "The adapter must send with redirect: 'error'.",
    )
  const redirected = own.find(({ redirect }) => redirect !== undefined)
  if (!redirected) return pass('No answer was a redirect, and none would be followed.')
  const telling = secrets.in(decode(redirected.redirect!)).length || /eyJ[\w-]+\.|token=/.test(redirected.redirect!)
  return fail(
    `${describe(redirected, secrets)}${telling ? ', with a secret in that address' : ''}; it was not followed.`,
    'Answer with JSON at the address itself: check for a slash at its end, http instead of https, or a login page in front.',
  )
}

function isEcho({ secrets }: Run, { status, sent, sentBody, body }: Exchange): boolean {
  if (status === null || status < 400) return false
  const carried = [sentBody, ...sent.values()].join('\n')
  const mine = new Set(secrets.in(carried))
  return secrets.in(body).some((secret) => mine.has(secret))
}

function judgeCookies(given: readonly Exchange[], secrets: Secrets): Verdict {
  const set = given.filter(({ headers }) => headers.getSetCookie().length)
  if (!set.length) return skipped('No cookie was set.')
  for (const { url, headers } of set) {
    for (const header of headers.getSetCookie()) {
      const { name, attributes } = parseSetCookie(header)
      const { protocol, hostname } = new URL(url)
      const lacks = [
        ...(attributes.has('httponly') ? [] : ['HttpOnly']),
        ...(attributes.has('secure') || (protocol === 'http:' && isLoopback(hostname)) ? [] : ['Secure']),
        ...(attributes.has('samesite') ? [] : ['SameSite']),
      ]
      if (lacks.length)
        return warn(`The cookie ${secrets.redact(name)} lacks ${lacks.join(', ')}.`, 'Set them (ASVS 3.3.1 to 3.3.4).')
    }
  }
  return pass('HttpOnly, Secure and SameSite as they should be.')
}

function decode(text: string): string {
  try {
    return `${text} ${decodeURIComponent(text)}`
  } catch {
    return text
  }
}
