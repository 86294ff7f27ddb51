import { describe, expect, test } from 'vitest'
import { checkMock, type Defect, lineOf, linesOf, type Scene } from './fixture.ts'
import type { LineId } from './index.ts'

const isLogout = ({ url }: Request) => url.includes('logout')
const isProbe = ({ url, method }: Request) => url.includes('feeds') && method === 'GET'
const bearerOf = (request: Request) => request.headers.get('authorization')?.replace(/^Bearer /, '') ?? ''

/** Answers as an outage does: with a status, or not at all. */
function fall(how: number | 'down', headers: Record<string, string> = {}): Response {
  if (how === 'down') throw new TypeError('fetch failed')
  return new Response('{}', { status: how, headers })
}

const outcomes = async (scene: Scene, ...ids: LineId[]) => {
  const { report } = await checkMock('EclecticIQ', scene)
  return ids.map((id) => [id, lineOf(report, id).outcome])
}

describe.each([429, 503, 'down'] as const)('a path that answers %s is no proof that a token is refused', (how) => {
  test('after a sign-out that does nothing', async () => {
    let out = false
    const defect: Defect = async (request, send) => {
      if (isLogout(request)) {
        out = true
        return new Response(null, { status: 204 })
      }
      return out && isProbe(request) ? fall(how) : send(request)
    }
    expect(await outcomes({ defect }, 'revoked-token', 'revoked-earlier', 'revoke-with-old', 'left-behind')).toEqual([
      ['revoked-token', 'warn'],
      ['revoked-earlier', 'warn'],
      ['revoke-with-old', 'warn'],
      ['left-behind', 'warn'],
    ])
  })

  test('after its end', async () => {
    let isOver = false
    const defect: Defect = async (request, send) => {
      const answer = await send(request)
      if (!isProbe(request) || !bearerOf(request).startsWith('ey')) return answer
      const { exp } = JSON.parse(atob(bearerOf(request).split('.')[0]!))
      isOver ||= Date.parse(answer.headers.get('date')!) >= exp * 1_000
      return isOver ? fall(how) : answer
    }
    expect(await outcomes({ defect }, 'early-refusal', 'end-kept')).toEqual([
      ['early-refusal', 'pass'],
      ['end-kept', 'warn'],
    ])
  })

  test('nor of anything else, from the second question on', async () => {
    let asked = 0
    const { report } = await checkMock('EclecticIQ', {
      defect: async (request, send) => (isProbe(request) && ++asked > 1 ? fall(how) : send(request)),
    })
    expect(linesOf(report, 'fail')).toEqual([])
    const warned: LineId[] = ['no-token', 'garbage-token', 'forged-token', 'refresh-accepted', 'old-token']
    expect(linesOf(report, 'warn')).toEqual(expect.arrayContaining([...warned, 'revoked-token', 'end-kept']))
    expect(lineOf(report, 'garbage-token').detail).toMatch(/which tells nothing of the token\.$/)
    expect(lineOf(report, 'garbage-token').remedy).toMatch(/^Let it rest/)
  })
})

describe('a limit that says how long to wait', () => {
  const limited = (retryAfter: string) => {
    let turn = 0
    const waits: number[] = []
    const defect: Defect = async (request, send) => {
      const isLimited = isProbe(request) && ++turn % 2 === 0
      return isLimited ? fall(429, { 'Retry-After': retryAfter }) : send(request)
    }
    return { defect, waits, sleep: async (ms: number) => void waits.push(ms) }
  }

  test('is waited for once where it is short, and nothing fails for it', async () => {
    const { defect, waits, sleep } = limited('7')
    await checkMock('EclecticIQ', { defect, sleep, waitForExpiry: 0 })
    expect(waits).toContain(7_000)
    const { report } = await checkMock('EclecticIQ', { defect: limited('7').defect, waitForExpiry: 0 })
    expect(linesOf(report, 'fail', 'warn')).toEqual([])
  })

  test('is not waited for where it is long', async () => {
    const { defect, waits, sleep } = limited('11')
    const { report } = await checkMock('EclecticIQ', { defect, sleep, waitForExpiry: 0 })
    expect(lineOf(report, 'no-token').detail).toMatch(/answered 429 with Retry-After: 11, which tells nothing/)
    expect(waits).not.toContain(11_000)
  })
})

test('a limit reached just before the end of a token does not tell of its end', async () => {
  let isLimited = false
  const { report } = await checkMock('EclecticIQ', {
    defect: async (request, send) => {
      const answer = await send(request)
      if (!isProbe(request) || !answer.ok || isLimited) return answer
      const { exp } = JSON.parse(atob(bearerOf(request).split('.')[0]!))
      isLimited = exp * 1_000 - Date.parse(answer.headers.get('date')!) < 30_000
      return isLimited ? fall(429, { 'Retry-After': '9' }) : answer
    },
  })
  expect(lineOf(report, 'early-refusal')).toMatchObject({ outcome: 'skipped', detail: expect.stringMatching(/after/) })
  expect(lineOf(report, 'end-kept').outcome).toBe('pass')
})
