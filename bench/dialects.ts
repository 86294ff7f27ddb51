import type { IncomingMessage } from 'node:http'
import type { Handler } from './pages.ts'

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What was asked of the server since it was last read. */
export interface Asked {
  readonly refreshes: number
  /** With a refresh token that was used before, or never given. */
  readonly refused: number
  /** Requests with an access token whose refresh token is good for nothing any more. */
  readonly outdated: number
}

/** How often a refresh token is taken: once, or as the servers of Supabase and SuperTokens do it with their defaults. */
export type Reuse = 'never' | 'gotrue' | 'supertokens'

interface Granted {
  readonly access: string
  readonly refresh: string
  /** Seconds. */
  readonly life: number
  /** Epoch seconds. */
  readonly expires: number
}

/** Answers with what was granted, or a refusal where nothing was. */
type Tell = (granted: Granted | null) => { status: number; headers?: Record<string, string>; body?: unknown }

export interface RotatingServer {
  readonly handle: Handler
  read(): Asked
  /** Lets time pass for the server. */
  pass(ms: number): void
}

const SIMPLE: Tell = (granted) =>
  granted
    ? {
        status: 200,
        body: { accessToken: granted.access, refreshToken: granted.refresh, expiresIn: granted.life * 1_000 },
      }
    : { status: 401 }

// RFC 6749 §§ 5.1 and 5.2.
const OAUTH: Tell = (granted) =>
  granted
    ? {
        status: 200,
        body: {
          access_token: granted.access,
          refresh_token: granted.refresh,
          token_type: 'Bearer',
          expires_in: granted.life,
          expires_at: granted.expires,
          user: { id: 'u1', aud: 'authenticated', email: 'analyst@example.com' },
        },
      }
    : {
        status: 400,
        body: {
          error: 'invalid_grant',
          code: 'refresh_token_already_used',
          msg: 'Invalid Refresh Token: Already Used',
        },
      }

const SUPERTOKENS: Tell = (granted) =>
  granted
    ? {
        status: 200,
        headers: {
          'st-access-token': granted.access,
          'st-refresh-token': granted.refresh,
          'front-token': Buffer.from(JSON.stringify({ uid: 'u1', ate: granted.expires * 1_000, up: {} })).toString(
            'base64',
          ),
        },
        body: { status: 'OK' },
      }
    : { status: 401, body: { message: 'token theft detected' } }

const bearer = ({ headers }: IncomingMessage) => headers.authorization?.replace(/^Bearer /, '')
const isPasswordGrant = (url: URL, body: string) => /grant_type=password/.test(url.search + body)

const NOTHING_ASKED: Asked = { refreshes: 0, refused: 0, outdated: 0 }
/** For so long GoTrue takes a refresh token again that was replaced: ms. */
const GOTRUE_REUSE = 10_000

export interface RotatingOptions {
  /** Of an access token: ms. */
  readonly life: number
  /** How long a refresh takes: ms. */
  readonly latency: number
  readonly reuse?: Reuse
}

/**
 * One server in the dialects of those that are measured: a refresh replaces the refresh token, and the old one is good for
 * nothing any more (RFC 9700 § 4.14.2). An access token is good until its end.
 */
export function createRotatingServer({ life, latency, reuse = 'never' }: RotatingOptions): RotatingServer {
  let passed = 0
  let count = 0
  let rotations = 0
  let current = ''
  let parent = ''
  let asked = { ...NOTHING_ASKED }
  /** Given, and neither they nor their access tokens were seen since: until one is, SuperTokens takes the one before. */
  const unseen = new Set<string>()
  const given = new Map<string, { readonly refresh: string; readonly until: number }>()
  const replacedAt = new Map<string, number>()
  const now = () => Date.now() + passed

  function grant(refresh = current): Granted {
    count++
    const seconds = life / 1_000
    const issued = Math.floor(now() / 1_000)
    const claims = { sub: 'u1', aud: 'authenticated', iat: issued, exp: issued + seconds, jti: String(count) }
    const access = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64(claims)}.c2lnbmF0dXJl`
    given.set(access, { refresh, until: (issued + seconds) * 1_000 })
    return { access, refresh, life: seconds, expires: issued + seconds }
  }

  function rotate(replaced: string): Granted {
    rotations++
    const next = `refresh-${rotations}`
    if (reuse === 'supertokens' && replaced) {
      unseen.add(next)
      return grant(next)
    }
    replacedAt.set(current, now())
    parent = replaced
    current = next
    return grant()
  }

  function see(refresh: string): void {
    if (!unseen.has(refresh)) return
    current = refresh
    unseen.clear()
  }

  function refresh(token = ''): Granted | null {
    asked.refreshes++
    see(token)
    if (token && token === current) return rotate(token)
    if (token && reuse === 'gotrue') {
      // Whoever comes with the one before is taken for one whom the answer did not reach.
      if (token === parent) return grant()
      if (now() - (replacedAt.get(token) ?? -Infinity) <= GOTRUE_REUSE) return rotate(token)
    }
    asked.refused++
    return null
  }

  function signIn(): Granted {
    unseen.clear()
    return rotate('')
  }

  function isGood(access = ''): boolean {
    const { refresh, until } = given.get(access) ?? { refresh: '', until: 0 }
    see(refresh)
    if (refresh !== current) asked.outdated++
    return now() < until
  }

  const handle: Handler = (request, response, body) => {
    const url = new URL(request.url!, 'http://localhost')
    const send = (tell: Tell, granted: Granted | null, wait = 0) => {
      const { status, headers, body = {} } = tell(granted)
      setTimeout(() => {
        response.writeHead(status, {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          date: new Date(now()).toUTCString(),
          ...headers,
        })
        response.end(JSON.stringify(body))
      }, wait)
    }
    const json = () => JSON.parse(body || '{}') as Record<string, string>
    switch (url.pathname) {
      case '/api/login':
        return send(SIMPLE, signIn())
      case '/api/refresh':
        return send(SIMPLE, refresh(json().refreshToken), latency)
      case '/oidc/token':
        return isPasswordGrant(url, body)
          ? send(OAUTH, signIn())
          : send(OAUTH, refresh(new URLSearchParams(body).get('refresh_token') ?? undefined), latency)
      case '/auth/v1/token':
        return isPasswordGrant(url, body) ? send(OAUTH, signIn()) : send(OAUTH, refresh(json().refresh_token), latency)
      case '/auth/signin':
        return send(SUPERTOKENS, signIn())
      case '/auth/session/refresh':
        return send(SUPERTOKENS, refresh(bearer(request)), latency)
      case '/api/items':
        return send(() => ({ status: isGood(bearer(request)) ? 200 : 401, body: [] }), null)
      default:
        return send(() => ({ status: 404 }), null)
    }
  }
  return {
    handle,
    read() {
      const read = asked
      asked = { ...NOTHING_ASKED }
      return read
    },
    pass(ms) {
      passed += ms
    },
  }
}
