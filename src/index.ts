import { ACTIVITY_EVENTS } from './browser/activity.ts'
import { createFetch } from './browser/fetch.ts'
import { createPlatform } from './browser/platform.ts'
import type { Storage } from './browser/storage.ts'
import { SessionOverError } from './core/errors.ts'
import type { PolicyOptions } from './core/policy.ts'
import { createSessionCore, type SessionCore } from './core/session.ts'
import type { Backend } from './core/types.ts'

export { type DatarheiOptions, datarhei } from './backends/datarhei.ts'
export { type EclecticIqOptions, eclecticiq } from './backends/eclecticiq.ts'
export { type EclipseOptions, type EclipseProblem, eclipse } from './backends/eclipse.ts'
export { type EConnectOptions, econnect } from './backends/econnect.ts'
export type { HttpOptions, Refusals } from './backends/http.ts'
export {
  type RestEndpoint,
  type RestFields,
  type RestOptions,
  type RestRenewal,
  type RestSignIn,
  rest,
  type TimeField,
  type TimeUnit,
} from './backends/rest.ts'
export type { Storage } from './browser/storage.ts'
export { AuthError, type ErrorDetails, SessionOverError } from './core/errors.ts'
export type { KeepAwakeOptions } from './core/keep-awake.ts'
export type { PolicyOptions } from './core/policy.ts'
export { Secret } from './core/secret.ts'
export type {
  Answer,
  Backend,
  Call,
  Cause,
  Credentials,
  EndReason,
  ErrorKind,
  Grant,
  Held,
  PasswordReset,
  Policy,
  Revocation,
  SessionState,
  Signal,
  Status,
  User,
} from './core/types.ts'

type Own = Exclude<Storage, string>

/** What `createSession` is told: a backend, and whatever is to differ from the defaults. */
export interface SessionOptions extends PolicyOptions {
  /** The auth system, by one of the adapters or your own. */
  readonly backend: Backend
  /** Where the token rests; `'session'` by default: sessionStorage, of each tab its own. API tokens: `'memory'`, always. */
  readonly storage?: Storage
  /** Whether a tab gives the grant to a sibling that asks; by default unless `storage` is `'memory'`. */
  readonly handOver?: boolean
  /** Origins besides the backend's own that `session.fetch` may send the token to, each as `https://host`. */
  readonly origins?: readonly string[]
  /** What counts as someone being here: names of events on `window`. */
  readonly activityEvents?: readonly string[]
  /** Keeps sessions of one origin apart; by default the system and its base URL. */
  readonly name?: string
  /** Told what happened and why; never a secret. */
  readonly log?: (event: string, detail?: string) => void
}

/** A session manager, to be made once and given to `<SessionProvider>`. */
export interface Session extends SessionCore {
  /** `fetch`, with a valid token on requests to the system. Rejects with `SessionOverError` once the session is over. */
  readonly fetch: typeof fetch
}

/** Makes a session manager for this page. Throws a `RangeError` for a time out of range, a `TypeError` for what can not go together. Inert on a server. */
export function createSession(options: SessionOptions): Session {
  const { backend, origins = [], activityEvents = ACTIVITY_EVENTS } = options ?? {}
  if (typeof backend?.signIn !== 'function')
    throw new TypeError('createSession needs a backend, such as eclecticiq({ baseUrl: "/api" })')
  const { storage = backend.permanent ? 'memory' : 'session' } = options
  if (!/^(session|local|memory)$/.test(storage as string) && typeof (storage as Partial<Own>).load !== 'function')
    throw new TypeError('storage must be "session", "local", "memory", or your own { load, save }')
  if (backend.permanent && (storage !== 'memory' || options.handOver))
    throw new TypeError(
      `${backend.system}: a token without an end rests in memory alone. Leave out storage and handOver.`,
    )
  const isPage = typeof document !== 'undefined'
  const home = isPage ? new URL(backend.baseUrl, location.href).href : backend.baseUrl
  const { name = `${backend.system} ${home}`, handOver = storage !== 'memory' } = options
  const core = createSessionCore({
    ...options,
    name,
    handOver,
    platform: createPlatform(name, storage, activityEvents),
  })
  const { grant } = core
  if (isPage) return { ...core, fetch: createFetch({ backend, origins, grant }) }
  core.dispose()
  const nobody = async () => {
    throw new SessionOverError('there is no page here, and a session lives in one. In a test: use a DOM environment.')
  }
  // Whether anybody is signed in is not for a server to know.
  return { ...core, getState: core.getInitialState, signIn: nobody, getToken: nobody, grant: nobody, fetch: nobody }
}
