import { Hono } from 'hono'
import type { Authority, IssuedToken, TokenFacts } from './authority.ts'
import { invalidToken, requiredToken } from './bearer.ts'
import { readJson } from './body.ts'
import { problemDetails } from './dotnet.ts'
import { findIdentity, listBadges, listIdentities, listSites } from './identity-data.ts'
import { Problem } from './problem.ts'
import type { Session } from './sessions.ts'
import { checkedAccount, credentials, endPresented } from './sign-in.ts'
import type { System } from './system.ts'
import { askedTtl } from './ttl.ts'

type Parts = { authority: Authority; now: () => number }

const SYSTEM = 'econnect'

// As .NET's JwtSecurityTokenHandler writes them, of which the document shows the beginning.
const layout = ({ jti, iat, exp, session }: TokenFacts) => ({
  header: {},
  payload: { unique_name: session.user.username, jti, nbf: iat, exp, iat },
})

// The document has 400 here, and 401 for tokens alone.
const wrongCredentials = () => new Problem(400, 'Username or password is incorrect.')

/** eConnect Identities, with and without `/identities` before its paths: sign-in, renewal, persons and badges; it has no sign-out. */
export function econnect({ authority, now }: Parts): System {
  const app = new Hono().basePath('/api/v1')

  async function presentedSession(request: Request): Promise<Session> {
    const session = await authority.verify(requiredToken(request), SYSTEM)
    if (!session) throw invalidToken()
    return session
  }

  function toGrant(session: Session, issued: IssuedToken | undefined) {
    if (!issued) throw invalidToken()
    return { username: session.user.username, token: issued.token }
  }

  app.post('/authenticate', async (c) => {
    const asked = askedTtl(c.req.raw)
    const user = await checkedAccount(authority, await readJson(c.req.raw, credentials), wrongCredentials)
    await endPresented(authority, c.req.raw, SYSTEM)
    const session = await authority.open(user, SYSTEM, { asked })
    return c.json(toGrant(session, await authority.issue(session, layout)))
  })

  app.get('/renewToken', async (c) => {
    const session = await presentedSession(c.req.raw)
    return c.json(toGrant(session, await authority.refresh(session, layout)))
  })

  app.get('/identities', async (c) => {
    await presentedSession(c.req.raw)
    const siteId = c.req.query('siteId')
    if (siteId !== undefined && !/^\d{1,9}$/.test(siteId)) {
      throw new Problem(400, 'siteId must be the number of a site.', { field: 'siteId' })
    }
    return c.json(listIdentities(now(), siteId === undefined ? undefined : Number(siteId)))
  })

  app.get('/identities/:id{\\d+}', async (c) => {
    await presentedSession(c.req.raw)
    const identity = findIdentity(Number(c.req.param('id')), now())
    if (!identity) throw new Problem(404, 'There is no such identity.')
    return c.json(identity)
  })

  app.get('/badges', async (c) => {
    await presentedSession(c.req.raw)
    return c.json(listBadges())
  })

  app.get('/sites', async (c) => {
    await presentedSession(c.req.raw)
    return c.json(listSites())
  })

  return {
    name: SYSTEM,
    routes: app,
    bases: ['/', '/identities'],
    territory: /^\/identities(\/|$)|^\/api\/v1(\/|$)/,
    refuse: problemDetails,
  }
}
