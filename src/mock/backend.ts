import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { abortable } from './abortable.ts'
import { createApiTokens, demoApiTokens } from './api-tokens.ts'
import { answerBy, assemble, hasRoute, withJsonErrors } from './app.ts'
import { createAuth0Tenant } from './auth0.ts'
import { auth0 } from './auth0-routes.ts'
import { createAuthority } from './authority.ts'
import { createClock } from './clock.ts'
import { control, isControlPath } from './control.ts'
import { datarhei, readRefusalDelay } from './datarhei.ts'
import { eclecticiq } from './eclecticiq.ts'
import { eclipse } from './eclipse.ts'
import { econnect } from './econnect.ts'
import { ConnectionDropped, createFaults } from './faults.ts'
import { malform } from './malformed.ts'
import { memoryStore } from './memory.ts'
import type { MockBackend, MockOptions, SessionSummary } from './options.ts'
import { createOutbox } from './outbox.ts'
import { Problem } from './problem.ts'
import { refuseProduction } from './production.ts'
import { rest } from './rest.ts'
import { chooseSystems } from './system.ts'
import { createTraffic } from './traffic.ts'
import { readRefreshTtl } from './ttl.ts'
import { demoUsers, toAccount } from './users.ts'

const timer = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** A pretend server behind `fetch`; throws with NODE_ENV=production, unless told twice. */
export function createMockBackend(options: MockOptions = {}): MockBackend {
  refuseProduction(options.allowProduction)
  return buildBackend(options)
}

/** `createMockBackend` for a server that has made sure itself that this is no production. */
export function buildBackend(options: MockOptions): MockBackend {
  const isControl = (pathname: string) => options.control !== false && isControlPath(pathname)
  const faults = createFaults()
  const clock = createClock(options.now ?? Date.now, faults.skew)
  const { now } = clock
  const { users = demoUsers, ttl, pbkdf2Iterations = 600_000, sessionLimit, log, sleep = timer } = options
  const authority = createAuthority({
    now,
    store: options.store ?? memoryStore({ now }),
    users,
    pbkdf2Iterations,
    ...(ttl === undefined ? {} : { ttl }),
    ...(sessionLimit === undefined ? {} : { sessionLimit }),
    ...(log ? { log } : {}),
  })
  const traffic = createTraffic(now)
  const outbox = createOutbox(now, options.printOutbox)

  const accounts = users.map(toAccount)
  const { strictCsrf = false } = options
  const refusalDelay = readRefusalDelay(options.refusalDelay)
  const refreshTtl = readRefreshTtl(options.refreshTtl)
  const tenant = createAuth0Tenant(accounts, now, options.auth0)
  const systems = chooseSystems(
    [
      // The first answers on paths that belong to none.
      eclecticiq({ authority, apiTokens: createApiTokens(options.apiTokens ?? demoApiTokens), now }),
      econnect({ authority, now }),
      eclipse({ authority, accounts, outbox, now, strictCsrf }),
      datarhei({ authority, auth0: tenant, now, sleep, refusalDelay, refreshTtl }),
      auth0({ authority, tenant }),
      rest({ authority, now, refreshGrace: options.refreshGrace ?? 0, refreshTtl, origins: options.origins }),
    ],
    options.systems,
  )
  const app = assemble(systems, options.origins)

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (isControl(pathname)) return finish(await controlApp.fetch(request))
    const seen = traffic.note(request, pathname)
    const { latency, down, status, retryAfter, loseAnswer, malformed } = faults.take(request, pathname)
    if (latency) await sleep(latency)
    if (down) throw new ConnectionDropped()
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }
    const instead =
      status === undefined ? undefined : new Problem(status as ContentfulStatusCode, 'A fault on demand.', { headers })
    const proper = await answerBy(app, request, { instead })
    const response = finish(malformed ? await malform(proper, malformed) : proper)
    if (loseAnswer) throw new ConnectionDropped()
    seen.status = response.status
    return response
  }

  function finish(response: Response): Response {
    response.headers.set('Cache-Control', 'no-store')
    response.headers.set('Date', new Date(now()).toUTCString())
    return response
  }

  const backend: MockBackend = {
    fetch(input, init) {
      // A server's own Request is passed on as it is: wrapped in another it would lose its body.
      const request = input instanceof Request && init === undefined ? input : new Request(input, init)
      return abortable(request.signal, () => answer(request))
    },
    systems: systems.map(({ name, bases }) => ({ name, bases })),
    owns: (pathname, method) => isControl(pathname) || hasRoute(app, pathname, method),
    async sessions() {
      const sessions = (await authority.list()).map(({ id, user, endedAt }) => ({
        id,
        user: user.username,
        tokens: [] as SessionSummary['tokens'],
        ...(endedAt === undefined ? {} : { endedAt }),
      }))
      const byId = new Map(sessions.map((session) => [session.id, session]))
      for (const [jti, { session, use, expiresAt }] of await authority.tokens()) {
        byId.get(session)?.tokens.push({ jti, use, expiresAt })
      }
      return sessions
    },
    async isLive(token) {
      const found = await authority.inspect(token)
      return found !== undefined && found.token.spentAt === undefined
    },
    rotateKeys: ({ keepOld = true } = {}) => authority.rotateKeys(keepOld),
    requests: traffic.list,
    outbox: outbox.list,
    setFaults: faults.set,
    faults: faults.list,
    advance: clock.advance,
    revokeAll: authority.revokeAll,
    async reset() {
      clock.reset()
      faults.set([])
      traffic.clear()
      outbox.clear()
      for (const system of systems) system.reset?.()
      await authority.reset()
    },
  }
  const controlApp = withJsonErrors(control(backend, now))
  return backend
}
