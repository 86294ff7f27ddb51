import type { Backend, Credentials, Grant } from '../core/types.ts'
import type { LineId } from './catalogue.ts'

/** What a line of the report comes to: only `fail` means that an app would not work as it should on this server. */
export type Outcome = 'pass' | 'fail' | 'warn' | 'info' | 'skipped'

/** One thing that was found out. */
export interface Line {
  readonly id: LineId
  /** What it belongs to, as a heading. */
  readonly group: string
  /** What was looked at: a sentence that is true if it passed, or a topic. */
  readonly title: string
  readonly outcome: Outcome
  /** What was sent, what came back and what follows; without secrets, as is all of a report. */
  readonly detail: string
  /** What to do about a `fail` or a `warn`. */
  readonly remedy?: string
}

/** What came out of a check, in JSON as it is. */
export interface Report {
  readonly system: string
  readonly baseUrl: string
  /** The protected path that tokens were tried on; `null` before anybody was signed in. */
  readonly probe: string | null
  /** Whether it went on to its end, and was not broken off. */
  readonly complete: boolean
  readonly lines: readonly Line[]
  readonly passed: number
  readonly failed: number
  readonly warned: number
  readonly informed: number
  readonly skipped: number
}

/** The adapter under test; given as a function of the `fetch` it is to use, what it sends can be watched, cookies included. */
export type Subject = Backend | ((fetch: typeof globalThis.fetch) => Backend)

/** What a check is told. */
export interface CheckOptions {
  /**
   * What the person signs in with, as for `session.signIn`; every value but `username` counts as a secret, and is looked for unless it
   * is short or an ordinary word.
   */
  readonly credentials: Credentials
  /** More that must not show, such as an API key that the adapter sends along. */
  readonly secrets?: readonly string[]
  /**
   * A path below the base URL, or a whole URL, whose GET needs a token and which this person may see; `{name}` in it is filled in from
   * the claims of the token, and a function is given the grant.
   */
  readonly probe: string | ((grant: Grant) => string)
  /** The wrong password to try, made up by default; `false` tries none, for accounts that one mistake locks. */
  readonly wrongPassword?: string | false
  /** The origin of the pages that are to use this server, `https://app.example` by default; CORS is judged for it. */
  readonly origin?: string
  /** How many ms a token's end may be waited for, 0 by default; what needs it is skipped for tokens that live longer. */
  readonly waitForExpiry?: number
  /** Makes plain http to another machine a warning instead of a failure: anyone on the way can read password and token. */
  readonly allowPlainHttp?: boolean
  /** Sends every request; the global `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch
  /** The clock, in epoch ms; `Date.now` by default. */
  readonly now?: () => number
  /** Waits for ms: some 1 s before a refresh, and for a token's end; a timer by default. */
  readonly sleep?: (ms: number) => Promise<void>
  /** Breaks the check off; what it opened is ended all the same, and lines not yet reached are skipped. */
  readonly signal?: AbortSignal
}
