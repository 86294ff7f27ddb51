import type { SessionEvent, SessionEvents } from '../core/events.ts'
import type { Cause, EndReason } from '../core/types.ts'
import { toLength, toMoment } from './words.ts'

/** How something that happened is drawn. */
export type Mark = 'signed-in' | 'here' | 'elsewhere' | 'refused' | 'unreachable' | 'malformed' | 'extended' | 'ended'

/** A time in which a page did not run as it should: asleep or frozen, or hidden with its timers held back. */
export type GapKind = 'asleep' | 'throttled'

/** Something that happened. */
export interface Entry {
  readonly id: number
  /** Epoch ms. */
  readonly at: number
  /** When it was over, where it took its time: epoch ms. */
  readonly until: number | null
  /** The type of the event, or what the recording noticed by itself. */
  readonly type: SessionEvent['type'] | GapKind | 'clock-set-back'
  /** How it is drawn; `null` where the drawing has it in another form, or not. */
  readonly mark: Mark | null
  /** What happened, in words. */
  readonly text: string
}

const CAUSES: Readonly<Record<Cause, string>> = {
  idle: 'nobody had been active for a while',
  limit: 'the longest time of the session was near',
  token: 'the token was about to end and had not been renewed',
}

const REASONS: Readonly<Record<EndReason, string>> = {
  user: 'signed out',
  idle: 'nobody had been active',
  expired: 'its token had ended',
  limit: 'the longest time had passed',
  refused: 'the server said no',
  replaced: 'someone signed in anew',
}

const STAYED = { stay: 'asked for, and confirmed', activity: 'someone is active', 'other-tab': 'in another tab' }

interface Drawn {
  readonly text: string
  readonly mark?: Mark
  /** When it began, where that was earlier. */
  readonly from?: number
}

const SAYS: { readonly [T in keyof SessionEvents]: (event: SessionEvents[T]) => Drawn } = {
  'signed-in': ({ here }) => ({
    mark: 'signed-in',
    text: here ? 'Signed in.' : 'Took up a session: it was stored here, or another tab signed in.',
  }),
  refreshed: ({ at, here, ms, generation }) =>
    here
      ? {
          mark: 'here',
          from: at - (ms ?? 0),
          text: `Refreshed by this tab${ms === null ? '' : ` in ${toTaken(ms)}`}: token ${generation}.`,
        }
      : { mark: 'elsewhere', text: `Refreshed by another tab: token ${generation}.` },
  warned: ({ cause, deadline, at }) => ({
    text: `Warning opened: ${CAUSES[cause]}. End at ${toMoment(deadline, at)}.`,
  }),
  extended: ({ by, deadline, at }) => ({
    mark: 'extended',
    text: `Stayed signed in: ${STAYED[by]}. End moved to ${toMoment(deadline, at)}.`,
  }),
  ended: ({ here, reason }) => ({
    mark: 'ended',
    text: `Ended ${here ? 'by this tab' : 'by another tab'}: ${REASONS[reason]}.`,
  }),
  revoked: ({ outcome }) => ({ text: `At the server: ${outcome}.` }),
  failed: ({ during, kind, status, message }) => ({
    mark: kind,
    text: `${during === 'sign-in' ? 'Sign-in' : 'Refresh'} failed, ${kind}${status ? ` (${status})` : ''}: ${message}`,
  }),
  'kept-awake': ({ reason }) => ({ text: `Kept awake: ${reason}.` }),
  released: ({ reason }) => ({ text: `No longer kept awake: ${reason}.` }),
  'without-lock': () => ({ text: 'A refresh went out without its turn: another tab held that too long.' }),
}

const toTaken = (ms: number) => (ms < 1_000 ? `${Math.round(ms)} ms` : toLength(ms))

const drawn = <T extends keyof SessionEvents>(type: T, event: SessionEvents[T]): Drawn => SAYS[type](event)

/** The types of all events. */
export const EVENT_TYPES = Object.keys(SAYS) as (keyof SessionEvents)[]

/** An event as it is shown. */
export function entryOf(event: SessionEvent, id: number): Entry {
  const { text, mark = null, from } = drawn(event.type, event)
  const { at, type } = event
  return { id, type, mark, text, at: from ?? at, until: from === undefined ? null : at }
}

/** A gap as it is shown. */
export const gapEntryOf = (kind: GapKind, at: number, until: number, id: number): Entry => ({
  id,
  at,
  until,
  type: kind,
  mark: null,
  text:
    kind === 'asleep'
      ? `Nothing ran for ${toLength(until - at)}: the device slept, or the page was frozen.`
      : `The page was hidden and its timers were held back for ${toLength(until - at)}.`,
})

/** A step of the device's clock, as it is shown. */
export const stepEntryOf = (at: number, by: number, id: number): Entry => ({
  id,
  at,
  until: null,
  type: 'clock-set-back',
  mark: null,
  text: `The device’s clock was set back by ${toLength(-by)}: all that is shown moved along.`,
})
