import type { AuthError } from './errors.ts'
import { DEFAULTS, limits, refreshEndOf } from './policy.ts'
import type { Backend, Held, Platform, Policy } from './types.ts'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

const told = new Set<string>()

/** Tells the developer, once and in development builds only, of a policy that can not be kept as it stands. */
export function advise(backend: Backend, platform: Platform, policy: Policy, held: Held): void {
  try {
    // Bundlers put a word in place of the whole expression, and drop what follows from it in a build for production.
    if (process.env.NODE_ENV !== 'production')
      for (const message of adviceOn(backend, policy, held)) {
        if (!told.has(message)) platform.warn(`Stillhere: ${message}`)
        told.add(message)
      }
  } catch {
    // No bundler, no `process`: no development build.
  }
}

/** Tells the developer of an answer that no server of this system gives, in development builds only. */
export function explain(platform: Platform, error: Partial<AuthError>): void {
  try {
    if (process.env.NODE_ENV !== 'production' && error.kind === 'malformed')
      platform.warn(`Stillhere: ${error.message} Is baseUrl right, and the adapter that of this server?`)
  } catch {
    // As above.
  }
}

/** Throws a `TypeError` for what is no part of a policy, in development builds only. */
export function checkNames(changes: object): void {
  try {
    if (process.env.NODE_ENV !== 'production') refuseUnknown('setPolicy', changes, POLICY)
  } catch (error) {
    // As above, unless it is ours.
    if (error instanceof WrongOption) throw error
  }
}

export class WrongOption extends TypeError {}

/** Throws a `WrongOption` for an option that goes by none of the names, and says what it may have been meant to be. */
export function refuseUnknown(what: string, given: object, names: object): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(names, name)) continue
    const near = meantBy(name, Object.keys(names))
    const remedy = near ? `did you mean ${near}?` : `it has ${Object.keys(names).join(', ')}.`
    throw new WrongOption(`${what} has no option ${name}: ${remedy}`)
  }
}

const POLICY: Readonly<Record<keyof Policy, true>> = {
  refreshEvery: true,
  warnBefore: true,
  idleTimeout: true,
  sessionLimit: true,
  activityDuringWarning: true,
}

/** The one of the names that this may be a slip of. */
export const meantBy = (name: string, names: readonly string[]): string | undefined =>
  names.find((known) => isNear(name.toLowerCase(), known.toLowerCase()))

/** Whether at most three letters must be put in, left out or changed, and most of them are right: Levenshtein's distance. */
function isNear(a: string, b: string): boolean {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries())
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)))
    row = next
  }
  return row.at(-1)! <= Math.min(3, b.length / 3)
}

/** How late the timers of a hidden tab may come, in ms: browsers run them once a minute. */
const LATEST = 60_000

const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** A length of time in the greatest unit that makes it one or more. */
function span(ms: number): string {
  const [unit, length] = UNITS.find(([, length]) => ms >= length) ?? UNITS[2]
  return `${Number((ms / length).toFixed(1))} ${unit}`
}

function adviceOn({ system, renewsWith, prolongs }: Backend, policy: Policy, held: Held): string[] {
  const { grant } = held
  const { refreshEvery, warnBefore, idleTimeout, sessionLimit } = policy
  const { life, every, idle, lead } = limits(grant, policy)
  const said: string[] = []

  if (idle < 60_000)
    said.push(
      `an idle limit of ${span(idle)} can not meet WCAG 2.2.1 (Timing Adjustable). Give 1 min or more: by idleTimeout, or by tokens that live longer.`,
    )

  const refreshEnd = refreshEndOf(grant)
  const renewal = refreshEnd - (prolongs ? grant.departedAt : held.signedInAt)
  if (idleTimeout !== null && idleTimeout > Math.max(life, renewal)) {
    const [what, lives] = refreshEnd > -Infinity ? ['refresh token', renewal] : ['token', life]
    const isRenewed = renewsWith === 'token' || (refreshEnd > -Infinity && prolongs)
    said.push(
      `idleTimeout is ${span(idleTimeout)}, but the ${what} of ${system} lives ${span(lives)}${isRenewed ? ' and is renewed only while it lives: a longer sleep ends the session before idleTimeout does' : ', and nothing prolongs it: the session ends then, whoever is here'}. Have the server give a longer one, or set idleTimeout to ${span(lives)} or less.`,
    )
  }

  if (sessionLimit !== null && sessionLimit < idle)
    said.push(
      `sessionLimit is ${span(sessionLimit)} and the idle limit ${span(idle)}: the session ends before anyone can be idle. Set idleTimeout below sessionLimit.`,
    )
  else if (sessionLimit !== null && sessionLimit <= 20 * 3_600_000 && sessionLimit <= 10 * idle)
    said.push(
      `sessionLimit of ${span(sessionLimit)} leaves room to extend an idle limit of ${span(idle)} ${Math.ceil(sessionLimit / idle) - 1} times; WCAG 2.2.1 (Timing Adjustable) asks for ten. Set sessionLimit to more than ${span(10 * idle)}, or idleTimeout to less than ${span(sessionLimit / 10)}.`,
    )

  if (warnBefore < LATEST + 20_000 && idle >= 2 * (LATEST + 20_000))
    said.push(
      `warnBefore is ${span(warnBefore)}: in a hidden tab it may come ${span(LATEST)} late, and then leaves less than the 20 s of WCAG 2.2.1 (Timing Adjustable). Set warnBefore to ${(LATEST + 20_000) / 1_000} s or more.`,
    )

  // Nobody set the defaults, so nobody is told what became of them.
  if (lead < warnBefore && warnBefore !== DEFAULTS.warnBefore)
    said.push(
      `warnBefore is ${span(warnBefore)}, and was cut to ${span(lead)}: half the idle limit of ${span(idle)}. Set warnBefore to that or less, or idleTimeout to ${span(2 * warnBefore)} or more.`,
    )
  if (every < refreshEvery && refreshEvery !== DEFAULTS.refreshEvery)
    said.push(
      `refreshEvery is ${span(refreshEvery)}, and was cut to ${span(every)}: a quarter of the life of a token, ${span(life)}. Set refreshEvery to that or less.`,
    )
  return said
}
