import { describe, expect, test } from 'vitest'
import { ANALYST, checkMock, type Defect, HOST, linesOf, type SystemName } from './fixture.ts'
import { type Expected, expectLines } from './fixture-expected.ts'
import type { LineId } from './index.ts'

const AUTH = `${HOST}/api/auth`

/** Answers to a path otherwise than the server did. */
const instead =
  (path: string, change: (answer: Response, request: Request, body: string) => Promise<Response> | Response): Defect =>
  async (request, send) => {
    const body = await request.clone().text()
    const answer = await send(request)
    return new URL(request.url).pathname.endsWith(path) && request.method !== 'OPTIONS'
      ? change(answer, request, body)
      : answer
  }

/** The same answer with another status and JSON. */
const as = ({ headers }: Response, status: number, body: unknown = {}) => {
  const kept = new Headers(headers)
  kept.delete('content-length')
  return new Response(JSON.stringify(body), { status, headers: kept })
}

const refusedAs = (path: string, status: number, body?: unknown): Defect =>
  instead(path, (answer) => (answer.status === 401 ? as(answer, status, body) : answer))

const without = (...names: string[]): Defect =>
  instead('', (answer) => {
    for (const name of names) answer.headers.delete(name)
    return answer
  })

/** As if the server did not hear of sign-outs at all. */
const deafTo =
  (path: string): Defect =>
  async (request, send) => {
    if (!new URL(request.url).pathname.endsWith(path) || request.method === 'OPTIONS') return send(request)
    return new Response(null, { status: 204, headers: { 'access-control-allow-origin': 'https://app.example' } })
  }

const bearerOf = (request: Request) => request.headers.get('authorization')?.slice('Bearer '.length) ?? ''

/** A server that takes a token to one path although it should not. */
const lenient = (path: string, takes: (token: string) => boolean): Defect =>
  instead(path, (answer, request) => (answer.status === 401 && takes(bearerOf(request)) ? as(answer, 200) : answer))

/** A server at which tokens die in its own way: `kill` is shown each request and tells which are dead from then on. */
function deadly(door: string, kill: (request: Request, body: string, seen: string[]) => string[]): () => Defect {
  return () => {
    const seen: string[] = []
    const dead = new Set<string>()
    return async (request, send, server) => {
      const body = await request.clone().text()
      const isSignOut = request.url.includes('logout') && request.method === 'POST'
      const isDead = dead.has(bearerOf(request))
      const answer = isSignOut ? await deafTo('')(request, send, server) : await send(request)
      if (request.method === 'OPTIONS') return answer
      seen.push(bearerOf(request))
      for (const token of kill(request, body, seen)) dead.add(token)
      return isDead && new URL(request.url).pathname.endsWith(door) ? as(answer, 401) : answer
    }
  }
}

/** What can not be told where a refusal is not known as one. */
const UNTOLD: readonly LineId[] = ['revoked-token', 'revoked-earlier', 'revoke-with-old', 'end-kept', 'left-behind']
const REVOKED = ['revoked-token', 'revoked-earlier', 'revoked-refresh'] as const

describe('with a defect of the server, exactly the lines fail that it is about', () => {
  const cases: [string, SystemName, () => Defect, ...Expected][] = [
    [
      'a sign-out that does nothing',
      'EclecticIQ',
      () => deafTo('/logout/'),
      REVOKED,
      ['left-behind'],
      /feeds\/ answered 200 after the sign-out/,
    ],
    [
      'a sign-out that does nothing',
      'rest in the body',
      () => deafTo('/logout'),
      REVOKED,
      ['left-behind'],
      /\/me answered 200/,
    ],
    [
      'a sign-out that ends no token but the one it is sent',
      'EclecticIQ',
      deadly('/', (request) => (request.url.includes('logout') ? [bearerOf(request)] : [])),
      ['revoked-earlier'],
      ['left-behind'],
      /feeds\/ answered 200 after the sign-out/,
    ],
    [
      'a sign-out that leaves the refresh token alive',
      'rest in the body',
      deadly('/me', (request, _, seen) => (request.url.includes('logout') ? [...seen] : [])),
      ['revoked-refresh'],
      ['left-behind'],
      /refresh answered 200 .* after the sign-out: the session can be brought back/,
    ],
    [
      'a refresh whose token does not work',
      'EclecticIQ',
      () => {
        const given = new Set<string>()
        return async (request, send) => {
          const answer = await send(request)
          if (request.url.endsWith('/refresh/') && answer.ok && request.method === 'POST')
            given.add((await answer.clone().json()).token)
          return request.url.endsWith('/feeds/') && given.has(bearerOf(request)) ? as(answer, 401) : answer
        }
      },
      ['refresh-accepted'],
      [],
      /feeds\/ answered 401 to the token of the refresh/,
    ],
    [
      'a refresh that answers the same token',
      'EclecticIQ',
      () =>
        instead('/refresh/', async (answer, request) =>
          answer.ok ? as(answer, 200, { ...(await answer.json()), token: bearerOf(request) }) : answer,
        ),
      ['refresh-new-token', 'refresh-later-end'],
      [],
      /refresh\/ answered 200 .* with the same token as before/,
    ],
    [
      'a token accepted after its end',
      'EclecticIQ',
      () => {
        const live = new Set<string>()
        const isOver = (token: string) => live.has(token)
        const door = lenient('/feeds/', isOver)
        return async (request, send, server) => {
          const answer = await door(request, send, server)
          const isSignOut = request.url.includes('logout')
          if (request.url.endsWith('/feeds/') && answer.ok) live.add(bearerOf(request))
          if (isSignOut) live.clear()
          return answer
        }
      },
      ['end-kept'],
      [],
      /feeds\/ answered 200 1 s after its end/,
    ],
    [
      'a token refused before its end',
      'EclecticIQ',
      () =>
        instead('/feeds/', (answer, request) => {
          if (!answer.ok) return answer
          const { exp } = JSON.parse(atob(bearerOf(request).split('.')[0]!))
          const left = exp * 1_000 - Date.parse(answer.headers.get('date')!)
          return left < 30_000 ? as(answer, 401) : answer
        }),
      ['early-refusal'],
      [],
      /feeds\/ answered 401 2 s before the told end: the app would send tokens that are dead/,
    ],
    [
      'a refresh that answers for another person',
      'EclecticIQ',
      () => async (request, send) => {
        const answer = await send(request)
        if (!request.url.includes('refresh') || request.method === 'OPTIONS' || !answer.ok) return answer
        const body = JSON.stringify({ username: 'lead@example.com', password: 'bug#2' })
        return as(answer, 200, await (await send(new Request(AUTH, { method: 'POST', body }))).json())
      },
      // Signing out as the other leaves the session of the first alone.
      ['refresh-user', 'revoked-earlier'],
      ['left-behind'],
      /for another person than the one who signed in/,
    ],
    [
      'a wrong password answered by 200 with garbage',
      'EclecticIQ',
      () => refusedAs('/auth', 200, { ok: false }),
      ['wrong-password'],
      [],
      /auth answered 200 .*: malformed .* People would be told that the server failed/,
    ],
    [
      'any password accepted',
      'EclecticIQ',
      () => async (request, send) => {
        const body = await request.clone().text()
        const isSignIn = request.url === AUTH && body.startsWith('{"username"')
        return send(isSignIn ? new Request(request, { body: JSON.stringify(ANALYST) }) : request)
      },
      ['wrong-password'],
      [],
      /^A wrong password signed in: POST .*\/auth answered 200/,
    ],
    [
      'a wrong password answered by 500',
      'EclecticIQ',
      () => refusedAs('/auth', 500),
      ['wrong-password'],
      [],
      /answered 500 .*: unreachable/,
    ],
    [
      'a wrong password answered by 403',
      'EclecticIQ',
      () => refusedAs('/auth', 403),
      ['wrong-password'],
      [],
      /answered 403 .*: malformed/,
    ],
    [
      'a wrong password answered by 429',
      'EclecticIQ',
      () => refusedAs('/auth', 429),
      [],
      ['wrong-password'],
      /answered 429/,
    ],
    [
      'a path that takes any token',
      'EclecticIQ',
      () => lenient('/feeds/', (token) => token !== ''),
      ['garbage-token', 'forged-token', 'revoked-token', 'revoked-earlier', 'end-kept'],
      ['left-behind'],
      /feeds\/ answered 200 to a token of garbage: it was accepted/,
    ],
    [
      'a path that takes tokens whatever their signature',
      'EclecticIQ',
      () => {
        const signed = new Map<string, string>()
        const unsigned = (token: string) => token.slice(0, token.lastIndexOf('.'))
        const isForged = (token: string) => signed.has(unsigned(token)) && signed.get(unsigned(token)) !== token
        const door = lenient('/feeds/', isForged)
        return async (request, send, server) => {
          const answer = await door(request, send, server)
          const token = bearerOf(request)
          if (answer.ok && !isForged(token)) signed.set(unsigned(token), token)
          return answer
        }
      },
      ['forged-token'],
      [],
      /to a forged token: it was accepted/,
    ],
    [
      'a path that takes tokens that say they need no signature',
      'EclecticIQ',
      () => lenient('/feeds/', (token) => token.endsWith('.') && atob(token.split('.')[0]!).includes('"none"')),
      ['forged-token'],
      [],
      /to a forged token: it was accepted/,
    ],
    [
      'a path that nobody protects',
      'EclecticIQ',
      () => lenient('/feeds/', (token) => token === ''),
      ['no-token'],
      [],
      /answered 200 without a token: it is not protected/,
    ],
    [
      'a path that answers a bad token by 403',
      'EclecticIQ',
      () => refusedAs('/feeds/', 403),
      ['garbage-token', 'forged-token'],
      ['no-token', ...UNTOLD],
      /answered 403 to a token of garbage, which the adapter does not take for a bad token/,
    ],
    [
      'no CORS headers at all',
      'EclecticIQ',
      () => without('access-control-allow-origin', 'access-control-expose-headers'),
      [],
      ['cors-sign-in', 'cors-refresh', 'cors-probe', 'cors-sign-out'],
      /^From https:\/\/app.example: Access-Control-Allow-Origin is not there/,
    ],
    [
      'a preflight that does not allow Authorization',
      'EclecticIQ',
      () => async (request, send) => {
        const answer = await send(request)
        if (request.method === 'OPTIONS') answer.headers.set('access-control-allow-headers', 'Content-Type, *')
        return answer
      },
      [],
      ['cors-refresh', 'cors-probe', 'cors-sign-out'],
      /Access-Control-Allow-Headers lacks authorization/,
    ],
    [
      'CORS without credentials for a cookie',
      'rest in a cookie',
      () => without('access-control-allow-credentials'),
      [],
      ['refresh-end', 'cors-sign-in', 'cors-refresh', 'cors-sign-out'],
      /Not told/,
    ],
    [
      'headers that pages can not read',
      'EclecticIQ',
      () => without('access-control-expose-headers'),
      [],
      ['cors-expose'],
      /lacks Date, Retry-After, WWW-Authenticate/,
    ],
    [
      'a redirect with the token',
      'EclecticIQ',
      () =>
        instead('/auth', async (answer) => {
          if (!answer.ok) return answer
          const { token } = await answer.json()
          return new Response(null, { status: 302, headers: { location: `https://other.example/in?token=${token}` } })
        }),
      ['sign-in', 'redirects'],
      ['left-behind'],
      /auth answered 302 to https:\/\/other\.example\/in\?… after/,
    ],
    [
      'a redirect of the refresh',
      'EclecticIQ',
      () =>
        instead(
          '/refresh/',
          ({ headers }) =>
            new Response(null, { status: 308, headers: { ...Object.fromEntries(headers), location: '/api/refresh' } }),
        ),
      ['refresh', 'redirects'],
      ['revoked-refresh'],
      /refresh\/ answered 308 to https:\/\/auth\.example\/api\/refresh/,
    ],
    [
      'a password repeated in an error',
      'EclecticIQ',
      () => instead('/auth', (answer, _, body) => (answer.ok ? answer : as(answer, answer.status, { got: body }))),
      ['echo'],
      [],
      /auth answered 401 with a secret that was sent to it/,
    ],
    [
      'a token repeated in an error',
      'Eclipse',
      () =>
        instead('/logout', (answer, request) =>
          answer.ok ? answer : as(answer, 401, [{ code: 'AUT001', description: bearerOf(request) }]),
        ),
      ['echo'],
      [],
      /logout answered 401 with a secret/,
    ],
    [
      'answers with tokens that may be stored',
      'EclecticIQ',
      () => without('cache-control'),
      [],
      ['no-store'],
      /auth answered 200 without it/,
    ],
    [
      'answers with tokens that are no JSON by their type',
      'EclecticIQ',
      () => without('content-type'),
      [],
      ['json'],
      /auth answered 200 as nothing/,
    ],
    [
      'a second sign-out answered by 500',
      'EclecticIQ',
      () => refusedAs('/logout/', 500),
      [],
      ['revoke-twice'],
      /answered 500 .*: unreachable/,
    ],
    [
      'half a JSON answered by 500',
      'EclecticIQ',
      () => instead('/auth', (answer) => (answer.status === 400 ? as(answer, 500) : answer)),
      [],
      ['bad-request'],
      /answered 500 to half a JSON/,
    ],
    ['no Date', 'EclecticIQ', () => without('date'), [], ['clock'], /no Date that can be read/],
    [
      'a cookie that scripts can read',
      'rest in a cookie',
      () =>
        instead('', (answer) => {
          const cookies = answer.headers.getSetCookie()
          answer.headers.delete('set-cookie')
          for (const one of cookies) answer.headers.append('set-cookie', one.replace('; HttpOnly', ''))
          return answer
        }),
      [],
      ['refresh-end', 'cookies'],
      /Not told/,
    ],
  ]
  test.each(cases)('%s (%s)', async (_, name, defect, ...expected) => {
    await expectLines(expected, name, { defect: defect() })
  })
})

test('a server that puts secrets into headers, addresses and errors can not get them into a report', async () => {
  const { report } = await checkMock('rest in the body', {
    credentials: { username: ANALYST.username, password: 'opaque-secret-of-the-person' },
    mock: { users: [{ userId: 7, username: ANALYST.username, password: 'opaque-secret-of-the-person' }] },
    defect: async (request, send) => {
      const body = await request.clone().text()
      const answer = await send(request)
      const secret = JSON.parse(body || '{}').password ?? (bearerOf(request) || 'none')
      const path = new URL(request.url).pathname
      if (path.endsWith('/logout')) return new Response(null, { status: 307, headers: { location: `/at/${secret}/x` } })
      answer.headers.set('content-type', `text/${secret}`)
      answer.headers.set('access-control-allow-origin', secret)
      answer.headers.set('retry-after', secret)
      answer.headers.set('www-authenticate', secret)
      answer.headers.append('set-cookie', `${secret}=${secret}`)
      return answer.ok ? answer : as(answer, answer.status, { secret, body })
    },
  })
  expect(linesOf(report, 'fail', 'warn')).toEqual(expect.arrayContaining(['echo', 'cors-sign-in', 'json', 'cookies']))
  expect(JSON.stringify(report)).toContain('[secret]')
  expect(JSON.stringify(report)).not.toMatch(/opaque-secret|eyJ|not-the-password/)
})
