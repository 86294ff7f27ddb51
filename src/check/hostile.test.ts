import { describe, expect, test } from 'vitest'
import { eclecticiq } from '../backends/eclecticiq.ts'
import { createMockBackend } from '../mock/index.ts'
import { ANALYST, checkMock, type Defect, HOST, lineOf, linesOf } from './fixture.ts'
import { checkBackend, formatReport } from './index.ts'

const redirecting =
  (path: RegExp, location: string): Defect =>
  async (request, send) =>
    path.test(request.url) ? new Response(null, { status: 302, headers: { location } }) : send(request)

describe('a redirect to what is no address', () => {
  test.each(['http://[', 'http://', 'https://a:b:c/'])('is reported: %s', async (location) => {
    const { report, server } = await checkMock('EclecticIQ', { defect: redirecting(/feeds/, location) })
    expect(lineOf(report, 'accepted').detail).toMatch(/feeds\/ answered 302 to what is no address/)
    expect((await server.sessions()).filter(({ endedAt }) => endedAt === undefined)).toEqual([])
  })

  test('is reported of a sign-out as well, with what is left', async () => {
    const { report } = await checkMock('EclecticIQ', { defect: redirecting(/logout/, 'http://[') })
    expect(lineOf(report, 'revoke').detail).toMatch(/logout\/ answered 302 to what is no address/)
    expect(lineOf(report, 'left-behind').outcome).toBe('warn')
  })
})

describe('half a character', () => {
  test('in a password is a password like any other', async () => {
    const credentials = { username: ANALYST.username, password: 'x\ud800y-and-more' }
    const { report } = await checkMock('EclecticIQ', { credentials })
    expect(lineOf(report, 'sign-in').detail).toMatch(/answered 401 .*: refused/)
  })

  test('in a token of the server fails the sign-in alone', async () => {
    const { report } = await checkMock('rest in the body', {
      defect: async (request, send) => {
        const answer = await send(request)
        if (!request.url.endsWith('/login') || !answer.ok) return answer
        const body = await answer.json()
        return Response.json({ data: { ...body.data, refreshToken: 'abc\ud800def' } }, { headers: answer.headers })
      },
    })
    expect(linesOf(report, 'fail')).toContain('sign-in')
  })
})

describe('a password that is an ordinary word', () => {
  const check = (password: string, defect?: Defect) =>
    checkMock('EclecticIQ', {
      credentials: { username: ANALYST.username, password },
      mock: { users: [{ userId: 7, username: ANALYST.username, password }] },
      ...(defect && { defect }),
    })

  test.each(['auth', 'token', 'answered', 'feeds', 'refused', 'auth.example'])(
    'fails nothing, and is not given away by a gap in our words: %s',
    async (password) => {
      const { report } = await check(password)
      expect(linesOf(report, 'fail', 'warn')).toEqual([])
      expect(JSON.stringify(report)).not.toContain('[secret]')
    },
  )

  test('is blotted out of what the server says', async () => {
    const { report } = await check('answered', redirecting(/feeds/, '/was/answered/so'))
    expect(lineOf(report, 'accepted').detail).toMatch(/feeds\/ answered 302 to https:.*\/was\/\[secret\]\/so/)
  })

  test('or a word of the base URL or of a path of the adapter is none in there', async () => {
    const subject = (fetch: typeof globalThis.fetch) =>
      eclecticiq({ baseUrl: `${HOST}/api/orchard`, fetch, signOutPath: '/auth/harvest/' })
    for (const password of ['orchard', 'harvest']) {
      const { report } = await checkMock('EclecticIQ', {
        subject,
        credentials: { username: ANALYST.username, password },
        mock: { users: [{ userId: 7, username: ANALYST.username, password }] },
        defect: (request, send) => {
          const url = request.url.replace('/orchard', '').replace('harvest', 'logout')
          return send(new Request(url, request))
        },
      })
      expect([password, linesOf(report, 'fail', 'warn')]).toEqual([password, []])
    }
  })
})

describe('a secret in an address that was given', () => {
  const API_TOKEN = 's3cr3t-api-token'

  test('is blotted out of the report, and is a secret in an address', async () => {
    const server = createMockBackend({ pbkdf2Iterations: 1, apiTokens: [API_TOKEN] })
    const report = await checkBackend(
      (fetch) => eclecticiq({ baseUrl: `${HOST}/api/${API_TOKEN}`, fetch, apiToken: true }),
      {
        credentials: { apiToken: API_TOKEN },
        probe: `/feeds/${API_TOKEN}`,
        fetch: (input, init) => server.fetch(String(input).replace(`/${API_TOKEN}`, ''), init),
        sleep: async () => {},
      },
    )
    expect([report.baseUrl, report.probe]).toEqual([
      `${HOST}/api/[secret]`,
      expect.stringMatching(/\/api\/\[secret\]\/feeds\/\[secret\]$/),
    ])
    expect(lineOf(report, 'urls').outcome).toBe('fail')
    expect(formatReport(report) + JSON.stringify(report)).not.toContain(API_TOKEN)
  })
})

describe('a protected path elsewhere', () => {
  const check = async (probe: string | (() => string), allowPlainHttp = false) => {
    const sent: string[] = []
    const { report } = await checkMock('EclecticIQ', {
      probe,
      allowPlainHttp,
      defect: (request, send) => {
        if (request.url.startsWith('http://other.example')) sent.push(request.headers.get('authorization') ?? '')
        return send(new Request(request.url.replace('http://other.example', `${HOST}/api`), request))
      },
    })
    return { report, sent: sent.filter((one) => one.startsWith('Bearer ey')).length }
  }

  test.each([['a text'], ['a function']])('is sent no token over plain http: %s', async (kind) => {
    const address = 'http://other.example/feeds/'
    const { report, sent } = await check(kind === 'a text' ? address : () => address)
    expect(sent).toBe(0)
    expect(linesOf(report, 'fail')).toEqual(expect.arrayContaining(['transport', 'accepted']))
    expect(lineOf(report, 'transport').detail).toMatch(/^http:\/\/other\.example is plain http/)
  })

  test('is sent tokens where that is allowed, with a warning', async () => {
    const { report, sent } = await check('http://other.example/feeds/', true)
    expect(sent).toBeGreaterThan(0)
    expect(lineOf(report, 'transport').outcome).toBe('warn')
  })

  test('must have no password in it', async () => {
    await expect(check('https://ana:pw@other.example/')).rejects.toThrow(/^probe: must have no user name and no/)
    const { report } = await check(() => 'https://ana:pw-of-ana@other.example/')
    expect(lineOf(report, 'accepted').detail).toMatch(/must have no user name and no password/)
    expect(JSON.stringify(report)).not.toContain('pw-of-ana')
  })
})

test('what is named as a secret is blotted out as a password is', async () => {
  const scene = { defect: redirecting(/feeds/, '/was/key-of-the-app/so') }
  const { report } = await checkMock('EclecticIQ', { ...scene, secrets: ['key-of-the-app'] })
  expect(lineOf(report, 'accepted').detail).toMatch(/\/was\/\[secret\]\/so/)
})

test('a preflight that is never answered is reported', async () => {
  const { report } = await checkMock('EclecticIQ', {
    defect: async (request, send) => {
      if (request.method === 'OPTIONS') throw new TypeError('fetch failed')
      return send(request)
    },
  })
  expect(lineOf(report, 'cors-probe').detail).toMatch(/OPTIONS .*feeds\/ got no answer/)
})
