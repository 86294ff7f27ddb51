import { Hono } from 'hono'
import type { ApiTokens } from './api-tokens.ts'
import type { Authority, IssuedToken, TokenFacts } from './authority.ts'
import { invalidToken, requiredToken, unauthenticated } from './bearer.ts'
import { readJson } from './body.ts'
import { jsonRefusal, Problem } from './problem.ts'
import { checkedAccount, credentials, endPresented } from './sign-in.ts'
import type { System } from './system.ts'
import { findFeed, listContentBlocks, listFeeds } from './threat-data.ts'
import { timestamp } from './timestamp.ts'
import { askedTtl } from './ttl.ts'

type Parts = { authority: Authority; apiTokens: ApiTokens; now: () => number }

const SYSTEM = 'eclecticiq'

// As in the document's example: the times in the header, the user alone in the payload.
const layout = ({ jti, iat, exp, session }: TokenFacts) => ({
  header: { iat, exp, jti },
  payload: { user_id: session.user.userId },
})

// The document wants a trailing slash everywhere but at /auth, and leaves it out in its own example.
const eitherWay = (path: string) => [path, `${path}/`]

const wrongCredentials = () => unauthenticated('Login failed; invalid user name or password.')

const toGrant = ({ token, expiresAt }: IssuedToken) => ({ expires_at: timestamp(expiresAt), token })

/** EclecticIQ Intelligence Center, below the host and below `/api`: sign-in, refresh, sign-out, outgoing feeds. */
export function eclecticiq({ authority, apiTokens, now }: Parts): System {
  const app = new Hono()

  async function presentedSession(request: Request) {
    const session = await authority.verify(requiredToken(request), SYSTEM)
    if (!session) throw invalidToken()
    return session
  }

  async function authenticate(request: Request) {
    const token = requiredToken(request)
    // The session first: of what is signed no digest is needed.
    if (!(await authority.verify(token, SYSTEM)) && !(await apiTokens.has(token))) throw invalidToken()
  }

  app.post('/auth', async (c) => {
    const asked = askedTtl(c.req.raw)
    const body = await readJson(c.req.raw, credentials)
    const user = await checkedAccount(authority, body, wrongCredentials)
    await endPresented(authority, c.req.raw, SYSTEM)
    const issued = await authority.issue(await authority.open(user, SYSTEM, { asked }), layout)
    if (!issued) throw invalidToken()
    return c.json(toGrant(issued))
  })

  app.on('POST', eitherWay('/auth/refresh'), async (c) => {
    const issued = await authority.refresh(await presentedSession(c.req.raw), layout)
    if (!issued) throw invalidToken()
    return c.json(toGrant(issued))
  })

  app.on('POST', eitherWay('/auth/logout'), async (c) => {
    await authority.end(await presentedSession(c.req.raw))
    return c.body(null, 204)
  })

  app.on('GET', eitherWay('/feeds'), async (c) => {
    await authenticate(c.req.raw)
    const feeds = listFeeds(now())
    return c.json({ count: feeds.length, data: feeds })
  })

  // One pattern for both: the router takes none beside a word in its place.
  app.on('GET', eitherWay('/feeds/:path{(?:downloads/)?\\d+}'), async (c) => {
    await authenticate(c.req.raw)
    const [id, downloads] = c.req.param('path')!.split('/').reverse()
    const data = downloads ? await listContentBlocks(Number(id), now()) : findFeed(Number(id), now())
    if (!data) throw new Problem(404, 'There is no such feed.')
    return c.json(Array.isArray(data) ? { count: data.length, data } : { data })
  })

  return {
    name: SYSTEM,
    routes: app,
    // The documents show both.
    bases: ['/', '/api'],
    territory: /^(\/api)?\/(auth|feeds)(\/|$)/,
    refuse: (problem) => jsonRefusal(problem),
  }
}
