import { Hono } from 'hono'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { ALLOWED_HEADERS } from './app.ts'
import type { Authority, IssuedToken, TokenFacts } from './authority.ts'
import { invalidToken, requiredToken } from './bearer.ts'
import { readJson } from './body.ts'
import { hex, randomId, sha256 } from './bytes.ts'
import { listWallets, toCustomer } from './customer-data.ts'
import { eclipseRefusal } from './eclipse-errors.ts'
import type { Outbox } from './outbox.ts'
import { passwordChange } from './password-change.ts'
import { Problem } from './problem.ts'
import type { Session } from './sessions.ts'
import { checkedAccount, endPresented, nameField, passwordField } from './sign-in.ts'
import type { System } from './system.ts'
import { askedTtl } from './ttl.ts'
import type { Account } from './users.ts'

type Parts = {
  authority: Authority
  accounts: readonly Account[]
  outbox: Outbox
  now: () => number
  /** Whether a renewal must bring the header named by `csrfHeaderName`. */
  strictCsrf: boolean
}

const SYSTEM = 'eclipse'

// "typically 1 hour"
const LIFE_S = 3600

const CSRF_HEADER = 'renew-csrf'

const login = v.object({ identity: nameField, password: passwordField })

const presented = v.object({ jwt: v.pipe(v.string('is required'), v.minLength(1, 'is required')) })

const wrongCredentials = () => new Problem(401, 'Incorrect identity/password', { code: 'USR002' })

// Only the digest is in the token: who has read a token does not know what to send along with it.
const digest = async (csrfToken: string) => hex(await sha256(csrfToken))

/** Eclipse Conductor, below `/eclipse-conductor/rest/v1`: sign-in, renewal, sign-out, new passwords by PIN, customers. */
export function eclipse({ authority, accounts, outbox, now, strictCsrf }: Parts): System {
  const app = new Hono()
  const change = passwordChange({ authority, accounts, outbox, now })

  async function presentedSession(token: string): Promise<Session> {
    const session = await authority.verify(token, SYSTEM)
    if (!session) throw invalidToken()
    return session
  }

  /** The token of the header; throws a 400 if the body does not bring the same: which one is meant is not for us to guess. */
  async function sameToken(request: Request): Promise<{ session: Session; token: string }> {
    const token = requiredToken(request)
    const session = await presentedSession(token)
    const { jwt } = await readJson(request, presented)
    if (jwt !== token) throw new Problem(400, 'is not the token of the Authorization header', { field: 'jwt' })
    return { session, token }
  }

  async function grant(session: Session, give: typeof authority.issue) {
    const csrfToken = randomId()
    const csrf = await digest(csrfToken)
    const layout = ({ jti, iat, exp }: TokenFacts) => ({
      header: {},
      payload: {
        sub: session.user.username,
        uid: session.user.customerId,
        tenantId: session.user.tenantId,
        roles: session.user.roles,
        sessionId: session.id,
        jti,
        iat,
        exp,
        csrf,
      },
    })
    const issued: IssuedToken | undefined = await give(session, layout)
    if (!issued) throw invalidToken()
    return {
      headerName: 'Authorization',
      headerValue: `Bearer ${issued.token}`,
      sessionId: session.id,
      roles: session.user.roles,
      csrfHeaderName: CSRF_HEADER,
      csrfToken,
      expiresEpochSecs: issued.expiresAt / 1000,
    }
  }

  app.post('/authentication/login', async (c) => {
    const asked = askedTtl(c.req.raw)
    const { identity, password } = await readJson(c.req.raw, login)
    const user = await checkedAccount(authority, { username: identity, password }, wrongCredentials)
    await endPresented(authority, c.req.raw, SYSTEM)
    const session = await authority.open(user, SYSTEM, { asked, documented: LIFE_S })
    return c.json(await grant(session, authority.issue))
  })

  app.post('/authentication/renew', async (c) => {
    const { session, token } = await sameToken(c.req.raw)
    const csrfToken = c.req.header(CSRF_HEADER)
    // The document's own call brings none.
    const passes = csrfToken === undefined ? !strictCsrf : (await digest(csrfToken)) === decodeJwt(token).csrf
    if (!passes) throw new Problem(403, `${CSRF_HEADER} is not the csrfToken that came with this token`)
    return c.json(await grant(session, authority.refresh))
  })

  app.post('/authentication/logout', async (c) => {
    const { session } = await sameToken(c.req.raw)
    await authority.end(session)
    return c.body(null, 204)
  })

  app.route('/global/identities', change.routes)

  /** The customer of a path, for themselves and for a GLOBAL_ADMIN; throws a 403 for anyone else, whether there is one or not. */
  async function allowedCustomer(request: Request, tenantId: string, customerId: string): Promise<Account> {
    const { user } = await presentedSession(requiredToken(request))
    const isAdmin = user.roles.includes('GLOBAL_ADMIN')
    if (!isAdmin && (user.customerId !== customerId || user.tenantId !== tenantId)) {
      throw new Problem(403, 'Not allowed to see this customer')
    }
    const account = accounts.find((one) => one.customerId === customerId && one.tenantId === tenantId)
    if (!account) throw new Problem(404, 'There is no such customer')
    return account
  }

  app.get('/tenants/:tenantId/customers/:customerId', async (c) =>
    c.json(toCustomer(await allowedCustomer(c.req.raw, c.req.param('tenantId'), c.req.param('customerId')))),
  )

  app.get('/tenants/:tenantId/customers/:customerId/wallets', async (c) =>
    c.json(listWallets(await allowedCustomer(c.req.raw, c.req.param('tenantId'), c.req.param('customerId')), now())),
  )

  return {
    name: SYSTEM,
    routes: app,
    bases: ['/eclipse-conductor/rest/v1'],
    territory: /^\/eclipse-conductor(\/|$)/,
    refuse: eclipseRefusal,
    crossOrigin: { allowHeaders: [...ALLOWED_HEADERS, CSRF_HEADER] },
    reset: change.reset,
  }
}
