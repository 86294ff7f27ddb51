import { Hono } from 'hono'
import { decodeJwt } from 'jose'
import type { Auth0Tenant } from './auth0.ts'
import type { Authority, TokenFacts } from './authority.ts'
import { presentedToken } from './bearer.ts'
import { fitting, readAnyJson } from './body.ts'
import { datarheiRefusal } from './datarhei-errors.ts'
import { Problem } from './problem.ts'
import { findProcess, listMetrics, listProcesses, serverConfig } from './process-data.ts'
import type { Session } from './sessions.ts'
import { checkedAccount, credentials } from './sign-in.ts'
import type { System } from './system.ts'
import { askedTtl } from './ttl.ts'
import type { Account } from './users.ts'

type Parts = {
  authority: Authority
  auth0: Auth0Tenant
  now: () => number
  sleep: (ms: number) => Promise<void>
  /** Milliseconds before a refused sign-in is answered. */
  refusalDelay: number
  /** Seconds that a refresh token lives. */
  refreshTtl: number
}

const SYSTEM = 'datarhei'

const ACCESS_LIFE_S = 600

const VERSION = { number: '16.16.0', arch: 'linux/amd64', compiler: 'go1.22.1' }

const layout =
  (sub: string) =>
  ({ jti, iat, exp, life, use }: TokenFacts) => ({
    header: {},
    payload: { exi: life, exp, iat, iss: 'datarhei-core', jti, sub, usefor: use },
  })

const invalid = () => new Problem(401, 'Missing or invalid JWT token')

const refusal = (reason: string) => new Problem(401, `Invalid authorization credentials: ${reason}`)

/** A configured delay in milliseconds; throws a RangeError below 0 and above a minute. */
export function readRefusalDelay(refusalDelay = 5000): number {
  if (refusalDelay >= 0 && refusalDelay <= 60_000) return refusalDelay
  throw new RangeError('refusalDelay: milliseconds, 0 to 60000')
}

/** datarhei Core: sign-in by password or with a token of the bundled Auth0 tenant, refresh, processes; it has no sign-out. */
export function datarhei({ authority, auth0, now, sleep, refusalDelay, refreshTtl }: Parts): System {
  const app = new Hono()
  const createdAt = now()

  async function presentedSession(request: Request, use = 'access'): Promise<Session> {
    const session = await authority.verify(presentedToken(request) ?? '', SYSTEM, use)
    if (!session) throw invalid()
    return session
  }

  /** Who a request signs in; the password comes first where a request brings both. */
  async function signingIn(request: Request): Promise<{ user: Account; sub: string }> {
    let body: { username: string; password: string } | undefined
    try {
      body = fitting(await readAnyJson(request), credentials)
    } catch (error) {
      // What is no pair of user name and password is taken as none.
      if (!(error instanceof Problem) || error.status !== 400) throw error
    }
    if (body) {
      const user = await checkedAccount(authority, body, () => refusal('invalid username or password'))
      return { user, sub: user.username }
    }
    const token = presentedToken(request)
    if (token === undefined) throw new Problem(400, 'Missing authorization credentials')
    const user = await auth0.accept(token)
    if (!user) {
      await authority.note('sign-in-refused')
      throw refusal('invalid token')
    }
    return { user, sub: auth0.subject(user) }
  }

  async function give(session: Session, sub: string, use: 'access' | 'refresh', issue = authority.issue) {
    const issued = await issue(session, layout(sub), use === 'refresh' ? { use, life: refreshTtl } : { use })
    if (!issued) throw invalid()
    return issued.token
  }

  app.post('/api/login', async (c) => {
    // Pages of other origins can not send the header here, Core's preflight does not allow it: for them the option `ttl` is left.
    const asked = Math.min(askedTtl(c.req.raw) ?? ACCESS_LIFE_S, ACCESS_LIFE_S)
    try {
      const { user, sub } = await signingIn(c.req.raw)
      const session = await authority.open(user, SYSTEM, { asked, documented: ACCESS_LIFE_S })
      return c.json({
        access_token: await give(session, sub, 'access'),
        refresh_token: await give(session, sub, 'refresh'),
      })
    } catch (error) {
      if (error instanceof Problem && (error.status === 400 || error.status === 401)) await sleep(refusalDelay)
      throw error
    }
  })

  app.get('/api/login/refresh', async (c) => {
    const session = await presentedSession(c.req.raw, 'refresh')
    const { sub } = decodeJwt(presentedToken(c.req.raw)!)
    return c.json({ access_token: await give(session, sub!, 'access', authority.refresh) })
  })

  app.on('GET', ['/api', '/api/'], async (c) => {
    const about = { app: 'datarhei-core', auths: ['localjwt', auth0.description] }
    const session = await authority.verify(presentedToken(c.req.raw) ?? '', SYSTEM)
    if (!session) return c.json({ ...about, version: { number: VERSION.number.split('.')[0] } })
    return c.json({
      ...about,
      name: 'stillhere-mock',
      id: '7e2c9f64-0f5e-4d0a-9d6b-2b1f6f1f3c10',
      created_at: new Date(createdAt).toISOString(),
      uptime_seconds: Math.max(0, Math.floor((now() - createdAt) / 1000)),
      version: VERSION,
    })
  })

  app.get('/api/v3/process', async (c) => {
    await presentedSession(c.req.raw)
    return c.json(listProcesses(now()))
  })

  app.get('/api/v3/process/:id', async (c) => {
    await presentedSession(c.req.raw)
    const process = findProcess(c.req.param('id'), now())
    if (!process) throw new Problem(404, `Unknown process ID: ${c.req.param('id')}`)
    return c.json(process)
  })

  app.get('/api/v3/process/:id/state', async (c) => {
    await presentedSession(c.req.raw)
    const process = findProcess(c.req.param('id'), now())
    if (!process) throw new Problem(404, `Unknown process ID: ${c.req.param('id')}`)
    return c.json(process.state)
  })

  app.get('/api/v3/config', async (c) => {
    await presentedSession(c.req.raw)
    return c.json(serverConfig(createdAt))
  })

  app.get('/api/v3/metrics', async (c) => {
    await presentedSession(c.req.raw)
    return c.json(listMetrics())
  })

  return {
    name: SYSTEM,
    routes: app,
    bases: ['/'],
    territory: /^\/api(\/?$|\/(login|v3)(\/|$))/,
    refuse: datarheiRefusal,
    // As observed on a running Core.
    crossOrigin: {
      anyOrigin: true,
      credentials: true,
      allowMethods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH'],
      allowHeaders: ['Origin', 'Content-Length', 'Content-Type', 'Authorization'],
      exposeHeaders: ['Content-Length'],
      maxAge: 86_400,
    },
  }
}
