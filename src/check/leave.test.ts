import { describe, expect, test } from 'vitest'
import { rest } from '../backends/rest.ts'
import type { MockBackend } from '../mock/index.ts'
import { ANALYST, checkMock, type Defect, inBody, lineOf } from './fixture.ts'
import { checkBackend } from './index.ts'

const isLogout = ({ url }: Request) => url.includes('logout')
const bearerOf = (request: Request) => request.headers.get('authorization')?.replace(/^Bearer /, '') ?? ''

const living = async (server: MockBackend) =>
  (await server.sessions()).filter(({ endedAt }) => endedAt === undefined).length

describe('a sign-out that is refused', () => {
  test('leaves a session that lives, and the report says so', async () => {
    const defect: Defect = async (request, send) =>
      isLogout(request) ? new Response('{}', { status: 401 }) : send(request)
    const { report, server } = await checkMock('EclecticIQ', { defect, waitForExpiry: 0 })
    expect(await living(server)).toBeGreaterThan(0)
    expect(lineOf(report, 'left-behind').outcome).toBe('warn')
  })

  test('for a token past its end is followed by a refresh, and by one with the token of that', async () => {
    const refreshTokens = new Map<string, string>()
    const defect: Defect = async (request, send, server) => {
      if (isLogout(request)) {
        if (!(await server.isLive(bearerOf(request)))) return new Response('{}', { status: 401 })
        const body = JSON.stringify({ refreshToken: refreshTokens.get(bearerOf(request)) })
        return send(new Request(request.url, { method: 'POST', body }))
      }
      const answer = await send(request)
      if (!/login|refresh/.test(request.url) || !answer.ok || request.method === 'OPTIONS') return answer
      const { data } = await answer.clone().json()
      refreshTokens.set(data.accessToken, data.refreshToken)
      return answer
    }
    const { report, server } = await checkMock('rest in the body', {
      defect,
      subject: (fetch) => rest({ ...inBody, signOut: { path: '/logout', with: 'token' }, fetch }),
    })
    expect(lineOf(report, 'revoke-after-end').detail).toMatch(/^Not taken \(refused\)/)
    expect(await living(server)).toBe(0)
    expect(lineOf(report, 'left-behind').outcome).toBe('pass')
  })

  test('for a session that is dead is no reason to warn', async () => {
    const { report, server } = await checkMock('rest in the body')
    expect(lineOf(report, 'refresh-reuse').detail).toMatch(/^Refused, and it ends the session/)
    expect(await living(server)).toBe(0)
    expect(lineOf(report, 'left-behind').outcome).toBe('pass')
  })

  test('proves nothing where the protected path refuses every token and nothing can be refreshed', async () => {
    const defect: Defect = async (request, send) =>
      /logout|me$/.test(request.url) ? new Response('{}', { status: 401 }) : send(request)
    const { refresh: _, ...withoutRefresh } = inBody
    const subject = (fetch: typeof globalThis.fetch) => rest({ ...withoutRefresh, fetch })
    const { report, server } = await checkMock('rest in the body', { defect, subject })
    expect(await living(server)).toBeGreaterThan(0)
    expect(lineOf(report, 'left-behind').outcome).toBe('warn')
  })
})

/** A server with a session in a cookie, which it takes away from whoever comes too late with a refresh, and ends nothing by that. */
function forgetful(refuses: (session: string) => boolean = () => false) {
  const live = new Set<string>()
  let opened = 0
  const cookie = (id: string, maxAge: number) => ({
    'set-cookie': `sid=${id}; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=${maxAge}`,
    'cache-control': 'no-store',
  })
  const grant = (id: string) => {
    live.add(id)
    return Response.json({ token: `opaque-token-${id}`, user: 'u1', ttl: 600 }, { headers: cookie(id, 3_600) })
  }
  const refuse = () => new Response('{}', { status: 401, headers: cookie('', 0) })

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const id = /sid=([\w-]+)/.exec(new Headers(init?.headers).get('cookie') ?? '')?.[1] ?? ''
    switch (new URL(request.url).pathname) {
      case '/login': {
        const { password } = JSON.parse((await request.text()).replace(/^\{"$/, '{}'))
        return password === ANALYST.password ? grant(`session${++opened}-1`) : new Response('{}', { status: 401 })
      }
      case '/refresh':
        return live.delete(id) ? grant(id.replace(/\d+$/, (turn) => `${Number(turn) + 1}`)) : refuse()
      case '/logout':
        if (refuses(id.replace(/\d+$/, ''))) return refuse()
        return live.delete(id) ? new Response(null, { status: 204, headers: cookie('', 0) }) : refuse()
      default:
        return new Response('{}', { status: request.headers.has('authorization') ? 200 : 401 })
    }
  }
  return { fetch, live }
}

const checkForgetful = ({ fetch }: ReturnType<typeof forgetful>) =>
  checkBackend(
    (fetch) =>
      rest({
        baseUrl: 'https://auth.example',
        fetch,
        signIn: { path: '/login' },
        refresh: { path: '/refresh', with: 'cookie' },
        signOut: { path: '/logout', with: 'cookie' },
        answer: { token: 'token', userKey: 'user', expires: { field: 'ttl', unit: 's-from-now' } },
      }),
    { credentials: ANALYST, probe: '/me', fetch, sleep: async () => {} },
  )

test('a cookie that a losing refresh took away is put back, to sign out with', async () => {
  const server = forgetful()
  const report = await checkForgetful(server)
  expect(lineOf(report, 'parallel-refresh').detail).toMatch(/^1 of 3 went through/)
  expect(lineOf(report, 'refresh-reuse').detail).toBe('Refused, and the session lives on.')
  expect([...server.live]).toEqual([])
})

test('a cookie that a refused sign-out took away is put back, to refresh with', async () => {
  const tried = new Set<string>()
  const server = forgetful((session) => tried.size !== tried.add(session).size)
  await checkForgetful(server)
  expect(tried.size).toBeGreaterThan(1)
  expect([...server.live]).toEqual([])
})
