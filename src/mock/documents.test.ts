import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import { runShell } from './fixture-shell.ts'
import { demoUsers } from './index.ts'

// Each document's examples as they are printed there, in their order; a reader's part is the host, the names and the tokens.

const [{ username, password }] = demoUsers as [(typeof demoUsers)[0]]

function makeReader(options = {}) {
  const made = makeBackend(options)
  return {
    ...made,
    sh: (script: string, variables: Record<string, string> = {}) => runShell(made.backend.fetch, script, variables),
  }
}

/** A value with every text, number and flag in it replaced by its type. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
}

describe('EclecticIQ Intelligence Center, "About token-based authentication"', () => {
  const AUTH = `
# Authenticate with username and password
curl -X POST \\
    -H "Content-Type: application/json" \\
    -d '{"username": "[email protected]", "password": "bug#1"}' \\
    --url https://\${platform_host}/auth
`
  const FEED = `
# Example: request a complete list of content blocks belonging to the selected feed
curl -X GET \\
    -v \\
    --insecure \\
    -i \\
    -H "Content-Type: application/json" \\
    -H "Authorization:Bearer eyJhbGciOiJU ... wiZ1oxNTEwaTIyNDcwfQ.eyJ1c2VyX2lk1jo3fQ.3o65E263hSGf4od5o4eoME2GRF-CnYJvaVg69YTq9HU" \\
    --url https://\${platform_host}/feeds/downloads/200
`
  const DOCUMENTED = {
    expires_at: '2019-07-14T12:41:10.063375+00:00',
    token: 'eyJhbGciOiJU ... wiZ1oxNTEwaTIyNDcwfQ.eyJ1c2VyX2lk1jo3fQ.3o65E263hSGf4od5o4eoME2GRF-CnYJvaVg69YTq9HU',
  }

  test.each(['tip.example.com', 'tip.example.com/api'])(
    'signs in and lists the blocks of a feed at %s',
    async (host) => {
      const { sh } = makeReader()
      const signedIn = await sh(AUTH.replace('[email protected]', username), { platform_host: host })
      expect(signedIn.answers[0]!.status).toBe(200)
      const grant = JSON.parse(signedIn.stdout)
      expect(shapeOf(grant)).toEqual(shapeOf(DOCUMENTED))
      expect(grant.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)
      expect(decodeJwt(grant.token)).toEqual({ user_id: 7 })

      const listed = await sh(FEED.replace(DOCUMENTED.token, grant.token), { platform_host: host })
      expect(listed.stdout).toMatch(/^HTTP\/1\.1 200\r\n/)
      const { count, data } = await listed.answers[0]!.json()
      expect(data).toHaveLength(count)
      expect(data[0].feed_id).toBe(200)
    },
  )

  test('the other edition of the document has the same calls, with another name for the host', async () => {
    const { sh } = makeReader()
    const script = AUTH.replace('[email protected]', username).replaceAll('platform_host', 'intelligence_center_host')
    const { answers } = await sh(script, { intelligence_center_host: 'ic.example.com' })
    expect(answers[0]!.status).toBe(200)
  })

  test('the request as its table has it, with Accept and /api', async () => {
    const { call } = makeReader()
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
    const body = `{ "username": "${username}", "password": "${password}" }`
    expect(shapeOf(await (await call('POST', '/api/auth', { headers, body })).json())).toEqual(shapeOf(DOCUMENTED))
  })
})

describe('eConnect Identities, "Authentication"', () => {
  const SCRIPT = String.raw`
# Define variables
API_URL="https://customername.econnectcloud.com/identities"
USERNAME="your_username"
PASSWORD="your_password"

# Authenticate and capture the JWT from the "token" field
TOKEN=$(curl -sk -X POST "$API_URL/api/v1/authenticate" \
-H "Content-Type: application/json" \
-d "{\"username\": \"$USERNAME\", \"password\": \"$PASSWORD\"}" | jq -r '.token')

echo "$TOKEN"
# Use $TOKEN as: -H "Authorization: Bearer $TOKEN" on subsequent requests
`
  const DOCUMENTED = {
    username: 'your_username',
    token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1bmlxdWVfbmFtZSI6...',
  }
  const mine = SCRIPT.replace('your_username', username).replace('your_password', password)

  test.each(['/identities', ''])('at a base that ends in %j the script prints a token that works on', async (path) => {
    const { sh, call } = makeReader()
    const script = mine.replace('/identities"', `${path}"`)
    const { stdout, answers, variables } = await sh(script)
    expect(answers[0]!.status).toBe(200)
    expect(shapeOf(await answers[0]!.json())).toEqual(shapeOf(DOCUMENTED))
    expect(stdout).toBe(`${variables.TOKEN}\n`)
    // As the document's own begins: `{"alg":"HS256","typ":"JWT"}`, and `{"unique_name":`.
    expect(variables.TOKEN!.split('.')[1]).toMatch(/^eyJ1bmlxdWVfbmFtZSI6/)
    expect(decodeProtectedHeader(variables.TOKEN!)).toMatchObject({ alg: 'HS256', typ: 'JWT' })

    const subsequent = await sh(`${script}\ncurl -sk "$API_URL/api/v1/identities" -H "Authorization: Bearer $TOKEN"`)
    expect(subsequent.answers[1]!.status).toBe(200)
    expect((await call('GET', '/api/v1/identities')).status).toBe(401)
  })

  test('a still valid token is renewed for a fresh one', async () => {
    const { sh, pass } = makeReader()
    const first = (await sh(mine)).variables.TOKEN!
    pass(60_000)
    const { answers } = await sh('curl -sk "$API_URL/api/v1/renewToken" -H "Authorization: Bearer $TOKEN"', {
      API_URL: 'https://customername.econnectcloud.com/identities',
      TOKEN: first,
    })
    expect(answers[0]!.status).toBe(200)
    const renewed = await answers[0]!.json()
    expect(shapeOf(renewed)).toEqual(shapeOf(DOCUMENTED))
    expect(decodeJwt(renewed.token).exp! - decodeJwt(first).exp!).toBe(60)
  })

  test('answers with its table of response codes', async () => {
    const { sh, pass } = makeReader()
    const statusOf = async (script: string, TOKEN = '') =>
      (await sh(script, { TOKEN, API_URL: 'https://e.example/identities' })).answers[0]!.status
    const renew = 'curl -sk "$API_URL/api/v1/renewToken" -H "Authorization: Bearer $TOKEN"'
    expect(await statusOf(mine)).toBe(200)
    expect(await statusOf(SCRIPT.replace('your_username', username))).toBe(400)
    expect(await statusOf(SCRIPT)).toBe(400)
    expect(await statusOf('curl -sk "$API_URL/api/v1/renewToken"')).toBe(401)
    expect(await statusOf(renew, 'garbage')).toBe(401)
    const { TOKEN } = (await sh(mine)).variables
    pass(1800_000)
    expect(await statusOf(renew, TOKEN)).toBe(401)
  })
})

describe('Eclipse Conductor, "Authentication"', () => {
  const BASE_URL = 'https://eclipse.example'
  const DOCUMENTED = {
    headerName: 'Authorization',
    headerValue: 'Bearer 24634...',
    sessionId: 'abc123-session-id',
    roles: ['GLOBAL_ADMIN'],
    csrfHeaderName: 'renew-csrf',
    csrfToken: '352435',
    expiresEpochSecs: 1774277221,
  }
  const FAILED = [
    {
      type: 'BUSINESS',
      severity: 'LOW',
      description: 'Incorrect identity/password',
      code: 'USR002',
      traceId: '2d4c74754749c038fdb4149ae6100219',
      spanId: '71b4672cbf575634',
      environment: 'eclipse-java-sandbox',
    },
  ]

  /** Sends an endpoint, headers and a body as the document prints them. */
  function send(fetch: typeof globalThis.fetch, endpoint: string, headers: string, body: string) {
    const [method, url] = endpoint.trim().split(' ') as [string, string]
    const lines = headers.trim().split('\n').filter(Boolean)
    return fetch(url.replace('{baseUrl}', BASE_URL), {
      method,
      headers: lines.map((line) => line.split(': ') as [string, string]),
      body,
    })
  }

  const LOGIN = 'POST {baseUrl}/eclipse-conductor/rest/v1/authentication/login'
  const RENEW = 'POST {baseUrl}/eclipse-conductor/rest/v1/authentication/renew'
  const LOGOUT = 'POST {baseUrl}/eclipse-conductor/rest/v1/authentication/logout'
  const INIT = 'POST {baseUrl}/eclipse-conductor/rest/v1/global/identities/{identity}/password-change-init'
  const CHANGE = 'POST {baseUrl}/eclipse-conductor/rest/v1/global/identities/{identity}/password-change'
  const JSON_HEADER = 'Content-Type: application/json'
  const CREDENTIALS = `{
  "identity": "username",
  "password": "user_password"
}`
  const JWT_BODY = `{
  "jwt": "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9..."
}`
  const withJwt = (jwt: string) => JWT_BODY.replace('eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9...', jwt)
  const mine = CREDENTIALS.replace('user_password', password).replace('"username"', `"${username}"`)
  const jwtOf = (grant: typeof DOCUMENTED) => grant.headerValue.replace('Bearer ', '')

  async function signedIn(options = {}) {
    const made = makeReader(options)
    const answer = await send(made.backend.fetch, LOGIN, JSON_HEADER, mine)
    return { ...made, answer, grant: (await answer.json()) as typeof DOCUMENTED }
  }

  test('1. initial login', async () => {
    const { answer, grant } = await signedIn()
    expect(answer.status).toBe(200)
    expect(shapeOf(grant)).toEqual(shapeOf(DOCUMENTED))
    expect(grant).toMatchObject({ headerName: 'Authorization', csrfHeaderName: 'renew-csrf', roles: ['GLOBAL_ADMIN'] })
    expect(grant.headerValue).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
    expect(decodeJwt(jwtOf(grant))).toMatchObject({ exp: grant.expiresEpochSecs, uid: '100007' })
  })

  test('1. failed response', async () => {
    const { backend } = makeReader()
    const answer = await send(backend.fetch, LOGIN, JSON_HEADER, CREDENTIALS)
    expect(answer.status).toBe(401)
    const [error, ...others] = await answer.json()
    expect(others).toEqual([])
    expect(Object.keys(error)).toEqual(Object.keys(FAILED[0]!))
    const { traceId, spanId, environment, ...said } = FAILED[0]!
    expect(error).toMatchObject(said)
    expect([error.traceId, error.spanId]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{16}$/),
    ])
    expect([traceId.length, spanId.length, typeof error.environment]).toEqual([32, 16, typeof environment])
  })

  test('2. using the token, by the example as it is written', async () => {
    const example = `
const response = await fetch(
  \`https://{baseUrl}/eclipse-conductor/rest/v1/tenants/{tenantId}/customers/{customerId}\`,
  {
    method: "GET",
    headers: {
      "Authorization": \`Bearer \${jwtToken}\`,
      "Content-Type": "application/json",
    },
  }
);
`
    const { backend, grant } = await signedIn()
    const { uid, tenantId } = decodeJwt(jwtOf(grant))
    const code = example
      .replace('{baseUrl}', 'eclipse.example')
      .replace('{tenantId}', String(tenantId))
      .replace('{customerId}', String(uid))
    const run = new Function('fetch', 'jwtToken', `return (async () => { ${code} return response })()`)
    const response: Response = await run(backend.fetch, jwtOf(grant))
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ customerId: uid, tenantId })
    expect((await run(backend.fetch, 'eyJ.eyJ.x')).status).toBe(401)
  })

  test('4. token renewal', async () => {
    const { backend, grant, pass } = await signedIn()
    pass(1800_000)
    const headers = `${JSON_HEADER}\nAuthorization: Bearer {current_jwt_token}`
    const answer = await send(
      backend.fetch,
      RENEW,
      headers.replace('{current_jwt_token}', jwtOf(grant)),
      withJwt(jwtOf(grant)),
    )
    expect(answer.status).toBe(200)
    const renewed = await answer.json()
    expect(shapeOf(renewed)).toEqual(shapeOf(DOCUMENTED))
    expect(renewed.expiresEpochSecs - grant.expiresEpochSecs).toBe(1800)
    expect(renewed.sessionId).toBe(grant.sessionId)
  })

  test('6. logout', async () => {
    const { backend, grant } = await signedIn()
    const headers = `${JSON_HEADER}\nAuthorization: Bearer {jwt_token}`.replace('{jwt_token}', jwtOf(grant))
    expect((await send(backend.fetch, LOGOUT, headers, withJwt(jwtOf(grant)))).ok).toBe(true)
    expect(await backend.isLive(jwtOf(grant))).toBe(false)
    expect((await send(backend.fetch, RENEW, headers, withJwt(jwtOf(grant)))).status).toBe(401)
  })

  test('7. password change by one-time PIN, and the new password signs in', async () => {
    const { backend } = makeReader()
    const initial = await send(backend.fetch, INIT.replace('{identity}', username), '', '{\n  "type": "OTP"\n}')
    expect(initial.ok).toBe(true)
    const { pin, to } = backend.outbox()[0]!
    expect(to).toMatch(/^\+\d+$/)
    const body = `{
  "hash": "otp_received_via_sms",
  "password": "new_password"
}`.replace('otp_received_via_sms', pin)
    expect((await send(backend.fetch, CHANGE.replace('{identity}', username), '', body)).ok).toBe(true)
    expect((await send(backend.fetch, LOGIN, JSON_HEADER, mine)).status).toBe(401)
    expect((await send(backend.fetch, LOGIN, JSON_HEADER, mine.replace(password, 'new_password'))).status).toBe(200)
  })
})

describe('datarhei Core, "Login"', () => {
  const LOGIN = String.raw`curl http://127.0.0.1:8080/api/login \
   -H 'accept: application/json' \
   -H 'Content-Type: application/json' \
   -X POST \
   -d '{
         "username": "YOUR_USERNAME",
         "password": "YOUR_PASSWORD"
      }'`
  const ABOUT = String.raw`curl http://127.0.0.1:8080/api/ \
   -H 'accept: application/json' \
   -H 'Content-Type: application/json' \
   -H 'Authorization: Bearer eyJz93a...k4laUWw' \
   -X GET`
  const AUTH0 = String.raw`curl http://127.0.0.1:8080/api/login \
   -H 'accept: application/json' \
   -H 'Content-Type: application/json' \
   -H 'Authorization: Bearer eyJz93a...k4laUWw' \
   -X POST`
  const REFRESH = String.raw`curl http://127.0.0.1:8080/api/login/refresh \
   -H 'accept: application/json' \
   -H 'Content-Type: application/json' \
   -H 'Authorization: Bearer eyJz93a...k4laUWx' \
   -X GET`
  const REFRESH_TOKEN =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleGkiOjg2NDAwLCJleHAiOjE2NzA1Mjc2MjUsImlhdCI6MTY3MDQ0MTIyNSwiaXNzIjoiZGF0YXJoZWktY29yZSIsImp0aSI6IjczM2Q4Y2UxLTY3YjEtNDM3Yy04YzQ1LTM3Yjg4MmZjMWExZiIsInN1YiI6ImFkbWluIiwidXNlZm9yIjoicmVmcmVzaCJ9.3lqZFJeN7ILfM4DTi0-ZJ7kAzqTMR-yRgRl3o89O-jY'
  const ACCESS_TOKEN =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleGkiOjYwMCwiZXhwIjoxNjcwNDQxODI1LCJpYXQiOjE2NzA0NDEyMjUsImlzcyI6ImRhdGFyaGVpLWNvcmUiLCJqdGkiOiJhZWU4OTZhNS05ZThhLTRlMGQtYjk4Zi01NTA3NTUwNzA2YzUiLCJzdWIiOiJhZG1pbiIsInVzZWZvciI6ImFjY2VzcyJ9.xrnIfNZU9Z0nrUxYddpPQOMO7ypHA2vuqrYuAr95elg'
  const DOCUMENTED = { access_token: 'eyJz93a...k4laUWw', refresh_token: 'eyJz93a...k4laUWx' }

  // The user of the document's own tokens, and of its generated examples.
  const users = [
    { userId: 1, username: 'admin', password: 'datarhei' },
    { userId: 2, username: 'text', password: 'text' },
  ]
  // At the moment at which the document's own tokens were made.
  const makeCore = () => makeReader({ users, now: () => 1_670_441_225_000 })
  const mine = LOGIN.replace('YOUR_USERNAME', 'admin').replace('YOUR_PASSWORD', 'datarhei')
  const timeless = (token: string) => ({ ...decodeJwt(token), jti: 'any' })

  test('username/password login, then the access token, then the refresh token', async () => {
    const { sh } = makeCore()
    const grant = JSON.parse((await sh(mine)).stdout)
    expect(shapeOf(grant)).toEqual(shapeOf(DOCUMENTED))

    const about = JSON.parse((await sh(ABOUT.replace(DOCUMENTED.access_token, grant.access_token))).stdout)
    expect(about).toMatchObject({ app: 'datarhei-core', name: 'stillhere-mock', uptime_seconds: 0 })

    const refreshed = JSON.parse((await sh(REFRESH.replace(DOCUMENTED.refresh_token, grant.refresh_token))).stdout)
    expect(shapeOf(refreshed)).toEqual({ access_token: 'string' })
  })

  test("its tokens say what the document's own tokens say, in the same order", async () => {
    const { sh } = makeCore()
    const grant = JSON.parse((await sh(mine)).stdout)
    const theirRefresh = REFRESH.replace(DOCUMENTED.refresh_token, grant.refresh_token)
    const { access_token } = JSON.parse((await sh(theirRefresh)).stdout)
    for (const [ours, theirs] of [
      [grant.access_token, ACCESS_TOKEN],
      [grant.refresh_token, REFRESH_TOKEN],
      [access_token, ACCESS_TOKEN],
    ]) {
      expect(JSON.stringify(timeless(ours))).toBe(JSON.stringify(timeless(theirs)))
      expect(decodeJwt(ours).jti).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    }
  })

  test("the document's own refresh token was signed by another", async () => {
    const { sh } = makeCore()
    const { answers } = await sh(REFRESH.replace(DOCUMENTED.refresh_token, REFRESH_TOKEN))
    expect([answers[0]!.status, await answers[0]!.json()]).toEqual([
      401,
      { code: 401, message: 'Unauthorized', details: ['Missing or invalid JWT token'] },
    ])
  })

  test('Auth0 login, with a token of the bundled tenant', async () => {
    const { sh, call } = makeCore()
    const body = { grant_type: 'password', client_id: 'stillhere-mock', username: 'admin', password: 'datarhei' }
    const { access_token } = await (await call('POST', '/auth0/oauth/token', { body })).json()
    const grant = JSON.parse((await sh(AUTH0.replace(DOCUMENTED.access_token, access_token))).stdout)
    expect(shapeOf(grant)).toEqual(shapeOf(DOCUMENTED))
    const { answers } = await sh(ABOUT.replace(DOCUMENTED.access_token, grant.access_token))
    expect(await answers[0]!.json()).toHaveProperty('uptime_seconds')
  })

  /** Sends an HTTP message as the document prints it; its host, `api`, is where the API lives. */
  function send(fetch: typeof globalThis.fetch, message: string) {
    const [head, body] = message.trim().split('\n\n') as [string, string | undefined]
    const [start, ...lines] = head.split('\n') as [string, ...string[]]
    const [method, path] = start.split(' ') as [string, string]
    const headers = lines
      .filter((line) => !line.startsWith('Host: '))
      .map((line) => line.split(': ') as [string, string])
    return fetch(`http://127.0.0.1:8080/api${path}`, { method, headers, ...(body ? { body } : {}) })
  }

  test('the generated examples of its reference', async () => {
    const { backend } = makeCore()
    const signedIn = await send(
      backend.fetch,
      `
POST /login HTTP/1.1
Host: api
Authorization: YOUR_API_KEY
Content-Type: application/json
Accept: */*
Content-Length: 37

{
  "password": "text",
  "username": "text"
}`,
    )
    expect(signedIn.status).toBe(200)
    const grant = await signedIn.json()
    expect(shapeOf(grant)).toEqual({ access_token: 'string', refresh_token: 'string' })

    const message = `
GET /login/refresh HTTP/1.1
Host: api
Authorization: YOUR_API_KEY
Accept: */*
`
    const refreshed = await send(backend.fetch, message.replace('YOUR_API_KEY', `Bearer ${grant.refresh_token}`))
    expect(shapeOf(await refreshed.json())).toEqual({ access_token: 'string' })
    expect((await send(backend.fetch, message)).status).toBe(401)
  })
})
