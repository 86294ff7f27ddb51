import { Hono } from 'hono'
import * as v from 'valibot'
import type { Auth0Tenant } from './auth0.ts'
import type { Authority } from './authority.ts'
import { fitting, readAnyJson, readText } from './body.ts'
import { jsonRefusal, Problem } from './problem.ts'
import { checkedAccount, nameField, passwordField } from './sign-in.ts'
import type { System } from './system.ts'

type Parts = { authority: Authority; tenant: Auth0Tenant }

const text = v.optional(v.pipe(v.string('is not a text'), v.maxLength(1024, 'has more than 1024 characters')))

const tokenRequest = v.object({
  grant_type: text,
  client_id: text,
  username: v.optional(nameField),
  password: v.optional(passwordField),
  audience: text,
  scope: text,
})

// OAuth wants a form (RFC 6749 §4.3.2), Auth0 takes JSON as well.
async function readRequest(request: Request) {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers.get('content-type') ?? '')
  const body = isForm ? Object.fromEntries(new URLSearchParams(await readText(request))) : await readAnyJson(request)
  return fitting(body, tokenRequest)
}

const error = (status: 400 | 401 | 403, code: string, description: string) => new Problem(status, description, { code })

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw error(400, 'invalid_request', `Missing required parameter: ${name}`)
  return value
}

const codes: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'invalid_request',
  429: 'too_many_attempts',
}

/** A refusal as Auth0 and OAuth word it (RFC 6749 §5.2). */
function refuse(problem: Problem): Response {
  const description = problem.field === undefined ? problem.message : `${problem.field}: ${problem.message}`
  const code = problem.code ?? codes[problem.status] ?? 'server_error'
  return jsonRefusal(problem, { error: code, error_description: description })
}

/** The endpoints of the bundled Auth0 tenant, below `/auth0`: its public keys, and tokens by password. */
export function auth0({ authority, tenant }: Parts): System {
  const app = new Hono()

  app.get('/.well-known/jwks.json', async (c) => c.json(await tenant.jwks()))

  app.post('/oauth/token', async (c) => {
    const { grant_type, client_id, username, password, audience, scope = 'openid' } = await readRequest(c.req.raw)
    if (required(grant_type, 'grant_type') !== 'password') {
      throw error(403, 'unsupported_grant_type', `Unsupported grant type: ${grant_type}`)
    }
    if (required(client_id, 'client_id') !== tenant.clientId) throw error(401, 'access_denied', 'Unauthorized')
    const body = { username: required(username, 'username'), password: required(password, 'password') }
    if ((audience ?? tenant.audience) !== tenant.audience) {
      throw error(403, 'access_denied', `Service not found: ${audience}`)
    }
    const user = await checkedAccount(authority, body, () => error(403, 'invalid_grant', 'Wrong email or password.'))
    const access_token = await tenant.sign(user, scope)
    return c.json({ access_token, scope, expires_in: tenant.ttl, token_type: 'Bearer' })
  })

  return {
    // It goes where datarhei goes: no other system has to do with it.
    name: 'datarhei',
    routes: app,
    bases: ['/auth0'],
    territory: /^\/auth0(\/|$)/,
    refuse,
    reset: tenant.reset,
  }
}
