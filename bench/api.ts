import type { Handler } from './pages.ts'

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

export interface ApiOptions {
  /** Life of an access token: ms. */
  readonly ttl: number
  /** How long a refresh takes: ms. */
  readonly latency?: number
}

/** What was asked of the API since `reset`. */
export interface Asked {
  refreshes: number
  refused: number
  items: number
  unauthorized: number
}

export interface Api {
  readonly handle: Handler
  readonly asked: Asked
  reset(): void
  /** Lets time pass for the API. */
  pass(ms: number): void
}

/** A login API as most have it: a JWT, and a refresh token that a refresh replaces and that is good for one. */
export function createApi({ ttl, latency = 30 }: ApiOptions): Api {
  const asked: Asked = { refreshes: 0, refused: 0, items: 0, unauthorized: 0 }
  let passed = 0
  let count = 0
  let valid = { access: '', refresh: '', until: 0 }
  const now = () => Date.now() + passed

  function grant() {
    count++
    const until = now() + ttl
    const claims = {
      sub: 'u1',
      name: 'Analyst',
      iat: Math.floor(now() / 1000),
      exp: Math.floor(until / 1000),
      jti: count,
    }
    valid = { access: `${base64({ alg: 'none' })}.${base64(claims)}.c2ln`, refresh: `refresh-${count}`, until }
    return { accessToken: valid.access, refreshToken: valid.refresh, expiresIn: ttl }
  }

  const handle: Handler = (request, response, body) => {
    const answer = (status: number, content: unknown = {}) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        date: new Date(now()).toUTCString(),
      })
      response.end(JSON.stringify(content))
    }
    switch (request.url) {
      case '/api/login':
        return answer(200, grant())
      case '/api/refresh': {
        asked.refreshes++
        const { refreshToken } = JSON.parse(body) as { refreshToken: string }
        if (refreshToken !== valid.refresh) {
          asked.refused++
          return answer(401)
        }
        const granted = grant()
        return setTimeout(() => answer(200, granted), latency)
      }
      case '/api/logout':
        valid = { access: '', refresh: '', until: 0 }
        return answer(204)
      case '/api/items': {
        asked.items++
        const isValid = request.headers.authorization === `Bearer ${valid.access}` && now() < valid.until
        if (!isValid) asked.unauthorized++
        return answer(isValid ? 200 : 401, [])
      }
      default:
        return answer(404)
    }
  }
  return {
    handle,
    asked,
    reset: () => Object.assign(asked, { refreshes: 0, refused: 0, items: 0, unauthorized: 0 }),
    pass: (ms) => {
      passed += ms
    },
  }
}
