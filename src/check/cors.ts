import type { LineId } from './catalogue.ts'
import type { Probe } from './probe.ts'
import { pass, type Run, skipped, type Verdict, type Visit, warn } from './run.ts'
import type { Secrets } from './secrets.ts'
import { UNWATCHED } from './sign-in.ts'
import { describe, type Exchange, type Role } from './wire.ts'

const LINES: readonly (readonly [LineId, Role])[] = [
  ['cors-sign-in', 'sign-in'],
  ['cors-refresh', 'refresh'],
  ['cors-probe', 'probe'],
  ['cors-sign-out', 'sign-out'],
]
const WANTED = ['Date', 'Retry-After', 'WWW-Authenticate']
const REMEDY = 'Allow them, or serve the app from the same origin, which needs none of this.'

// Fetch standard, CORS-safelisted methods and request headers; the last three are the browser's own.
const SIMPLE_METHODS = ['GET', 'HEAD', 'POST']
const SIMPLE_HEADERS = ['accept', 'accept-language', 'content-language', 'cookie', 'origin', 'user-agent']
const SIMPLE_TYPE = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)(;|$)/

/** Goes through a whole session as a page of another origin would, and looks what a browser would not let pass. */
export async function checkCors(run: Run, main: Visit, probe: Probe | null): Promise<void> {
  const origin = run.options.origin ?? 'https://app.example'
  const ids = [...LINES.map(([id]) => id), 'cors-expose'] as const
  if (!run.watched) return run.skip(UNWATCHED, ...ids)
  if (new URL(main.backend.baseUrl).origin === origin) return run.skip(`${origin} is the server's own origin.`, ...ids)

  const models = new Map(LINES.map(([, role]) => [role, run.exchanges.find((one) => one.role === role && one.status)]))
  const visit = run.visit(origin)
  const misfits = new Map<Role, string[]>()
  for (const [role, model] of models) {
    if (model) misfits.set(role, await preflight(visit, origin, model, run))
  }

  const seen = run.exchanges.length
  const signedIn = await run.signIn(visit)
  if (signedIn.ok) {
    if (probe) await probe.token(visit)
    if (visit.backend.refresh) await run.refresh(visit)
    if (visit.backend.revoke && (await run.revoke(visit)).ok) visit.state = 'over'
  }
  const answers = run.exchanges.slice(seen)
  for (const [id, role] of LINES) {
    const found = misfits.get(role)
    // The last: one that met a limit was asked again.
    const answer = answers.findLast((one) => one.role === role)
    const all = found && [...found, ...(answer ? judgeAnswer(answer, origin, models.get(role)!, run.secrets) : [])]
    if (!all) {
      run.skip('Nothing was sent that it could be compared with.', id)
      continue
    }
    if (!answer && !all.length) {
      run.skip(`There was no session from ${origin} to try it in.`, id)
      continue
    }
    run.say(
      id,
      all.length
        ? warn(`From ${origin}: ${[...new Set(all)].join('; ')}.`, REMEDY)
        : pass(`${models.get(role)!.method} from ${origin} and its answer pass.`),
    )
  }
  run.say(
    'cors-expose',
    judgeExposed(
      answers.find((one) => one.role === 'sign-in'),
      origin,
      run.secrets,
    ),
  )
}

async function preflight(visit: Visit, origin: string, model: Exchange, run: Run): Promise<string[]> {
  const { method, url, sent } = model
  const names = [...sent.keys()].filter((name) => !isSimple(name, sent.get(name)!)).sort()
  if (SIMPLE_METHODS.includes(method) && !names.length) return []
  const headers = {
    'access-control-request-method': method,
    ...(names.length && { 'access-control-request-headers': names.join(',') }),
  }
  const seen = run.exchanges.length
  const asked = await run.send(visit, url, { method: 'OPTIONS', headers })
  const answer = run.exchanges[seen]
  if (!answer) return [asked.what]
  const { status } = answer
  if (status === null || status < 200 || status > 299) return [describe(answer, run.secrets)]

  const list = (header: string) => (answer.headers.get(header) ?? '').split(',').map((one) => one.trim().toLowerCase())
  const allowed = list('access-control-allow-headers')
  const methods = list('access-control-allow-methods')
  const any = (all: string[]) => all.includes('*') && !model.withCookies
  // A star does not stand for Authorization: Fetch standard, CORS-preflight fetch.
  const missing = names.filter((name) => !allowed.includes(name) && (!any(allowed) || name === 'authorization'))
  const hasMethod = SIMPLE_METHODS.includes(method) || methods.includes(method.toLowerCase()) || any(methods)
  return [
    ...judgeAnswer(answer, origin, model, run.secrets),
    ...(hasMethod ? [] : [`Access-Control-Allow-Methods lacks ${method}`]),
    ...missing.map((name) => `Access-Control-Allow-Headers lacks ${name}`),
  ]
}

const isSimple = (name: string, value: string) =>
  SIMPLE_HEADERS.includes(name) || (name === 'content-type' && SIMPLE_TYPE.test(value))

function judgeAnswer(answer: Exchange, origin: string, model: Exchange, secrets: Secrets): string[] {
  const { headers, status } = answer
  const { withCookies } = model
  if (status === null) return [describe(answer, secrets)]
  const allowed = headers.get('access-control-allow-origin')
  const fits = allowed === origin || (allowed === '*' && !withCookies)
  return [
    ...(status === 403 && model.status !== 403 ? [describe(answer, secrets)] : []),
    ...(fits
      ? []
      : [`Access-Control-Allow-Origin ${allowed === null ? 'is not there' : `is ${secrets.redact(allowed)}`}`]),
    ...(withCookies && headers.get('access-control-allow-credentials') !== 'true'
      ? ['Access-Control-Allow-Credentials is not true']
      : []),
  ]
}

function judgeExposed(answer: Exchange | undefined, origin: string, secrets: Secrets): Verdict {
  if (!answer || judgeAnswer(answer, origin, answer, secrets).length)
    return skipped(`No answer can be read from ${origin} at all.`)
  const list = (answer.headers.get('access-control-expose-headers') ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase())
  const any = list.includes('*') && !answer.withCookies
  const missing = any ? [] : WANTED.filter((name) => !list.includes(name.toLowerCase()))
  if (!missing.length) return pass('All can be read.')
  return warn(
    `Access-Control-Expose-Headers lacks ${missing.join(', ')}: a page can not compare clocks or know how long to wait.`,
    `Access-Control-Expose-Headers: ${WANTED.join(', ')}`,
  )
}
