import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AuthError } from '../core/errors.ts'
import { isHeaderValue, Secret } from '../core/secret.ts'
import { createSessionCore } from '../core/session.ts'
import type { Answer, Backend, Grant } from '../core/types.ts'
import { createWorld } from '../testing/world.ts'
import { datarhei } from './datarhei.ts'
import { eclecticiq } from './eclecticiq.ts'
import { eclipse } from './eclipse.ts'
import { econnect } from './econnect.ts'
import type { HttpOptions } from './http.ts'
import { rest } from './rest.ts'
import { jwt, NOW, PERSON } from './scene.ts'

/** How many histories of answers each adapter is given. */
const RUNS = import.meta.env.MODE === 'long' ? 10_000 : 300
const call = { departedAt: NOW }

const iso = new Date(NOW + 600_000).toISOString()
const seconds = NOW / 1_000
const token = (claims: object = {}) => jwt({ iat: seconds, exp: seconds + 600, exi: 600, sub: 'ada', ...claims })

interface System {
  readonly make: (options: HttpOptions) => Backend
  /** A good answer, to begin from. */
  readonly good: object
}

const SYSTEMS: Record<string, System> = {
  eclecticiq: {
    make: eclecticiq,
    good: { token: jwt({ user_id: 7 }, { iat: seconds, exp: seconds + 600 }), expires_at: iso },
  },
  econnect: { make: econnect, good: { username: 'ada', token: token({ unique_name: 'ada' }) } },
  eclipse: {
    make: eclipse,
    good: {
      headerName: 'Authorization',
      headerValue: `Bearer ${token({ uid: 7 })}`,
      sessionId: 's',
      roles: ['GLOBAL_ADMIN'],
      csrfHeaderName: 'renew-csrf',
      csrfToken: '352435',
      expiresEpochSecs: seconds + 600,
    },
  },
  datarhei: { make: datarhei, good: { access_token: token(), refresh_token: token({ usefor: 'refresh' }) } },
  rest: {
    make: (options) =>
      rest({
        ...options,
        signIn: { path: '/login' },
        refresh: { path: '/refresh', with: 'refresh-token', field: 'refresh' },
        signOut: { path: '/logout', with: 'refresh-token' },
        answer: {
          token: 'data.token',
          expires: { field: 'data.expires', unit: 'iso' },
          refreshToken: 'data.refresh',
          refreshExpires: { field: 'data.refreshFor', unit: 's-from-now' },
          userKey: 'data.user.id',
          userName: 'data.user.name',
          roles: 'data.roles',
        },
      }),
    good: {
      data: { token: token(), expires: iso, refresh: 'r', refreshFor: 900, user: { id: 7, name: 'Ada' }, roles: ['a'] },
    },
  },
}

const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    '',
    ' ',
    'a\r\nX-Injected: 1',
    'ü',
    '\u0000',
    '__proto__',
    'Cookie',
    'Authorization',
    'Bearer ',
    [],
  ),
  fc.constantFrom<unknown>(0, -1, -0, 1e308, 8.64e15 + 1, Number.MAX_SAFE_INTEGER, NOW, NOW / 1_000, 5e-324),
  fc.constantFrom<unknown>(iso, '2019-07-14T12:41:10.063375+00:00', '+275760-09-13T00:00:00.001Z', '0000'),
  // A token that decodes, to claims of any kind.
  fc
    .tuple(fc.jsonValue({ maxDepth: 1 }), claims())
    .map(([header, payload]) => jwt(payload as object, header as object)),
  claims().map((payload) => `Bearer ${jwt(payload as object)}`),
)

function claims() {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom<unknown>(seconds, seconds + 600, 1e308, -1, NOW),
  )
  return fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.record({ exp: value, iat: value, exi: value, sub: value, uid: value, user_id: value }, { requiredKeys: [] }),
  )
}

/** The paths of a good answer's fields, and of what holds them. */
const pathsOf = (value: unknown, path: string[] = []): string[][] =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
    : [path]

function put(root: unknown, path: string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  return { ...(root as object), [key]: put((root as Record<string, unknown>)[key], rest, value) }
}

/** An answer: a good one with some of its fields made strange, or anything at all. */
const bodyOf = (good: object) =>
  fc.oneof(
    fc
      .array(fc.tuple(fc.constantFrom(...pathsOf(good).slice(1)), fc.oneof(strange, fc.constant(undefined))), {
        maxLength: 3,
      })
      .map((changes) =>
        JSON.stringify(
          changes.reduce<unknown>((root, [path, value]) => {
            try {
              return put(root, path, value)
            } catch {
              // Where a change has taken the place away.
              return root
            }
          }, good),
        ),
      ),
    strange.map((value) => JSON.stringify(value)),
    fc.string(),
    fc.constantFrom('', '<!doctype html><h1>502</h1>', '{"token":', '[[[[', 'null', '{"__proto__":{"token":"x"}}'),
  )

const answerOf = (good: object) =>
  fc.record({
    body: bodyOf(good),
    status: fc.oneof(
      { weight: 6, arbitrary: fc.constant(200) },
      fc.constantFrom(201, 204, 400, 401, 403, 404, 408, 409, 418, 429, 500, 502, 503),
    ),
    headers: fc.record(
      {
        date: fc.constantFrom(
          new Date(NOW).toUTCString(),
          new Date(NOW - 86_400_000).toUTCString(),
          'today',
          '0',
          '-1',
        ),
        'retry-after': fc.constantFrom('0', '7', '-1', 'soon', '1e400', new Date(NOW + 9_000).toUTCString()),
      },
      { requiredKeys: [] },
    ),
  })

const toResponse = ({ body, status, headers }: { body: string; status: number; headers: Record<string, string> }) =>
  new Response(status === 204 ? null : body, { status, headers })

/** Everything that the core relies on in an answer. */
function expectWhole(backend: Backend, before: Partial<Grant>, answer: Answer): void {
  const grant = { user: { key: null, name: '' }, ...before, ...answer, departedAt: NOW }
  const isEnd = (end: number | null | undefined) => end == null || (Number.isFinite(end) && end > NOW)
  expect(grant.token).toBeInstanceOf(Secret)
  expect(isHeaderValue(grant.token.reveal())).toBe(true)
  expect(grant.expiresAt === null || Number.isFinite(grant.expiresAt)).toBe(true)
  expect([isEnd(grant.expiresAt), isEnd(grant.refreshExpiresAt)]).toEqual([true, true])
  expect(grant.refreshToken === undefined || isHeaderValue(grant.refreshToken.reveal())).toBe(true)
  expect(grant.user.key === null || (typeof grant.user.key === 'string' && grant.user.key !== '')).toBe(true)
  expect(typeof grant.user.name).toBe('string')
  expect((grant.roles ?? []).every((role) => typeof role === 'string')).toBe(true)
  // Throws for a name or a value that no request can carry.
  const headers = new Headers(backend.headers(grant))
  expect([...headers.keys()]).toHaveLength(1)
  if (grant.csrf) new Headers([[grant.csrf.name, grant.csrf.value.reveal()]])
}

describe.each(Object.entries(SYSTEMS))('%s, whatever the server answers,', (_, { make, good }) => {
  const baseUrl = 'https://api.example.com'

  test('gives a whole answer, or an error that names system, endpoint and field', async () => {
    const seen = { whole: 0, refused: 0, unreachable: 0, malformed: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(answerOf(good), { minLength: 1, maxLength: 4 }), async (answers) => {
        const queue = answers.map(toResponse)
        const backend = make({ baseUrl, fetch: async () => queue.shift()! })
        let grant: Grant = { user: { key: null, name: '' }, ...(await goodGrant(make, good)), departedAt: NOW }
        const calls = [
          () => backend.signIn(PERSON, call),
          () => backend.refresh!(grant, call),
          () => backend.refresh!(grant, call),
          async () => void (await backend.revoke?.(grant, call)),
        ]
        for (const [at] of answers.entries()) {
          const { status } = answers[at]!
          try {
            const answer = await calls[at]!()
            if (!answer) continue
            expectWhole(backend, at === 0 ? {} : grant, answer)
            grant = { ...grant, ...answer }
            seen.whole++
          } catch (error) {
            if (!(error instanceof AuthError)) throw error
            const { kind, message, retryAfter = 0 } = error
            expect(retryAfter >= 0 && retryAfter <= 86_400_000).toBe(true)
            expect(message).toMatch(
              /^(EclecticIQ|eConnect|Eclipse|datarhei|REST).*: (GET|POST) https:\/\/api\.example\.com\//,
            )
            if (status < 300) expect(message).toMatch(/: "[\w. ]+" must be /)
            else expect(message).toContain(` answered ${status}`)
            expect(message).not.toContain('\n')
            seen[kind]++
          }
        }
      }),
      { numRuns: RUNS },
    )
    // The machine itself must reach every outcome.
    expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([])
  })

  test('leaves a session that is whole, or none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answerOf(good), { minLength: 3, maxLength: 3 }), async (answers) => {
        const world = createWorld(NOW)
        const queue = answers.map(toResponse)
        const tab = world.openTab()
        const fetch = world.fetch(async () => queue.shift() ?? Response.json(good))
        const session = createSessionCore({
          backend: make({ baseUrl, fetch }),
          platform: tab,
          name: 'app',
          handOver: true,
        })
        session.start()
        await world.settle()
        for (let turn = 0; turn < 3; turn++) {
          if (!session.getState().session) await session.signIn(PERSON).catch(() => {})
          session.touch(true)
          await world.advance(70_000)
          const { status, session: held, token, deadline, user } = session.getState()
          const isIn = status === 'active' || status === 'warning'
          expect(isIn).toBe(held !== null)
          if (!held) {
            expect([token, user, deadline]).toEqual([null, null, null])
            continue
          }
          expectWhole(make({ baseUrl }), {}, { ...held.grant, expiresAt: null, refreshExpiresAt: null } as Answer)
          expect(Number.isFinite(deadline!)).toBe(true)
        }
        session.dispose()
      }),
      { numRuns: Math.ceil(RUNS / 5) },
    )
  })
})

async function goodGrant(make: System['make'], good: object): Promise<Answer> {
  return make({ baseUrl: 'https://api.example.com', fetch: async () => Response.json(good) }).signIn(PERSON, call)
}
