import type { makeBackend } from './fixture.ts'

export type Call = ReturnType<typeof makeBackend>['call']

/** One kind of token, and a request that shows it. */
export type Door = {
  name: string
  system: keyof typeof words
  /** Where the token goes: what is white space around it in a header or a cookie is part of it in a body. */
  carrier: 'header' | 'body' | 'cookie'
  token: (call: Call) => Promise<string>
  knock: (call: Call, token: string) => Promise<Response>
}

const ECLIPSE = '/eclipse-conductor/rest/v1'

export const ANALYST = { username: 'analyst@example.com', password: 'bug#1' }
const IDENTITY = { identity: ANALYST.username, password: ANALYST.password }

/** The request for a token of the bundled Auth0 tenant. */
export const tokenRequest = { grant_type: 'password', client_id: 'stillhere-mock', ...ANALYST }

// biome-ignore lint/suspicious/noExplicitAny: each system answers in a shape of its own.
type Answer = any

const signIn =
  (path: string, body: object, pick: (answer: Answer, headers: Headers) => string) =>
  async (call: Call): Promise<string> => {
    const response = await call('POST', path, { body })
    return pick(await response.json(), response.headers)
  }

const bearer =
  (method: string, path: string, body?: (token: string) => object) =>
  (call: Call, token: string): Promise<Response> =>
    call(method, path, { token, ...(body ? { body: body(token) } : {}) })

const inBody = (path: string) => (call: Call, refreshToken: string) => call('POST', path, { body: { refreshToken } })

const inCookie = (path: string) => (call: Call, token: string) =>
  call('POST', path, { headers: { Cookie: `rest-refresh=${token}` } })

/** Whether a refusal is in the shape of its system, and says the status where the shape has a place for it. */
export const words = {
  eclecticiq: (body: Answer, status: number) => body.status === status && typeof body.detail === 'string',
  econnect: (body: Answer, status: number) => body.status === status && typeof body.traceId === 'string',
  eclipse: (body: Answer) => Array.isArray(body) && typeof body[0].traceId === 'string',
  datarhei: (body: Answer, status: number) => body.code === status && Array.isArray(body.details),
  auth0: (body: Answer) => typeof body.error === 'string' && typeof body.error_description === 'string',
  rest: (body: Answer) => typeof body.error.message === 'string',
  control: (body: Answer, status: number) => body.status === status && typeof body.detail === 'string',
}

/** The status of an answer, and after it `in other words` if it is a refusal that does not read like its system's. */
export async function outcome(system: keyof typeof words, response: Response): Promise<number | string> {
  if (response.status < 400) return response.status
  const text = await response.text()
  try {
    if (words[system](JSON.parse(text), response.status)) return response.status
  } catch {
    // Told below.
  }
  return `${response.status} in other words: ${text.slice(0, 200)}`
}

const accessToken = {
  eclecticiq: signIn('/auth', ANALYST, ({ token }) => token),
  econnect: signIn('/identities/api/v1/authenticate', ANALYST, ({ token }) => token),
  eclipse: signIn(`${ECLIPSE}/authentication/login`, IDENTITY, ({ headerValue }) => headerValue.slice(7)),
  datarhei: signIn('/api/login', ANALYST, (answer) => answer.access_token),
  rest: signIn('/rest/login', ANALYST, ({ data }) => data.accessToken),
}

const refreshToken = {
  datarhei: signIn('/api/login', ANALYST, (answer) => answer.refresh_token),
  rest: signIn('/rest/login', ANALYST, ({ data }) => data.refreshToken),
  cookie: signIn(
    '/rest/cookie/login',
    ANALYST,
    (_, headers) => /^rest-refresh=([^;]+)/.exec(headers.get('Set-Cookie')!)![1]!,
  ),
}

const auth0Token = signIn('/auth0/oauth/token', tokenRequest, (answer) => answer.access_token)

/** Ways to get one of each token that there is, by what each is called. */
export const allTokens: Record<string, Door['token']> = {
  'access token of eclecticiq': accessToken.eclecticiq,
  'access token of econnect': accessToken.econnect,
  'access token of eclipse': accessToken.eclipse,
  'access token of datarhei': accessToken.datarhei,
  'access token of rest': accessToken.rest,
  'refresh token of datarhei': refreshToken.datarhei,
  'refresh token of rest': refreshToken.rest,
  'token of auth0': auth0Token,
}

const jwt = (token: string) => ({ jwt: token })

/** Every route that takes a token, but the one that answers 200 whatever it is given (RFC 7009 §2.2). */
export const doors: readonly Door[] = [
  ...[bearer('GET', '/feeds/'), bearer('POST', '/auth/refresh/'), bearer('POST', '/api/auth/logout')].map(
    (knock, i) => ({
      name: `access token of eclecticiq, ${['to read', 'to refresh', 'to sign out'][i]}`,
      system: 'eclecticiq' as const,
      carrier: 'header' as const,
      token: accessToken.eclecticiq,
      knock,
    }),
  ),
  ...[bearer('GET', '/api/v1/badges'), bearer('GET', '/identities/api/v1/renewToken')].map((knock, i) => ({
    name: `access token of econnect, ${['to read', 'to renew'][i]}`,
    system: 'econnect' as const,
    carrier: 'header' as const,
    token: accessToken.econnect,
    knock,
  })),
  ...[
    bearer('GET', `${ECLIPSE}/tenants/1/customers/100007`),
    bearer('POST', `${ECLIPSE}/authentication/renew`, jwt),
    bearer('POST', `${ECLIPSE}/authentication/logout`, jwt),
  ].map((knock, i) => ({
    name: `access token of eclipse, ${['to read', 'to renew', 'to sign out'][i]}`,
    system: 'eclipse' as const,
    carrier: 'header' as const,
    token: accessToken.eclipse,
    knock,
  })),
  {
    name: 'access token of datarhei, to read',
    system: 'datarhei',
    carrier: 'header',
    token: accessToken.datarhei,
    knock: bearer('GET', '/api/v3/process'),
  },
  {
    name: 'refresh token of datarhei, to refresh',
    system: 'datarhei',
    carrier: 'header',
    token: refreshToken.datarhei,
    knock: bearer('GET', '/api/login/refresh'),
  },
  {
    name: 'token of auth0, to sign in at datarhei',
    system: 'datarhei',
    carrier: 'header',
    token: auth0Token,
    knock: bearer('POST', '/api/login'),
  },
  {
    name: 'access token of rest, to read',
    system: 'rest',
    carrier: 'header',
    token: accessToken.rest,
    knock: bearer('GET', '/rest/me'),
  },
  ...['refresh', 'logout'].map((path) => ({
    name: `refresh token of rest, at ${path}`,
    system: 'rest' as const,
    carrier: 'body' as const,
    token: refreshToken.rest,
    knock: inBody(`/rest/${path}`),
  })),
  ...['refresh', 'logout'].map((path) => ({
    name: `refresh token of rest, as a cookie at ${path}`,
    system: 'rest' as const,
    carrier: 'cookie' as const,
    token: refreshToken.cookie,
    knock: inCookie(`/rest/cookie/${path}`),
  })),
]
