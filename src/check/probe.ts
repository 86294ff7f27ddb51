import { claimsOf } from '../backends/jwt.ts'
import type { Secret } from '../core/secret.ts'
import type { Grant } from '../core/types.ts'
import { type Run, type Verdict, type Visit, warn } from './run.ts'
import { judgeTransport } from './sign-in.ts'
import { describe } from './wire.ts'

/** What the protected path said. */
export interface Probed {
  readonly status: number | null
  readonly isAccepted: boolean
  /** Whether the adapter takes it for "the token is bad". */
  readonly isRefused: boolean
  /** Whether it is about the server and not about the token: no answer, a limit or an outage. */
  readonly isOutage: boolean
  /** When it was asked: epoch ms. */
  readonly at: number
  readonly what: string
}

/** The longest Retry-After that is waited for, once for each question: ms. */
const SHORT = 10_000

export type Probe = ReturnType<typeof createProbe>

/** The protected path, for tokens to be tried on. Throws a `TypeError` where it can not be made of this grant. */
export function createProbe(run: Run, { backend, grants }: Visit) {
  const url = addressOf(backend.baseUrl, run.options.probe, grants[0]!)
  const { origin } = new URL(url)
  // That of the base URL has been judged with it, and has had the password already.
  if (origin !== new URL(backend.baseUrl).origin) {
    const transport = judgeTransport(url, run.options.allowPlainHttp)
    if (transport.outcome !== 'pass') run.say('transport', transport)
    if (transport.outcome === 'fail') throw new TypeError(`${origin} is plain http, and tokens would be sent there`)
  }

  async function ask(visit: Visit, headers: Record<string, string>): Promise<Probed> {
    const probed = await askOnce(visit, headers)
    const wait = /^\d+$/.test(probed.retryAfter ?? '') ? Number(probed.retryAfter) * 1_000 : Number.POSITIVE_INFINITY
    if (!probed.isOutage || wait > SHORT) return probed
    await run.sleep(wait)
    return run.isBrokenOff() ? probed : askOnce(visit, headers)
  }

  async function askOnce(visit: Visit, headers: Record<string, string>) {
    const seen = run.exchanges.length
    const asked = await run.send(visit, url, { headers: { accept: 'application/json', ...headers } }, 'probe')
    const exchange = run.exchanges[seen]
    const status = exchange?.status ?? null
    const isRefused = asked.ok && status !== null && visit.backend.refusesToken({ status, headers: exchange!.headers })
    return {
      status,
      isAccepted: status !== null && status >= 200 && status < 300,
      isRefused,
      isOutage: !isRefused && (status === null || status === 429 || status >= 500),
      at: exchange?.at ?? run.now(),
      retryAfter: exchange?.headers.get('retry-after'),
      what: exchange ? describe(exchange, run.secrets) : asked.what,
    }
  }

  return {
    url,
    /** Tries the token of a grant, the latest of the visit unless said otherwise. */
    token: (visit: Visit, grant = visit.grants.at(-1)!) => ask(visit, visit.backend.headers(grant)),
    /** Tries another token in the place of the latest. */
    other(visit: Visit, token: string) {
      const grant = visit.grants.at(-1)!
      const own = grant.token.reveal()
      const carried = Object.entries(visit.backend.headers(grant))
      return ask(visit, Object.fromEntries(carried.map(([name, value]) => [name, value.replace(own, token)])))
    },
    /** Tries it without any. */
    nothing: (visit: Visit) => ask(visit, {}),
  }
}

/** What is said where an answer tells nothing of a token. */
export const tellsNothing = ({ isOutage, what }: Probed): Verdict =>
  warn(
    `${what}, which tells nothing of the token.`,
    isOutage
      ? 'Let it rest, or look why it did not answer, and check again.'
      : 'Have the server answer 401 to a bad token (RFC 6750 § 3.1), or give the Backend a refusesToken that knows this answer.',
  )

function addressOf(baseUrl: string, probe: Run['options']['probe'], grant: Grant): string {
  const path = (typeof probe === 'function' ? probe(grant) : probe).replace(/\{([\w.-]+)\}/g, (place, name) => {
    const claim = grant.claims?.[name]
    if (typeof claim === 'string' || typeof claim === 'number') return encodeURIComponent(claim)
    throw new TypeError(`the token has no claim "${name}" to put in the place of ${place}`)
  })
  const isWhole = /^https?:\/\//.test(path)
  if (!isWhole && !path.startsWith('/')) throw new TypeError('it does not begin with "/" or "https://"')
  const address = isWhole ? path : baseUrl.replace(/\/$/, '') + path
  if (!URL.canParse(address)) throw new TypeError('it is no address')
  const { username, password } = new URL(address)
  if (username || password) throw new TypeError('it must have no user name and no password in it')
  return address
}

/** JWTs that nobody of the server signed: one with its signature changed, one that says it needs none (RFC 8725 § 2.1). */
export function forge(token: Secret): string[] {
  const [header, payload, signature, ...rest] = token.reveal().split('.')
  if (!header || !payload || !signature || rest.length) return []
  const changed = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
  return [
    `${header}.${payload}.${changed}`,
    `${toBase64Url({ ...claimsOf(token.reveal(), true), alg: 'none' })}.${payload}.`,
  ]
}

const toBase64Url = (value: object) =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
