import type { Secret } from './secret.ts'

/** Who is signed in, as the server names them. */
export interface User {
  /** The server's own key for this person; `null` where the system gives none. */
  readonly key: string | null
  /** A name to show. */
  readonly name: string
}

/** Who was signed in before. */
export interface LastUser extends User {
  /** What was typed at the sign-in to say who it is; `null` where nothing was. */
  readonly username: string | null
}

/** What a sign-in or a refresh answered, as an adapter read it. What is left out stays as it was. */
export interface Answer {
  /** The token sent with requests: a JWT or an opaque string. */
  readonly token: Secret
  /** When the token ends: epoch ms on this device's clock, or `null` where nobody knows. */
  readonly expiresAt: number | null
  /** Renews the session where the token itself does not. */
  readonly refreshToken?: Secret
  /** When the refresh token (or refresh cookie) ends: epoch ms, or `null` where nobody knows. */
  readonly refreshExpiresAt?: number | null
  /** The header that carries the token, where it is not `Authorization: Bearer …`. */
  readonly header?: { readonly name: string; readonly value: Secret }
  /** A header that must go along with a renewal. */
  readonly csrf?: { readonly name: string; readonly value: Secret }
  /** The server's id of this session. */
  readonly serverSessionId?: string
  readonly user?: User
  readonly roles?: readonly string[]
  /** The token's own claims: for display, never for decisions. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** What the session holds of the latest answer. */
export interface Grant extends Answer {
  readonly user: User
  /** When the request that fetched it left: epoch ms on this device's clock. */
  readonly departedAt: number
}

/** One person's stay, sign-in to sign-out, as far as this tab knows it. */
export interface Held {
  /** Made here at sign-in, the same in all tabs. */
  readonly id: string
  /** Rises by one at each sign-in and each end. */
  readonly epoch: number
  /** Rises by one at each refresh. */
  readonly generation: number
  /** Epoch ms. */
  readonly signedInAt: number
  /** What was typed at the sign-in to say who it is. */
  readonly username?: string
  readonly grant: Grant
}

/** Where the session stands, in one word. */
export type Status = 'restoring' | 'signed-out' | 'signing-in' | 'active' | 'warning'

/** What ends the session at its deadline. */
export type Cause = 'idle' | 'limit' | 'token'

/** Why the last session ended: the same in all tabs. */
export type EndReason = 'user' | 'idle' | 'expired' | 'limit' | 'refused' | 'replaced'

/** What became of the sign-out at the server. */
export type Revocation = 'revoked' | 'pending' | 'failed' | 'unneeded' | 'unsupported'

/** The server said no, nobody answered, or the answer could not be read. */
export type ErrorKind = 'refused' | 'unreachable' | 'malformed'

/** All there is to know about the session, in one store. */
export interface SessionState {
  readonly status: Status
  /** The session held by this tab; its secrets show as `[secret]`. */
  readonly session: Held | null
  readonly token: Secret | null
  readonly user: User | null
  readonly roles: readonly string[]
  readonly claims: Readonly<Record<string, unknown>> | null
  /** When the session ends unless someone acts: epoch ms. */
  readonly deadline: number | null
  /** What ends it at the deadline. */
  readonly cause: Cause | null
  /** Whether "Stay signed in" can move the deadline. */
  readonly extendable: boolean
  /** "Stay signed in" was asked for and waits for the server. */
  readonly staying: boolean
  /** Why the latest refresh failed; `null` once one has succeeded. */
  readonly trouble: ErrorKind | null
  /** Why the last session ended; `null` while signed in and before the first. */
  readonly reason: EndReason | null
  /** Whether the last session was ended in this tab, rather than in another. */
  readonly endedHere: boolean
  /** What became of its sign-out at the server. */
  readonly revocation: Revocation | null
  /** Who was signed in before, to fill in the name again; `null` after signing out by hand, in any tab, or a change of users. */
  readonly lastUser: LastUser | null
  /** The reasons for which this tab keeps the session awake, as `keepAwake` was given them. */
  readonly keptAwakeBy: readonly string[]
  /** Whether other tabs can be reached: `alone` without IndexedDB, where each tab refreshes for itself. */
  readonly tabs: 'shared' | 'alone'
  /** The page is leaving the screen or has just come back: nothing private may show until it was checked. */
  readonly veiled: boolean
}

/** An operation that can be broken off; in browsers an `AbortSignal`. */
export interface Signal {
  readonly aborted: boolean
}

/** What every call to a backend is told. */
export interface Call {
  /** When the request leaves: epoch ms on this device's clock. */
  readonly departedAt: number
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: Signal
}

/** What a person types, or a token of another issuer handed over. */
export type Credentials = Readonly<Record<string, string>>

/** A new password, by a one-time PIN that the system sends to its owner. */
export interface PasswordReset {
  /** Has a PIN sent; whether anybody has that user name is not told. Throws `AuthError`. */
  requestPin(request: { readonly username: string }, call: Call): Promise<void>
  /** Sets the new password. Throws an `AuthError`, `refused` for a PIN or a password that was not accepted. */
  change(
    request: { readonly username: string; readonly pin: string; readonly password: string },
    call: Call,
  ): Promise<void>
}

/**
 * One auth system's dialect. Every method throws `AuthError`, classified by the system's own habits: which status, or which
 * 200, means "wrong password" or "session over" is the adapter's to know. No method sends a header the adapter did not name.
 */
export interface Backend {
  /** The system's name, for messages. */
  readonly system: string
  /** The base URL, absolute where it was given so. */
  readonly baseUrl: string
  /** What renews a session: the token itself while it lives, a refresh token, a cookie the page can not read, or nothing. */
  readonly renewsWith: 'token' | 'refresh-token' | 'cookie' | 'nothing'
  /** Whether a refresh also prolongs the refresh token. */
  readonly prolongs?: boolean
  /**
   * Its tokens have no end of their own (API tokens): they rest in memory alone, no other tab is given one, and `idleTimeout` is
   * required.
   */
  readonly permanent?: boolean
  /** What a revocation must carry; `nothing` also where a cookie says who is leaving. */
  readonly revokesWith?: 'token' | 'refresh-token' | 'nothing'
  /** Signs in with what was typed, or with a token of another issuer. */
  signIn(credentials: Credentials, call: Call): Promise<Answer>
  /** Left out where nothing renews. */
  refresh?(grant: Grant, call: Call): Promise<Answer>
  /** Left out where the system has no revocation. */
  revoke?(grant: Grant, call: Call): Promise<void>
  /** How a forgotten password is replaced; left out where the system has no way. */
  readonly passwordReset?: PasswordReset
  /** The headers that carry the grant on a request to the protected API. */
  headers(grant: Grant): Record<string, string>
  /** Whether this answer to such a request says that the token is bad. */
  refusesToken(response: { readonly status: number; readonly headers: { get(name: string): string | null } }): boolean
}

/** The timing policy, in ms. */
export interface Policy {
  /** The least age of a token at which counted activity refreshes it. */
  readonly refreshEvery: number
  /** How long before the deadline the warning opens. */
  readonly warnBefore: number
  /** How long nobody may be here; `null`: the token's life less `refreshEvery`. */
  readonly idleTimeout: number | null
  /** How long a session may last at all; `null`: no limit. */
  readonly sessionLimit: number | null
  /** What input does while the warning is open. */
  readonly activityDuringWarning: 'ignore' | 'extend'
}

/** What all tabs of one origin agree on. Holds no secret; never deleted, an end is written into it. */
export interface SharedRecord {
  readonly v: 1
  readonly app: string
  readonly epoch: number
  readonly sessionId: string
  readonly userKey: string | null
  readonly generation: number
  /** Epoch ms; tells which came later of two sessions that began without knowing of each other. */
  readonly signedInAt?: number
  /** Epoch ms. */
  readonly lastActive: number
  readonly endedReason?: EndReason
  /** The generation for which a refresh went out whose outcome nobody knows. */
  readonly unsure?: number
  /** The sessions lately revoked at the server, as `id/generation`. */
  readonly revoked?: readonly string[]
}

/** What one tab says to the others: facts, never commands, and no token. */
export type TabMessage = { readonly v: 1; readonly app: string; readonly sessionId: string } & (
  | { readonly kind: 'active'; readonly at: number }
  | { readonly kind: 'session'; readonly epoch: number; readonly generation: number }
  | { readonly kind: 'ended'; readonly reason: EndReason }
)

/** Asks the siblings for the grant of a session, at this generation or a later one; `null`: of whichever they hold. */
export interface Question {
  readonly sessionId: string | null
  readonly generation: number
}

/** The world outside, as the core sees it. Every listener's subscription returns the way out. */
export interface Platform {
  /** The wall clock: epoch ms. */
  now(): number
  /** A clock that never steps back: ms since anything. */
  monotonic(): number
  /** Calls once at `time` (epoch ms) or as soon as possible after it. Returns cancel. */
  wakeAt(time: number, wake: () => void): () => void
  /** A new unguessable id. */
  id(): string
  /** A number from 0 up to 1, for jitter. */
  random(): number
  visible(): boolean
  /** The page is back in view or in touch: shown, focused, resumed, online. */
  onWake(listener: () => void): () => void
  /** The page is about to be put away: pagehide, freeze. */
  onHide(listener: () => void): () => void
  /** Someone is here, at most once a second and kind; `strong` unless the pointer only moved or scrolled. */
  onActivity(listener: (strong: boolean) => void): () => void
  /** An operation that can be broken off. */
  abortable(): { readonly signal: Signal; abort(): void }

  post(message: TabMessage): void
  onMessage(listener: (message: unknown) => void): () => void
  /** The first answer of a sibling, or `null` after a second. */
  ask(question: Question): Promise<string | null>
  /** Answers what siblings ask. */
  onAsk(answer: (question: Question) => string | null): () => void
  /** Runs `work` while no other tab runs work of that name; `null` when the turn did not come within `patience` ms. */
  exclusive<T>(name: string, patience: number, work: () => Promise<T>): Promise<T | null>

  /** The shared record: `undefined` where none can be kept or the answer took over a second. */
  readRecord(): Promise<unknown>
  /** Changes the shared record in one transaction and returns it as it then is; `undefined` as for `readRecord`. */
  updateRecord(change: (record: unknown) => unknown): Promise<unknown>

  /** What this tab stored, or `null`. */
  load(): string | null | Promise<string | null>
  save(text: string): void
  /** Forgets what is stored of that session, and of that one only. */
  clear(sessionId: string): void

  /** Says something to the developer. */
  warn(message: string): void
  /** Surfaces an error of the host's own code without throwing it here. */
  report(error: unknown): void
  /** Closes whatever is open. */
  dispose(): void
}

/** What one request carries, and what to make of its answer. */
export interface Authorization {
  /** As whom it goes out. */
  readonly user: User
  /** The headers that carry the token: a secret, for this one request. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether a redirect may be followed: across origins browsers strip `Authorization`, and nothing else. */
  readonly mayRedirect: boolean
  /** Whether this answer says that the token is bad. */
  isRefusedBy: Backend['refusesToken']
  /** After such an answer, what to send the request with once more: never more than once. Throws as `getToken` does. */
  renew(): Promise<Authorization>
}

/** A request that met the end of its session. */
export interface Parked<T> {
  /** Whether it asks and changes nothing. */
  readonly isSafe: boolean
  /** What it may be sent with now. */
  authorize(): Promise<Authorization>
  /** Sends it, at once. */
  send(now: Authorization): Promise<T>
  /** Calls once nobody wants the answer any more. */
  onAbort(listener: (reason: unknown) => void): void
}

/** Where requests wait for one person to come back. */
export interface Parking {
  /** The server's key of that person. */
  readonly owner: string
  /** Whether those that waited are going out just now. */
  isSending(): boolean
  /** Answers once the person is back; rejects where they will not be. */
  wait<T>(request: Parked<T>): Promise<T>
  /** One more counts on it, until the returned function is called. */
  hold(): () => void
  /** Fails whatever waits. */
  close(): void
}

/** What can keep requests waiting: the session that a page has, with its `fetch`. */
export interface Parks {
  /** Where requests wait that meet the end, put there by `parkRequests`; `null` where they are rejected. */
  readonly parking: { current: Parking | null }
}
