import { ACTIVITY_EVENTS } from './browser/activity.ts'
import { type Authorize, createAuthorize } from './browser/authorize.ts'
import { createFetch } from './browser/fetch.ts'
import { checkOrigins } from './browser/origins.ts'
import { createPlatform } from './browser/platform.ts'
import type { Storage } from './browser/storage.ts'
import { meantBy, refuseUnknown, WrongOption } from './core/advice.ts'
import { SessionOverError } from './core/errors.ts'
import type { SessionEvent } from './core/events.ts'
import type { PolicyOptions } from './core/policy.ts'
import { createSessionCore, type SessionCore } from './core/session.ts'
import type { Backend, Parks } from './core/types.ts'

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
export type { Authorize } from './browser/authorize.ts'
export { type AxiosBare, type AxiosLike, attachAxios } from './browser/axios.ts'
export type { Storage } from './browser/storage.ts'
export { AuthError, type ErrorDetails, SessionOverError } from './core/errors.ts'
export type { SessionEvent, SessionEvents, Told } from './core/events.ts'
export type { KeepAwakeOptions } from './core/keep-awake.ts'
export { parkRequests } from './core/parking.ts'
export type { Inspection, Lengths, PolicyChanges, PolicyOptions, Verdict } from './core/policy.ts'
export { Secret } from './core/secret.ts'
export type {
  Answer,
  Authorization,
  Backend,
  Call,
  Cause,
  Credentials,
  EndReason,
  ErrorKind,
  Grant,
  Held,
  LastUser,
  Parked,
  Parking,
  Parks,
  PasswordReset,
  Policy,
  Revocation,
  SessionState,
  Signal,
  Status,
  User,
} from './core/types.ts'
export { nistAal2, nistAal3, owaspHighValue, owaspLowRisk, pciDss } from './presets.ts'

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
  /** Origins, each as `https://host`, of frames in this page that say with `stillhere/frame` when someone is active in them; frames of the page's own origin need nothing. */
  readonly frames?: readonly string[]
  /**
   * Whether a request that changes something may go out after a new sign-in, where it met the end and the page waits for its
   * person (`<RequireSession mode="lock">`); by default none may. GET, HEAD and OPTIONS always may.
   */
  readonly replay?: (request: Request) => boolean
  /** What counts as someone being here: names of events on `window`. */
  readonly activityEvents?: readonly string[]
  /** Keeps sessions of one origin apart; by default the system and its base URL. */
  readonly name?: string
  /** Told every event that `session.on` knows: what happened and why; never a secret. */
  readonly log?: (event: SessionEvent) => void
}

const NAMES: Readonly<Record<keyof SessionOptions, true>> = {
  backend: true,
  storage: true,
  handOver: true,
  origins: true,
  frames: true,
  replay: true,
  activityEvents: true,
  name: true,
  log: true,
  refreshEvery: true,
  warnBefore: true,
  idleTimeout: true,
  sessionLimit: true,
  activityDuringWarning: true,
}

/** Throws a `TypeError` for an option that there is not, or is of the wrong kind, in development builds only. */
function checkOptions(options: Partial<SessionOptions>): void {
  try {
    // Bundlers drop this, and the names with it, in a build for production.
    if (process.env.NODE_ENV !== 'production') {
      refuseUnknown('createSession', options, NAMES)
      refuseWrong(options)
    }
  } catch (error) {
    // No bundler, no `process`: no development build.
    if (error instanceof WrongOption) throw error
  }
}

const LISTS = { origins: 'https://files.example.com', frames: 'https://reports.example.com', activityEvents: 'keydown' }

function refuseWrong(options: Partial<SessionOptions>): void {
  const { backend, log, activityEvents = [] } = options
  if (typeof backend === 'function')
    throw new WrongOption('backend must be what an adapter gives: eclecticiq({ baseUrl: "/api" }), not eclecticiq')
  for (const [name, example] of Object.entries(LISTS) as [keyof typeof LISTS, string][])
    if (options[name] !== undefined && !Array.isArray(options[name]))
      throw new WrongOption(`${name} must be a list, such as ["${example}"]`)
  if (log !== undefined && typeof log !== 'function')
    throw new WrongOption('log must be a function that is given an event, such as console.log')
  for (const name of activityEvents) {
    const near = meantBy(name, ACTIVITY_EVENTS)
    if (near && near !== name)
      throw new WrongOption(`activityEvents: there is no event "${name}"; did you mean "${near}"?`)
  }
}

/** A session manager, to be made once and given to `<SessionProvider>`. */
export interface Session extends SessionCore, Parks {
  /** `fetch`, with a valid token on requests to the system. Rejects with `SessionOverError` once the session is over. */
  readonly fetch: typeof fetch
  /** For what is not sent by `fetch`: the headers with which a request to this address may go out now; `null` where the token does not belong. Throws as `getToken` does. */
  readonly authorize: Authorize
}

/** Makes a session manager for this page. Throws a `RangeError` for a time out of range, a `TypeError` for what can not go together. Inert on a server. */
export function createSession(options: SessionOptions): Session {
  checkOptions(options ?? {})
  const { backend, origins = [], frames = [], activityEvents = ACTIVITY_EVENTS, replay } = options ?? {}
  if (typeof backend?.signIn !== 'function')
    throw new TypeError('createSession needs a backend, such as eclecticiq({ baseUrl: "/api" })')
  const { storage = backend.permanent ? 'memory' : 'session' } = options
  const { load, save } = Object(storage) as Partial<Own>
  if (
    !/^(session|local|memory)$/.test(storage as string) &&
    !(typeof load === 'function' && typeof save === 'function')
  )
    throw new TypeError('storage must be "session", "local", "memory", or your own { load, save }')
  if (backend.permanent && (storage !== 'memory' || options.handOver))
    throw new TypeError(
      `${backend.system}: a token without an end rests in memory alone. Leave out storage and handOver.`,
    )
  checkOrigins('frames', frames)
  if (replay !== undefined && typeof replay !== 'function')
    throw new TypeError('replay must be a function that is given a request and says whether it may go out later')
  const isPage = typeof document !== 'undefined'
  const home = isPage ? new URL(backend.baseUrl, location.href).href : backend.baseUrl
  const { name = `${backend.system} ${home}`, handOver = storage !== 'memory' } = options
  const core = createSessionCore({
    ...options,
    name,
    handOver,
    platform: createPlatform(name, storage, activityEvents, frames),
  })
  const { grant, getState } = core
  const { authorize, belongs } = createAuthorize({ backend, origins, grant })
  if (isPage) return { ...core, ...createFetch({ authorize, belongs, replay, getState }) }
  core.dispose()
  const nobody = async () => {
    throw new SessionOverError('there is no page here, and a session lives in one. In a test: use a DOM environment.')
  }
  return {
    ...core,
    // Whether anybody is signed in is not for a server to know.
    getState: core.getInitialState,
    signIn: nobody,
    getToken: nobody,
    grant: nobody,
    fetch: nobody,
    authorize: nobody,
    parking: { current: null },
  }
}
