import { describe, expect, test } from 'vitest'
import { rest } from '../backends/rest.ts'
import { ANALYST, checkMock, type Defect, inBody, lineOf, linesOf } from './fixture.ts'

const isCall = (request: Request, path: string) => request.url.includes(path) && request.method === 'POST'
const withBody = (answer: Response, status: number, body: unknown) => {
  const headers = new Headers(answer.headers)
  headers.delete('content-length')
  return new Response(JSON.stringify(body), { status, headers })
}

describe('an error answer', () => {
  test('that repeats a cookie is seen', async () => {
    const defect: Defect = async (request, send) => {
      const cookie = request.headers.get('cookie')
      const answer = await send(request)
      return answer.status === 401 && cookie ? withBody(answer, 401, { got: cookie }) : answer
    }
    const { report } = await checkMock('rest in a cookie', { defect })
    expect(linesOf(report, 'fail')).toEqual(['echo'])
  })

  test('with a secret that it was not sent is no echo', async () => {
    const defect: Defect = async (request, send) => {
      const answer = await send(request)
      const isBare = request.url.includes('feeds') && !request.headers.has('authorization')
      return isBare && answer.status === 401 ? withBody(answer, 401, { note: ANALYST.password }) : answer
    }
    const { report } = await checkMock('EclecticIQ', { defect })
    expect(lineOf(report, 'echo').outcome).toBe('pass')
  })
})

describe('a redirect', () => {
  const detailFor = async (location: (token: string) => string) => {
    const defect: Defect = async (request, send) =>
      isCall(request, '/logout')
        ? new Response(null, { status: 302, headers: { location: location(request.headers.get('authorization')!) } })
        : send(request)
    const { report } = await checkMock('EclecticIQ', { defect })
    return lineOf(report, 'redirects').detail
  }

  test('that carries a secret is told from one that does not', async () => {
    expect(await detailFor(() => '/bye')).not.toMatch(/secret/)
    expect(await detailFor((carried) => `/bye/${carried.slice('Bearer '.length)}`)).toMatch(/, with a secret in that/)
    expect(await detailFor(() => `/bye?was=${encodeURIComponent(ANALYST.password)}`)).toMatch(/, with a secret in that/)
    expect(await detailFor(() => '/bye?token=unknown-to-us')).toMatch(/, with a secret in that address/)
    expect(await detailFor(() => '/bye#eyJhbGciOiJIUzI1NiJ9.')).toMatch(/, with a secret in that address/)
  })
})

test('a cookie that a sign-out takes away, and that works on, renews the session', async () => {
  const defect: Defect = async (request, send) => {
    if (!isCall(request, '/logout')) return send(request)
    const { headers } = await send(new Request(request.url, { method: 'OPTIONS', headers: request.headers }))
    const gone = 'refreshToken=; Path=/rest/cookie; Max-Age=0'
    const name = request.headers.get('cookie')?.split('=')[0] ?? 'refreshToken'
    const all = new Headers(headers)
    all.append('set-cookie', gone.replace('refreshToken', name))
    return new Response(null, { status: 204, headers: all })
  }
  const { report } = await checkMock('rest in a cookie', { defect })
  expect(linesOf(report, 'fail')).toContain('revoked-refresh')
})

describe('a star in the answer to a preflight', () => {
  const starred: Defect = async (request, send) => {
    const answer = await send(request)
    if (request.method === 'OPTIONS') answer.headers.set('access-control-allow-headers', '*, Authorization')
    return answer
  }

  test('stands for any header', async () => {
    const { report } = await checkMock('EclecticIQ', { defect: starred })
    expect(lineOf(report, 'cors-sign-in').outcome).toBe('pass')
  })

  test('stands for none where cookies go along', async () => {
    const { report } = await checkMock('rest in a cookie', { defect: starred })
    expect(lineOf(report, 'cors-sign-in').detail).toMatch(/Access-Control-Allow-Headers lacks content-type/)
  })
})

test("a made-up answer with the server's own status for a wrong password is not tried", async () => {
  const { report } = await checkMock('rest in the body', {
    subject: (fetch) => rest({ ...inBody, fetch, signIn: { path: '/login', refusals: [404] } }),
    defect: async (request, send) => {
      const answer = await send(request)
      return isCall(request, '/login') && answer.status === 401 ? withBody(answer, 404, {}) : answer
    },
  })
  expect(lineOf(report, 'wrong-password').outcome).toBe('pass')
  expect(lineOf(report, 'error-kinds')).toMatchObject({ outcome: 'pass', detail: expect.stringMatching(/^Of 7 /) })
})
