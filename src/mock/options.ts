import type { Auth0Options } from './auth0.ts'
import type { Faults } from './faults.ts'
import type { SentMessage } from './outbox.ts'
import type { Store } from './store.ts'
import type { SystemName } from './system.ts'
import type { SeenRequest } from './traffic.ts'
import type { MockUser } from './users.ts'

/** What `createMockBackend` may be told. */
export type MockOptions = {
  /** The server's clock in epoch milliseconds; `Date.now` unless given. */
  now?: () => number
  /** Which systems to speak, all by default; several keep clear of each other's paths. */
  systems?: readonly SystemName[]
  /** How the latency fault, and datarhei Core before it refuses a sign-in, wait, in milliseconds; a timer unless given. */
  sleep?: (ms: number) => Promise<void>
  /** Life of an access token in whole seconds, by default as each system documents it, and never more than datarhei Core's 600 there; a client may ask for less, never for more. */
  ttl?: number
  /** Absolute life of a session in seconds from its sign-in, which no refresh passes (ASVS 7.3.2); none by default. */
  sessionLimit?: number
  /** Seconds in which the refresh token just spent at the `rest` routes works once more, for lost answers; 0 by default, so that each reuse ends the session. */
  refreshGrace?: number
  /** Life of datarhei Core's refresh tokens in whole seconds, and of all that come of one sign-in at the `rest` routes; 86 400 by default and at most, as documented. */
  refreshTtl?: number
  /** Milliseconds before datarhei Core answers a refused sign-in, 5000 by default, as observed. */
  refusalDelay?: number
  /** Whether Eclipse's renewal insists on the header named by `csrfHeaderName`; the document's own call lacks it. */
  strictCsrf?: boolean
  /** The bundled Auth0 tenant whose tokens datarhei Core takes. */
  auth0?: Auth0Options
  /** Who may sign in; `demoUsers` by default. */
  users?: readonly MockUser[]
  /** Opaque tokens accepted as Bearer on protected endpoints, which never expire and no sign-out touches. */
  apiTokens?: readonly string[]
  /** Where sessions, tokens and signing keys are kept, in memory by default; backends that share one are instances of the same server, each with failed sign-ins, PINs, changed passwords, outbox and Auth0 key of its own. */
  store?: Store
  /** Cost of a password hash, 600 000 by default (OWASP Password Storage); tests use 1. */
  pbkdf2Iterations?: number
  /** Origins allowed to read answers across origins (CORS), each as `https://host:port`; by default any loopback origin, and at datarhei Core any at all, as observed. */
  origins?: readonly string[]
  /** Receives the audit log line by line: UTC time, event, user and a salted hash of the session's id, never a secret. */
  log?: (line: string) => void
  /** Receives what would have gone to phones line by line, one-time PINs included: for the console of a developer. */
  printOutbox?: (line: string) => void
  /** Whether there is a control endpoint for tests, as there is by default, but inside a Vite server open to the network; whoever reaches it can do anything. */
  control?: boolean
  /** Half of what it takes to run with NODE_ENV=production; the other is STILLHERE_MOCK_IN_PRODUCTION=yes in the environment. */
  allowProduction?: boolean
}

/** One session as tests see it: no token in it, and token ids (`jti`) kept until a while after their end. */
export type SessionSummary = {
  id: string
  user: string
  tokens: { jti: string; use: string; expiresAt: number }[]
  endedAt?: number
}

/** A pretended server, without a port. */
export type MockBackend = {
  /** Answers a request as `fetch` does; rejects with a TypeError where a fault drops the connection, with the signal's reason if aborted. */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** What it speaks, and the paths below which each answers; a system may be there with several entries. */
  systems: readonly { name: SystemName; bases: readonly string[] }[]
  /** Whether the mock has a route at this path, for any method or for the one named. */
  owns: (pathname: string, method?: string) => boolean
  /** The sessions of this backend, ended ones included until their last token's end. */
  sessions: () => Promise<SessionSummary[]>
  /** Whether a session's token would be accepted now. */
  isLive: (token: string) => Promise<boolean>
  /** The requests seen since the last reset, oldest first, at most 20 000, their paths cut after 512 characters. */
  requests: () => SeenRequest[]
  /** The messages that would have gone to phones, one-time PINs included, oldest first. */
  outbox: () => SentMessage[]
  /** Replaces the fault state by one fault or a list, `{}` clears it; throws a TypeError that names what is wrong. */
  setFaults: (faults: Faults | readonly Faults[]) => void
  /** The faults in force, with the `times` that are left. */
  faults: () => Faults[]
  /** Moves the server's clock on by milliseconds. */
  advance: (ms: number) => void
  /** Ends every session, or those of one user name, and tells how many it ended. */
  revokeAll: (username?: string) => Promise<number>
  /** Signs with a new key from now on: the old ones, nine at most, verify until their tokens end or, with `keepOld: false`, every token is dead as after a change of the secret. */
  rotateKeys: (options?: { keepOld?: boolean | undefined }) => Promise<void>
  /** Forgets sessions, keys, throttles, PINs and changed passwords, the outbox, faults, seen requests and the clock's offset. */
  reset: () => Promise<void>
}
