import { describe, expect, test } from 'vitest'
import { eclecticiq } from '../backends/eclecticiq.ts'
import { rest } from '../backends/rest.ts'
import { AuthError } from '../core/errors.ts'
import type { Faults, MockBackend } from '../mock/index.ts'
import { checkMock, type Defect, HOST, inBody, lineOf, linesOf, type Scene, type SystemName } from './fixture.ts'
import type { LineId, Subject } from './index.ts'

/** What must fail, what must warn, and what the first of the failures, or else of the warnings, must say. */
type Expected = readonly [fail: readonly LineId[], warn: readonly LineId[], says: RegExp]

async function expectLines(expected: Expected, name: SystemName, scene: Scene) {
  const { report, server } = await checkMock(name, scene)
  const [fail, warn, says] = expected
  expect({ fail: linesOf(report, 'fail'), warn: linesOf(report, 'warn') }).toEqual({ fail, warn })
  for (const { outcome, remedy } of report.lines) {
    expect(remedy === undefined).toBe(outcome !== 'fail' && outcome !== 'warn')
  }
  expect(lineOf(report, fail[0] ?? warn[0]!).detail).toMatch(says)
  expect(JSON.stringify(report)).not.toMatch(/bug#1|eyJ|not-the-password/)
  return { report, server }
}

const AUTH = `${HOST}/api/auth`

describe('with a fault of the mock, the line fails that it is about, and no other', () => {
  const left = ['left-behind'] as const
  const cases: [Faults, ...Expected][] = [
    [{ down: true }, ['sign-in'], left, /^POST .*\/api\/auth got no answer \(fetch failed\)/],
    [{ down: true, match: 'feeds' }, ['accepted'], [], /^GET .*\/api\/feeds\/ got no answer/],
    [{ down: true, match: 'refresh' }, ['refresh'], ['revoked-refresh'], /^POST .*refresh\/ got no answer/],
    [{ down: true, match: 'logout' }, ['revoke'], left, /^POST .*logout\/ got no answer/],
    [{ latency: 25_000 }, ['sign-in', 'wrong-password', 'refresh', 'revoke'], [], /25 s, and .* waits 20 s at most/],
    [{ latency: 9_000, match: 'refresh' }, ['refresh'], [], /after 9 s, and Stillhere waits 8 s at most/],
    [{ latency: 11_000, match: 'logout' }, ['revoke'], [], /after 11 s, and Stillhere waits 10 s at most/],
    [{ status: 500 }, ['sign-in'], [], /answered 500 .*: unreachable/],
    [{ status: 500, match: 'feeds' }, ['accepted'], [], /answered 500 to the token just given/],
    [{ status: 500, match: 'refresh' }, ['refresh'], ['revoked-refresh'], /answered 500 .*: unreachable/],
    [{ status: 500, match: 'logout' }, ['revoke'], left, /answered 500 .*: unreachable/],
    [{ status: 429, retryAfter: 30 }, ['sign-in'], [], /answered 429 with Retry-After: 30 .*: unreachable/],
    [{ status: 429, match: 'feeds' }, ['accepted'], [], /answered 429/],
    [{ status: 429, match: 'refresh' }, ['refresh'], ['revoked-refresh'], /answered 429/],
    [{ status: 429, match: 'logout' }, ['revoke'], left, /answered 429/],
    [{ status: 403 }, ['sign-in'], [], /answered 403 .*: malformed/],
    [{ status: 403, match: 'feeds' }, ['accepted'], [], /answered 403 to the token just given/],
    [{ status: 403, match: 'refresh' }, ['refresh'], ['revoked-refresh'], /answered 403 .*: malformed/],
    [{ status: 403, match: 'logout' }, ['revoke'], left, /answered 403 .*: malformed/],
    [{ status: 404, match: 'feeds' }, ['accepted'], [], /answered 404/],
    [{ loseAnswer: true }, ['sign-in'], left, /got no answer/],
    [{ loseAnswer: true, match: 'refresh' }, ['refresh'], ['revoked-refresh'], /got no answer/],
    [{ loseAnswer: true, match: 'logout' }, ['revoke'], left, /got no answer/],
    [{ clockSkew: 600_000 }, [], ['clock'], /T09:10:00Z, this machine .*T09:00:00Z: the server is 600 s ahead/],
    [{ clockSkew: -600_000 }, [], ['clock'], /the server is 600 s behind/],
    [{ malformed: 'json' }, ['sign-in'], left, /answered 200 .*: malformed \(".*"token" must be a text"\)/],
    [{ malformed: 'html' }, ['sign-in'], ['json', 'left-behind'], /: malformed/],
    [{ malformed: 'empty' }, ['sign-in'], left, /: malformed/],
    [{ malformed: 'shape' }, ['sign-in'], left, /: malformed/],
    [{ malformed: 'json', match: 'refresh' }, ['refresh'], [], /: malformed/],
    [{ malformed: 'html', match: 'refresh' }, ['refresh'], ['json'], /: malformed/],
    [{ malformed: 'empty', match: 'refresh' }, ['refresh'], [], /: malformed/],
    [{ malformed: 'shape', match: 'refresh' }, ['refresh'], [], /: malformed/],
  ]
  test.each(cases)('%j', async (fault, ...expected) => {
    await expectLines(expected, 'EclecticIQ', { before: (server) => server.setFaults(fault) })
  })

  test('a fault that goes away is seen once', async () => {
    const fault = { status: 500, match: 'refresh', times: 1 }
    await expectLines([['refresh'], [], /answered 500/], 'EclecticIQ', { before: (server) => server.setFaults(fault) })
  })
})

/** Lets something happen at the server just before the first request to a path. */
function meanwhile(path: string, event: (server: MockBackend) => Promise<unknown>): Defect {
  let happened = false
  return async (request, send, server) => {
    if (request.url.includes(path) && !happened) {
      happened = true
      await event(server)
    }
    return send(request)
  }
}

describe('when the server ends sessions meanwhile, what needs one fails', () => {
  const events = {
    'all sessions are revoked': (server: MockBackend) => server.revokeAll(),
    'its key is changed': (server: MockBackend) => server.rotateKeys({ keepOld: false }),
  }
  const cases: [string, ...Expected][] = [
    // The old token is refused as well: that the session is over is what both say.
    ['feeds', ['accepted', 'refresh', 'revoke'], [], /answered 401 to the token just given/],
    ['refresh', ['refresh', 'revoke'], [], /answered 401 .*: refused/],
    ['logout', ['revoke'], [], /answered 401 .*: refused/],
  ]
  for (const [name, event] of Object.entries(events)) {
    test.each(cases)(`${name} before the first request to %s`, async (path, ...expected) => {
      await expectLines(expected, 'EclecticIQ', { defect: meanwhile(path, event) })
    })
  }

  test('but not when the key is changed and the old one is kept', async () => {
    const { report } = await checkMock('EclecticIQ', { defect: meanwhile('feeds', (server) => server.rotateKeys()) })
    expect(linesOf(report, 'fail', 'warn')).toEqual([])
  })
})

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

const REVOKED = ['revoked-token', 'revoked-earlier', 'revoked-refresh'] as const

describe('with a defect of the server, exactly the lines fail that it is about', () => {
  const cases: [string, SystemName, () => Defect, ...Expected][] = [
    [
      'a sign-out that does nothing',
      'EclecticIQ',
      () => deafTo('/logout/'),
      REVOKED,
      [],
      /feeds\/ answered 200 after the sign-out/,
    ],
    ['a sign-out that does nothing', 'rest in the body', () => deafTo('/logout'), REVOKED, [], /\/me answered 200/],
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
      [],
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
      [],
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
      ['no-token'],
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

const toWrap =
  (change: (url: string, init: RequestInit) => [string, RequestInit]) => (fetch: typeof globalThis.fetch) =>
    eclecticiq({ baseUrl: `${HOST}/api`, fetch: (input, init) => fetch(...change(String(input), init!)) })

describe('with a defect of the adapter, exactly the lines fail that it is about', () => {
  const cases: [string, SystemName, Subject, ...Expected][] = [
    [
      'one that takes every status for a no',
      'rest in the body',
      (fetch) => rest({ ...inBody, fetch, signIn: { path: '/login', refusals: (status) => status >= 400 } }),
      ['error-kinds'],
      [],
      /404 → refused, not malformed; 429 → refused, not unreachable; 500 → refused/,
    ],
    [
      'one that promises more than the token',
      'rest in the body',
      (fetch) =>
        rest({
          ...inBody,
          fetch,
          answer: { ...inBody.answer, expires: { field: 'data.expiresIn', unit: 's-from-now' } },
        }),
      ['token-life'],
      [],
      /By the adapter it lives 900000 s, by exp − iat of the token itself 900 s/,
    ],
    [
      'one that would follow redirects',
      'EclecticIQ',
      toWrap((url, init) => [url, { ...init, redirect: 'follow' }]),
      ['redirects'],
      [],
      /^POST .*\/api\/auth would follow a redirect/,
    ],
    [
      'one that puts secrets into addresses',
      'EclecticIQ',
      toWrap((url, init) => [`${url}?password=${encodeURIComponent('bug#1')}`, init]),
      ['urls'],
      [],
      /^POST .*\/api\/auth\?… has a secret in it|^POST .*\/api\/auth has a secret in it/,
    ],
    [
      'one that repeats a secret in a message',
      'EclecticIQ',
      (fetch) => {
        const backend = eclecticiq({ baseUrl: `${HOST}/api`, fetch })
        return {
          ...backend,
          signIn: (credentials, call) =>
            backend.signIn(credentials, call).catch((error: AuthError) => {
              throw new AuthError(error.kind, `no ${credentials.password}`, { status: error.status ?? 0 })
            }),
        }
      },
      ['messages'],
      [],
      /^"no \[secret\]/,
    ],
    [
      'one that throws what is no AuthError',
      'EclecticIQ',
      (fetch) => {
        const backend = eclecticiq({ baseUrl: `${HOST}/api`, fetch })
        return {
          ...backend,
          signIn: (credentials, call) =>
            backend.signIn(credentials, call).catch(() => {
              throw new RangeError('out of range')
            }),
        }
      },
      ['wrong-password', 'error-kinds'],
      [],
      /answered 401 .*: the adapter threw RangeError, not an AuthError \("out of range"\)/,
    ],
    [
      'one that does not know a bad token',
      'EclecticIQ',
      (fetch) => ({ ...eclecticiq({ baseUrl: `${HOST}/api`, fetch }), refusesToken: () => false }),
      ['garbage-token', 'forged-token'],
      [],
      /answered 401 to a token of garbage, which the adapter does not take for a bad token/,
    ],
  ]
  test.each(cases)('%s (%s)', async (_, name, subject, ...expected) => {
    await expectLines(expected, name, { subject })
  })
})
