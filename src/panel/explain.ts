import type { Inspection, Lengths, Verdict } from '../core/policy.ts'
import type { EndReason, ErrorKind, Held, Revocation, SessionState, Status } from '../core/types.ts'
import { toLength, toMoment, toTimes } from './words.ts'

/** One sentence about a session, and the moment that it names. */
export interface ExplainedLine {
  /** What it is about. */
  readonly about: 'status' | 'refresh' | 'warning' | 'end' | 'kept-awake' | 'server' | 'page' | 'tabs'
  /** The sentence, in English. */
  readonly text: string
  /** The moment at which it says that something happens, or can happen at the earliest: epoch ms; `null` where it names none. */
  readonly at: number | null
}

/** Why a session does what it does, in words. */
export interface Explanation {
  /** The status, for a person. */
  readonly status: string
  readonly lines: readonly ExplainedLine[]
}

type Line = ExplainedLine

const STATUS: Readonly<Record<Status, string>> = {
  restoring: 'Being checked',
  'signed-out': 'Signed out',
  'signing-in': 'Signing in',
  active: 'Active',
  warning: 'Warning open',
}

const ENDED: Readonly<Record<EndReason, string>> = {
  user: 'by hand',
  idle: 'nobody had been active',
  expired: 'its token ended and could not be renewed',
  limit: 'a session may last no longer',
  refused: 'the server said no',
  replaced: 'someone signed in anew',
}

const REVOKED: Readonly<Record<Revocation, string>> = {
  revoked: 'The server has revoked its token.',
  pending: 'The server is being asked to revoke its token.',
  failed: 'The server could not be brought to revoke its token, which lives on to its own end.',
  unneeded: 'Its token was dead by then: there was nothing to revoke.',
  unsupported: 'The server has no way to revoke its token, which lives on to its own end.',
}

const FAILED: Readonly<Record<ErrorKind, string>> = {
  unreachable: 'The server could not be reached',
  malformed: 'The server’s answer could not be read',
  refused: 'The server said no',
}

/** Says in words what the policy makes of a session now: when it refreshes, warns and ends, and why. Pure; holds no secret. */
export function explain(inspection: Inspection, state: SessionState): Explanation {
  const { session, status } = state
  const { verdict, lengths } = inspection
  const lines =
    session && verdict && lengths
      ? ofSession({ inspection, state, session, verdict, lengths, now: inspection.now })
      : ofNobody(state)
  return { status: STATUS[status], lines: [...lines, ...ofPage(state)] }
}

const line = (about: Line['about'], text: string, at: number | null = null): Line => ({ about, text, at })

function ofNobody({ status, reason, endedHere, revocation }: SessionState): Line[] {
  if (status === 'restoring')
    return [line('status', 'It is being looked into what this tab has stored and what the other tabs know.')]
  if (status === 'signing-in') return [line('status', 'Waits for what the server says to the sign-in.')]
  if (!reason) return [line('status', 'Nobody is signed in.')]
  const where = reason === 'user' ? `${ENDED.user}, ${endedHere ? 'here' : 'in another tab'}` : ENDED[reason]
  const ended = line('status', `Signed out: ${where}.`)
  return revocation ? [ended, line('server', REVOKED[revocation])] : [ended]
}

function ofPage({ veiled, tabs }: SessionState): Line[] {
  return [
    ...(veiled
      ? [line('page', 'The page is put away or has just come back: nothing private shows before a check.')]
      : []),
    ...(tabs === 'alone' ? [line('tabs', 'The tabs have no record in common: each refreshes for itself.')] : []),
  ]
}

interface Known {
  readonly inspection: Inspection
  readonly state: SessionState
  readonly session: Held
  readonly verdict: Verdict
  readonly lengths: Lengths
  readonly now: number
}

function ofSession(known: Known): Line[] {
  const { state, verdict, now } = known
  const { keptAwakeBy, status } = state
  if (verdict.phase === 'over')
    return [line('end', `Over since ${toMoment(verdict.deadline, now)}: the next look at it ends it.`)]
  const unconfirmed = 'Stored later than this clock shows: one refresh confirms it before anything shows.'
  return [
    ...(status === 'restoring' ? [line('status', unconfirmed)] : []),
    ...refreshOf(known),
    ...warningOf(known),
    endOf(known),
    ...(keptAwakeBy.length ? [line('kept-awake', `Kept awake by: ${keptAwakeBy.join(', ')}.`)] : []),
  ]
}

/** When a refresh goes out. */
function refreshOf(known: Known): Line[] {
  const { inspection, state, verdict, now } = known
  const { startedAt, failures, due } = inspection
  const { refreshAt, renewable } = verdict
  const trouble = failures && state.trouble ? `${FAILED[state.trouble]} (${toTimes(failures)})` : null
  const say = (text: string, at: number | null = null) => [line('refresh', text, at)]
  if (!renewable)
    return say(
      state.trouble === 'refused'
        ? 'The server said no after an answer that was lost: no refresh is tried any more.'
        : 'This token can not be refreshed.',
    )
  if (startedAt !== null) return say(`A refresh is under way since ${toLength(now - startedAt)}.`)
  if (refreshAt === Infinity) return [...(trouble ? [line('server', `${trouble}.`)] : []), onActivity(known)]
  const wait = Math.max(0, refreshAt - now)
  const soon = wait ? `in ${toLength(wait)}` : 'now'
  if (trouble) return say(`${trouble}; tried again ${soon}.`, refreshAt)
  if (due && !due.here && wait)
    return say(`Someone was active in another tab, which refreshes; else this tab does, ${soon}.`, refreshAt)
  if (due) return say(wait ? `A refresh is due, and looked at again ${soon}.` : 'A refresh is due now.', refreshAt)
  if (state.staying) return say('“Stay signed in” waits for a refresh.')
  return say(`Refreshes by itself ${soon}, ahead of the token’s end.`, refreshAt)
}

/** What someone can do for a refresh, where none goes out by itself. */
function onActivity({ inspection, state, session, verdict, lengths, now }: Known): Line {
  const { policy, retryAt, isDoubtful } = inspection
  const isAtOnce = isDoubtful || state.status === 'restoring'
  const from = Math.max(isAtOnce ? now : session.grant.departedAt + lengths.every, retryAt)
  const later = from > now ? `, in ${toLength(from - now)} at the earliest` : ''
  if (state.status === 'restoring') return line('refresh', `Refreshes by itself${later || ' now'}.`, from)
  if (verdict.phase === 'active')
    return isDoubtful
      ? line('refresh', `The server has refused this token: the next activity refreshes it${later}.`, from)
      : line('refresh', `Refreshes on the next activity${later}.`, from)
  if (policy.activityDuringWarning === 'extend')
    return line('refresh', `Refreshes on the next key, press or click${later}.`, from)
  if (!verdict.extendable) return line('refresh', 'No activity is counted while the warning is open.')
  return verdict.outlives
    ? line('refresh', '“Stay signed in” counts at once: the token lives long enough.')
    : line('refresh', 'Refreshes on “Stay signed in”; other activity is not counted while the warning is open.')
}

function warningOf({ state, verdict, now }: Known): Line[] {
  const { phase, warnAt } = verdict
  if (phase === 'active') return [line('warning', `Warns at ${toMoment(warnAt, now)}.`, warnAt)]
  return state.status === 'warning'
    ? []
    : [line('warning', 'A warning is due: it opens once the page has been checked.')]
}

/** When it ends, and what would move that. */
function endOf({ inspection, state, session, verdict, now }: Known): Line {
  const { policy, lastActive, startedAt } = inspection
  const { cause, deadline, phase, renewable, extendable, refreshAt } = verdict
  const ends = `Ends ${toMoment(deadline, now)}`
  const say = (text: string) => line('end', `${ends}${text}.`, deadline)
  if (cause === 'limit')
    return say(
      policy.sessionLimit !== null && deadline === session.signedInAt + policy.sessionLimit
        ? ' by the session limit; nothing moves that'
        : ' with what renews its token; nothing moves that',
    )
  if (cause === 'token' && !renewable) return say(' with its token, which nothing renews')
  const isInput = policy.activityDuringWarning === 'extend'
  if (phase === 'warning') {
    if (!extendable && !isInput) return say('; nothing moves that any more')
    const stays = isInput ? 'someone presses a key, clicks or stays' : 'someone stays'
    return say(cause === 'token' ? ` with its token unless a refresh gets through` : ` unless ${stays}`)
  }
  if (cause === 'token')
    return say(
      startedAt !== null || refreshAt < Infinity
        ? ' with its token unless the refresh gets through'
        : ' with its token unless someone is here and a refresh gets through',
    )
  const goesOn = state.keptAwakeBy.length ? ' or what keeps it awake goes on' : ''
  return say(` unless someone is here${goesOn} (${toLength(deadline - lastActive)} after the last activity)`)
}
