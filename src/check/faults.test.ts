import { describe, expect, test } from 'vitest'
import type { Faults, MockBackend } from '../mock/index.ts'
import { checkMock, type Defect, linesOf, type SystemName } from './fixture.ts'
import { type Expected, expectLines } from './fixture-expected.ts'
import type { LineId } from './index.ts'

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

describe('an endpoint that is out of order fails its own line, whichever system it is', () => {
  const warned: LineId[] = ['revoked-refresh']
  const cookie: LineId[] = ['refresh-end']
  const cases: [SystemName, match: string, ...Expected][] = [
    ['eConnect', 'authenticate', ['sign-in'], [], /authenticate answered 500/],
    ['eConnect', 'renewToken', ['refresh'], [], /renewToken answered 500/],
    ['eConnect', 'badges', ['accepted'], [], /badges answered 500/],
    ['Eclipse', 'login', ['sign-in'], [], /login answered 500/],
    ['Eclipse', 'renew', ['refresh'], warned, /renew answered 500/],
    ['Eclipse', 'logout', ['revoke'], ['left-behind'], /logout answered 500/],
    ['Eclipse', 'customers', ['accepted'], [], /customers\/100007 answered 500/],
    ['datarhei', 'login', ['sign-in'], [], /login answered 500/],
    ['datarhei', 'refresh', ['refresh'], ['cors-expose'], /refresh answered 500/],
    ['datarhei', 'process', ['accepted'], ['cors-expose'], /process answered 500/],
    ['rest in the body', 'login', ['sign-in'], [], /login answered 500/],
    ['rest in the body', 'refresh', ['refresh'], warned, /refresh answered 500/],
    ['rest in the body', 'logout', ['revoke'], ['left-behind'], /logout answered 500/],
    ['rest in the body', '/me', ['accepted'], ['left-behind'], /me answered 500/],
    ['rest in a cookie', 'login', ['sign-in'], [], /login answered 500/],
    ['rest in a cookie', 'refresh', ['refresh'], [...cookie, ...warned], /refresh answered 500/],
    ['rest in a cookie', 'logout', ['revoke'], [...cookie, 'left-behind'], /logout answered 500/],
    ['rest in a cookie', '/me', ['accepted'], [...cookie, 'left-behind'], /me answered 500/],
  ]
  test.each(cases)('%s: %s', async (name, match, ...expected) => {
    await expectLines(expected, name, { before: (server) => server.setFaults({ status: 500, match }) })
  })

  test('and a limit of the session that leaves no refresh a life of its own is seen', async () => {
    const expected = [['refresh-later-end'], [], /^It ends when the one before did/] as const
    await expectLines(expected, 'Eclipse', { mock: { sessionLimit: 900 } })
  })

  test('and a sign-in that is refused only after 25 s is seen', async () => {
    const expected = [
      ['wrong-password'],
      ['cors-expose'],
      /answered 401 after 25 s: refused, and .* 20 s at most/,
    ] as const
    await expectLines(expected, 'datarhei', { mock: { refusalDelay: 25_000 } })
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

  test.each<[SystemName, string, readonly LineId[]]>([
    ['eConnect', 'renewToken', ['refresh']],
    ['Eclipse', 'renew', ['refresh', 'revoke']],
    ['datarhei', 'refresh', ['refresh']],
    ['rest in the body', 'refresh', ['refresh', 'revoke']],
    ['rest in a cookie', 'refresh', ['refresh', 'revoke']],
  ])('whichever system it is: %s', async (name, path, fail) => {
    const { report } = await checkMock(name, { defect: meanwhile(path, (server) => server.revokeAll()) })
    expect(linesOf(report, 'fail')).toEqual(fail)
  })

  test('but not when the key is changed and the old one is kept', async () => {
    const { report } = await checkMock('EclecticIQ', { defect: meanwhile('feeds', (server) => server.rotateKeys()) })
    expect(linesOf(report, 'fail', 'warn')).toEqual([])
  })
})
