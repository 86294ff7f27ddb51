import { type Context, Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import * as v from 'valibot'
import type { Authority } from './authority.ts'
import { invalidToken, requiredToken, unauthenticated } from './bearer.ts'
import { readJson, readText } from './body.ts'
import { listOrders } from './order-data.ts'
import { isAllowedOrigin } from './origins.ts'
import { jsonRefusal, Problem } from './problem.ts'
import { ACCESS_LIFE, createRestTokens, type Grant, SYSTEM } from './rest-tokens.ts'
import { checkedAccount, credentials, endPresented } from './sign-in.ts'
import type { System } from './system.ts'
import { askedTtl } from './ttl.ts'
import type { Account } from './users.ts'

type Parts = {
  authority: Authority
  now: () => number
  /** Seconds in which a spent refresh token works once more. */
  refreshGrace: number
  /** Seconds after a sign-in at which its last refresh token ends. */
  refreshTtl: number
  origins?: readonly string[] | undefined
}

// What a retry after a lost answer may take; longer, and a thief has the grace too.
const MAX_GRACE = 60

const COOKIE = 'rest-refresh'
const COOKIE_PATH = '/rest/cookie'

const CODES: Record<number, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  429: 'too_many_attempts',
  503: 'unavailable',
}

const refreshBody = v.nullish(v.object({ refreshToken: v.optional(v.string()) }), {})

const refuse = (problem: Problem) => {
  const { code = CODES[problem.status] ?? 'failed', message, field } = problem
  return jsonRefusal(problem, { error: { code, message, ...(field === undefined ? {} : { field }) } })
}

function coded(code: string, problem: Problem): Problem {
  problem.code = code
  return problem
}

const wrongCredentials = () => coded('invalid_credentials', unauthenticated('Wrong user name or password.'))
const badToken = () => coded('invalid_token', invalidToken())

const toUser = ({ userId, displayName, roles }: Account) => ({ id: userId, name: displayName, roles })

/** Sets or, without a token, removes the cookie; `Secure` on https alone, as not every browser keeps such a cookie of http://localhost. */
function cookie(request: Request, token = '', seconds = 0): string {
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
  return `${COOKIE}=${token}; Path=${COOKIE_PATH}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`
}

/**
 * A JWT API of no system in particular below `/rest`: tokens in a nested `data`, ends in milliseconds from now, refresh
 * tokens that work once, in the body or, below `/rest/cookie`, in an httpOnly cookie; a page itself can not see cookies,
 * so that those routes need a server.
 */
export function rest({ authority, now, refreshGrace, refreshTtl, origins }: Parts): System {
  if (!(refreshGrace >= 0 && refreshGrace <= MAX_GRACE)) throw new RangeError(`refreshGrace: 0 to ${MAX_GRACE} seconds`)
  const tokens = createRestTokens(authority, refreshGrace * 1000, refreshTtl)
  const app = new Hono()

  async function signIn(request: Request): Promise<Grant> {
    const asked = askedTtl(request)
    const user = await checkedAccount(authority, await readJson(request, credentials), wrongCredentials)
    await endPresented(authority, request, SYSTEM)
    const grant = await tokens.grant(await authority.open(user, SYSTEM, { asked, documented: ACCESS_LIFE }))
    if (!grant) throw badToken()
    return grant
  }

  async function signOut(refreshToken: string): Promise<void> {
    const presented = await tokens.inspect(refreshToken, 'refresh')
    if (!presented) throw badToken()
    await authority.end(presented.session)
  }

  async function presentedUser(request: Request): Promise<Account> {
    const presented = await tokens.inspect(requiredToken(request), 'access')
    if (!presented) throw badToken()
    return presented.session.user
  }

  async function refreshTokenOf(request: Request): Promise<string> {
    const { refreshToken } = await readJson(request, refreshBody)
    if (refreshToken === undefined) throw unauthenticated('The body has no refreshToken.')
    return refreshToken
  }

  const accessData = ({ access, user }: Grant) => ({
    accessToken: access.token,
    expiresIn: access.expiresAt - now(),
    user: toUser(user),
  })
  const bothData = (grant: Grant) => ({ data: { ...accessData(grant), refreshToken: grant.renewal.token } })

  app.post('/login', async (c) => c.json(bothData(await signIn(c.req.raw))))

  app.post('/refresh', async (c) => {
    const grant = await tokens.rotate(await refreshTokenOf(c.req.raw))
    if (!grant) throw badToken()
    return c.json(bothData(grant))
  })

  app.post('/logout', async (c) => {
    await signOut(await refreshTokenOf(c.req.raw))
    return c.body(null, 204)
  })

  // RFC 7009 §2.2: 200 whatever the token is, which it tells nothing of; without one the request is none (RFC 6749 §5.2).
  app.post('/revoke', async (c) => {
    const token = new URLSearchParams(await readText(c.req.raw)).get('token')
    if (token === null) throw new Problem(400, 'is required', { field: 'token', code: 'invalid_request' })
    const presented = await tokens.inspect(token)
    if (presented) await authority.end(presented.session)
    return c.body(null, 200)
  })

  app.get('/me', async (c) => c.json({ data: toUser(await presentedUser(c.req.raw)) }))

  app.get('/orders', async (c) => {
    await presentedUser(c.req.raw)
    return c.json({ data: listOrders(now()) })
  })

  // Browsers send Origin with every POST, and the cookie along without being asked.
  app.use('/cookie/*', async (c, next) => {
    const origin = c.req.header('origin')
    if (origin !== undefined && origin !== new URL(c.req.url).origin && !isAllowedOrigin(origin, origins)) {
      throw coded('foreign_origin', new Problem(403, 'This origin may not use the cookie.'))
    }
    await next()
  })

  function cookieOf(c: Context): string {
    const token = getCookie(c, COOKIE)
    if (!token) throw unauthenticated('There is no refresh cookie.')
    return token
  }

  function withCookie(c: Context, grant: Grant) {
    const seconds = Math.max(1, Math.ceil((grant.renewal.expiresAt - now()) / 1000))
    c.header('Set-Cookie', cookie(c.req.raw, grant.renewal.token, seconds))
    return c.json({ data: accessData(grant) })
  }

  function refusedCookie(request: Request): Problem {
    const problem = badToken()
    problem.headers = { ...problem.headers, 'Set-Cookie': cookie(request) }
    return problem
  }

  app.post('/cookie/login', async (c) => {
    const grant = await signIn(c.req.raw)
    const replaced = await tokens.inspect(getCookie(c, COOKIE) ?? '', 'refresh')
    if (replaced) await authority.end(replaced.session)
    return withCookie(c, grant)
  })

  app.post('/cookie/refresh', async (c) => {
    const grant = await tokens.rotate(cookieOf(c))
    if (!grant) throw refusedCookie(c.req.raw)
    return withCookie(c, grant)
  })

  app.post('/cookie/logout', async (c) => {
    const presented = await tokens.inspect(cookieOf(c), 'refresh')
    if (!presented) throw refusedCookie(c.req.raw)
    await authority.end(presented.session)
    c.header('Set-Cookie', cookie(c.req.raw))
    return c.body(null, 204)
  })

  return {
    name: SYSTEM,
    routes: app,
    bases: ['/rest'],
    territory: /^\/rest(\/|$)/,
    refuse,
    crossOrigin: { credentials: true },
  }
}
