import { REFRESH, REVOKE, SIGN_IN } from '../core/call.ts'
import { AuthError } from '../core/errors.ts'
import type { Answer, Backend, Call, Credentials, ErrorKind, Grant } from '../core/types.ts'
import { showUrl } from './address.ts'
import { catalogue, type LineId, lineIds } from './catalogue.ts'
import { createOrdinary } from './ordinary.ts'
import { createSecrets } from './secrets.ts'
import type { CheckOptions, Line, Outcome, Subject } from './types.ts'
import { createWire, describe, type Exchange, type Role, type Wire } from './wire.ts'

/** How long Stillhere itself waits for an answer, in ms. */
export const LIMITS = { 'sign-in': SIGN_IN, refresh: REFRESH, 'sign-out': REVOKE, probe: SIGN_IN, other: SIGN_IN }

/** What is said of a line. */
export interface Verdict {
  readonly outcome: Outcome
  readonly detail: string
  readonly remedy?: string
}

/** As it should be. */
export const pass = (detail: string): Verdict => ({ outcome: 'pass', detail })
/** Neither good nor bad, but good to know. */
export const info = (detail: string): Verdict => ({ outcome: 'info', detail })
/** Not looked at, and why. */
export const skipped = (detail: string): Verdict => ({ outcome: 'skipped', detail })
/** An app would not work as it should. */
export const fail = (detail: string, remedy: string): Verdict => ({ outcome: 'fail', detail, remedy })
/** An app works, if not in every setting or as well as it could. */
export const warn = (detail: string, remedy: string): Verdict => ({ outcome: 'warn', detail, remedy })

/** What a call to the adapter came to; `what` says so in words. */
export type Attempt<T> = { readonly ms: number; readonly what: string } & (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly kind: ErrorKind | 'broken'; readonly status: number | undefined }
)

/** One person's stay at the server, with an adapter and a cookie jar of its own. */
export interface Visit {
  readonly backend: Backend
  readonly wire: Wire
  /** All it was given so far, the latest last. */
  readonly grants: Grant[]
  /** Whether a session was opened, may still live at the server, and was left there against our will. */
  state: 'none' | 'open' | 'over' | 'left'
}

/** What all parts of a check share. */
export type Run = ReturnType<typeof createRun>

const inSeconds = (ms: number) => `${Number((ms / 1_000).toFixed(1))} s`

/** Begins a check: the lines so far, the sessions opened, all that went over the wire. */
export function createRun(subject: Subject, options: CheckOptions) {
  const { credentials, signal, now = Date.now, fetch = (...args) => globalThis.fetch(...args) } = options
  const sleep = options.sleep ?? ((ms) => timer(ms, signal))
  const addresses: string[] = []
  const secrets = createSecrets((text) => createOrdinary(addresses)(text))
  for (const [name, value] of Object.entries(credentials ?? {})) if (name !== 'username') secrets.add(value)
  secrets.add(...(options.secrets ?? []))
  const exchanges: Exchange[] = []
  const errors: unknown[] = []
  const visits: Visit[] = []
  const verdicts = new Map<LineId, Verdict>()
  let unread = 0

  function visit(origin?: string): Visit {
    const wire = createWire({ fetch, now, secrets, note: (exchange) => exchanges.push(exchange), origin })
    const backend = typeof subject === 'function' ? subject(wire.fetch) : subject
    const made: Visit = { backend, wire, grants: [], state: 'none' }
    visits.push(made)
    return made
  }

  /** Calls the adapter, at most as long as Stillhere would wait and a second more. */
  async function call<T>({ wire }: Visit, role: Role, work: (call: Call) => Promise<T>): Promise<Attempt<T>> {
    const seen = exchanges.length
    const departedAt = now()
    const { signal, giveUp, stop } = patience(LIMITS[role] + 1_000)
    const ended = () => {
      stop()
      const ms = now() - departedAt
      return { ms, sent: exchanges.slice(seen).map((one) => `${describe(one, secrets)} after ${inSeconds(ms)}`) }
    }
    try {
      const value = await wire.as(role, () => Promise.race([work({ departedAt, signal }), giveUp]))
      const { ms, sent } = ended()
      return { ok: true, value, ms, what: sent.join(', then ') || `the adapter answered after ${inSeconds(ms)}` }
    } catch (error) {
      const { ms, sent } = ended()
      errors.push(error)
      const kind = error instanceof AuthError ? error.kind : 'broken'
      const said = kind === 'broken' ? `the adapter threw ${(error as Error)?.name}, not an AuthError` : kind
      const text = secrets.redactOurs(beyond(String((error as Error)?.message ?? error), exchanges.slice(seen)))
      const status = error instanceof AuthError ? error.status : undefined
      return { ok: false, kind, status, ms, what: [...sent, said].join(': ') + (text && ` ("${text}")`) }
    }
  }

  async function signIn(visit: Visit, who: Credentials = credentials): Promise<Attempt<Grant>> {
    const signedIn = await call(visit, 'sign-in', async (call) => {
      const answer = await visit.backend.signIn(who, call)
      return keep(visit, { user: { key: null, name: '' }, ...answer, departedAt: call.departedAt })
    })
    if (!signedIn.ok && who === credentials && signedIn.kind !== 'refused' && (signedIn.status ?? 200) < 300) unread++
    return signedIn
  }

  /** Refreshes with a grant of the visit, the latest unless said otherwise. */
  const refresh = (visit: Visit, grant = visit.grants.at(-1)!): Promise<Attempt<Grant>> =>
    call(visit, 'refresh', async (call) => {
      const answer = await visit.backend.refresh!(grant, call)
      return keep(visit, { ...grant, ...answer, departedAt: call.departedAt })
    })

  async function revoke(visit: Visit, grant = visit.grants.at(-1)!): Promise<Attempt<void>> {
    const { jar } = visit.wire
    const cookies = jar.held()
    const revoked = await call(visit, 'sign-out', (call) => visit.backend.revoke!(grant, call))
    // A refusal may have taken away the cookie of a session that lives.
    if (!revoked.ok) jar.putBack(cookies)
    return revoked
  }

  /** Sends a request that no adapter makes; what came of it is the latest of the exchanges. */
  const send = (visit: Visit, url: string, init: RequestInit, role: Role = 'other'): Promise<Attempt<Response>> =>
    call(visit, role, ({ signal }) =>
      visit.wire.fetch(url, { ...init, redirect: 'manual', signal: signal as AbortSignal }),
    )

  function keep(visit: Visit, grant: Grant & Answer): Grant {
    const carried = [grant.token, grant.refreshToken, grant.header?.value, grant.csrf?.value]
    secrets.add(...carried.map((secret) => secret?.reveal()))
    visit.grants.push(grant)
    visit.state = 'open'
    return grant
  }

  const say = (id: LineId, verdict: Verdict) => void verdicts.set(id, verdict)

  return {
    subject,
    options,
    secrets,
    /** Takes an address whose host and words are nobody's secret. */
    know: (address: string) => void addresses.push(address),
    exchanges,
    errors,
    visits,
    now,
    sleep,
    visit,
    signIn,
    refresh,
    revoke,
    say,
    send,
    /** Whether what goes over the wire can be watched. */
    watched: typeof subject === 'function',
    /** How many sign-ins had no answer that could be read: each may have opened a session. */
    unread: () => unread,
    isBrokenOff: () => signal?.aborted ?? false,
    /** What a line has come to so far. */
    outcomeOf: (id: LineId) => verdicts.get(id)?.outcome,
    /** Whether nothing was said of a line yet. */
    isOpen: (id: LineId) => !verdicts.has(id),
    /** Skips those of the lines that nothing was said of yet. */
    skip(reason: string, ...ids: readonly LineId[]) {
      for (const id of ids) if (!verdicts.has(id)) say(id, skipped(reason))
    },
    /** All lines in their order, without a secret. */
    lines(): Line[] {
      return lineIds.map((id) => {
        const [group, title] = catalogue[id]
        const { outcome, detail, remedy } = verdicts.get(id) ?? skipped('The check ended before it.')
        const clean = secrets.redactOurs
        return { id, group, title, outcome, detail: clean(detail), ...(remedy && { remedy: clean(remedy) }) }
      })
    },
  }
}

/** What a message says beyond what was seen on the wire. */
function beyond(message: string, seen: readonly Exchange[]): string {
  const last = seen.at(-1)
  const at = last ? message.indexOf(`${last.method} ${showUrl(last.url)}`) : -1
  return at < 0 ? message : message.slice(at).replace(/^\S+ \S+ (answered \d+(: )?|got no answer$)/, '')
}

/** Waits for ms, or until the check is broken off. */
function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(id)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const id = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}

/** A limit in ms of real time, for servers that never answer. */
function patience(ms: number) {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const giveUp = new Promise<never>((_, reject) => {
    const refuse = () => reject(new AuthError('unreachable', `No answer within ${inSeconds(ms)}`))
    timer = setTimeout(() => {
      controller.abort()
      // An adapter that listens says itself what it was asking for.
      timer = setTimeout(refuse, 500)
    }, ms)
  })
  giveUp.catch(() => {})
  return { signal: controller.signal, giveUp, stop: () => clearTimeout(timer) }
}

/** Says that a call went through; `Fails` beyond the time after which Stillhere gives up. */
export function inTime(attempt: Attempt<unknown> & { ok: true }, role: Role, detail = attempt.what): Verdict {
  if (attempt.ms <= LIMITS[role]) return pass(detail)
  return fail(
    `${attempt.what}, and Stillhere waits ${inSeconds(LIMITS[role])} at most.`,
    'Make the server answer faster, or look at what stands between it and here.',
  )
}
