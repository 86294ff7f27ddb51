import type { Authorize } from '../browser/authorize.ts'
import type { CoreOptions, SessionCore } from '../core/session.ts'
import type { Parks } from '../core/types.ts'
import type { Beginning } from './beginning.ts'
import type { TestFetch } from './request.ts'
import type { TestAccount, TestPerson } from './test-backend.ts'

type Core = Partial<Omit<CoreOptions, 'platform' | 'name' | 'begin'>>

/** How a tab of a test begins, and the options of `createSession` besides. */
export interface TestTabOptions extends Core, Beginning {
  /** Who may sign in; anybody, with any password, where it is left out. */
  readonly accounts?: readonly TestAccount[]
  /** What `session.fetch` answers; it rejects where this is left out. */
  readonly fetch?: TestFetch
  /** Origins besides the page's own that `session.fetch` sends the token to. */
  readonly origins?: readonly string[]
  /** Where the token rests; in `'memory'`, where strict presets have it, it is gone with the page, and no other tab is given it. */
  readonly storage?: 'session' | 'memory'
  /** Life of the token in ms: 30 minutes by default. */
  readonly tokenLife?: number
}

/** A session manager for tests, to be given to `<SessionProvider>`. */
export interface TestSessionManager extends SessionCore, Parks {
  /** Answers what the test says, with the session's token on the request. */
  readonly fetch: typeof fetch
  /** The headers with which a request to this address may go out now; `null` where the token does not belong. */
  readonly authorize: Authorize
}

/** A tab with a session in it. Each control settles what comes of it: await it. */
export interface TestSession {
  /** The session manager, to be given to `<SessionProvider>`. */
  readonly session: TestSessionManager
  /** The world this tab is in: its clock, its network, its other tabs. */
  readonly world: TestWorld
  /** Time passes for all tabs, in ms. */
  advance(ms: number): Promise<void>
  /** What is under way comes to rest, without time passing. */
  settle(): Promise<void>
  /** Time passes, with nobody there, until the warning opens; rejects where none does. */
  warn(): Promise<void>
  /**
   * The session ends as sessions do: `idle` with nobody there, `limit` with someone there, `expired` with someone there and no network,
   * `refused` by the server, `user` by signing out here. Rejects where this session can not end so.
   */
  expire(reason?: 'idle' | 'limit' | 'expired' | 'refused' | 'user'): Promise<void>
  /** From here on this person is signed in, in a new session, or nobody (`null`); answers what a `'restoring'` or `'signing-in'` tab waits for. */
  become(person: TestPerson | null): Promise<void>
  /** Someone presses a key: trusted human input, which refreshes and is told to the other tabs; counted once a second. */
  press(): Promise<void>
  /** The tab is covered by another. */
  hide(): Promise<void>
  /** The tab is back in view. */
  show(): Promise<void>
  /** The page is put away, as by the back button: nothing in it runs. */
  freeze(): Promise<void>
  /** The page is back where it was. */
  thaw(): Promise<void>
  /** The page is loaded again, with what this tab stored; the session in it is a new one. */
  reload(): Promise<TestSession>
  /** The tab is closed. */
  close(): Promise<void>
}

/** What a world of tests begins with. */
export interface TestWorldOptions {
  /** What the clock shows at first: epoch ms, 5 January 2026, 9:00 UTC by default. */
  readonly startAt?: number
  /** React's `act`: every control then runs within it, and what it did is on the page when it resolves. */
  readonly act?: (work: () => Promise<void>) => PromiseLike<unknown>
}

export interface TestSessionOptions extends TestTabOptions, TestWorldOptions {}

/** A pretend browser with any number of tabs, on a clock moved by hand. Each control settles what comes of it: await it. */
export interface TestWorld {
  /** The device's clock: epoch ms. */
  now(): number
  /** Time passes, awake, in ms. */
  advance(ms: number): Promise<void>
  /** Time passes, in ms, as with the lid closed: what is due rings late. */
  sleep(ms: number): Promise<void>
  /** What is under way comes to rest, without time passing. */
  settle(): Promise<void>
  /** The device's clock is set forwards or backwards, by ms. */
  setClock(by: number): Promise<void>
  /** Nobody is reached any more. */
  goOffline(): Promise<void>
  /** Everybody is reached again, and every tab is told so. */
  goOnline(): Promise<void>
  /** The network between here and the servers. */
  readonly network: {
    /** How long a request takes to reach its server, in ms of this world. */
    latency: number
    /** Servers act, and their answers are lost. */
    loseAnswers: boolean
  }
  /** A `fetch` that reaches this server, such as the mock backend's, by this world's network and no other. */
  fetchFrom(server: (request: Request) => Promise<Response>): typeof fetch
  /** A new tab: as browsers open it, or with someone signed in already. */
  openTab(options?: TestTabOptions): TestSession
}
