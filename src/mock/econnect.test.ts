import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import type { MockOptions } from './index.ts'

function makeConnect(options: MockOptions = {}) {
  const made = makeBackend(options)
  const signIn = (username = 'analyst@example.com', password = 'bug#1', headers: Record<string, string> = {}) =>
    made.call('POST', '/api/v1/authenticate', { body: { username, password }, headers })
  return {
    ...made,
    signIn,
    token: async (headers = {}): Promise<string> => (await (await signIn(undefined, undefined, headers)).json()).token,
    renew: (token: string) => made.call('GET', '/api/v1/renewToken', { token }),
    statusFor: async (token: string) => (await made.call('GET', '/api/v1/identities', { token })).status,
  }
}

/** An answer without what is new in each. */
async function essence(response: Response) {
  const { traceId, ...body } = await response.json()
  return [response.status, [...response.headers], body, typeof traceId]
}

describe('sign-in', () => {
  test('gives a token with the claims of .NET, for half an hour', async () => {
    const claims = decodeJwt(await makeConnect().token())
    const iat = Date.UTC(2019, 6, 14, 12, 11, 10) / 1000
    expect(claims).toEqual({
      unique_name: 'analyst@example.com',
      jti: expect.any(String),
      nbf: iat,
      exp: iat + 1800,
      iat,
    })
  })

  test('a wrong password and an unknown user get the same 400', async () => {
    const { signIn } = makeConnect()
    const wrong = await essence(await signIn('analyst@example.com', 'Bug#1'))
    expect(await essence(await signIn('nobody@example.com', 'bug#1'))).toEqual(wrong)
    expect(wrong[2]).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'Username or password is incorrect.',
    })
  })

  test('names the field that is missing', async () => {
    const response = await makeConnect().call('POST', '/api/v1/authenticate', { body: { username: 'ana' } })
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 400, errors: { password: [expect.any(String)] } })
  })

  test('ends the session it comes from', async () => {
    const { token, statusFor } = makeConnect()
    const first = await token()
    await token({ Authorization: `Bearer ${first}` })
    expect(await statusFor(first)).toBe(401)
  })
})

describe('renewal', () => {
  test('gives a fresh token, and the old one lives to its own end', async () => {
    const { token, renew, statusFor, pass } = makeConnect()
    const first = await token()
    pass(1000_000)
    const { token: second } = await (await renew(first)).json()
    expect([await statusFor(first), await statusFor(second)]).toEqual([200, 200])
    pass(800_000)
    expect([await statusFor(first), await statusFor(second)]).toEqual([401, 200])
    pass(1000_000)
    expect(await statusFor(second)).toBe(401)
  })

  test.each([undefined, '', 'garbage'])('with %j for a token is 401', async (token) => {
    const { call } = makeConnect()
    const response = await call('GET', '/api/v1/renewToken', token === undefined ? {} : { token })
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toMatch(/^Bearer realm/)
    expect(await response.json()).toMatchObject({ title: 'Unauthorized', status: 401 })
  })
})

test('there is no sign-out', async () => {
  const { call, token } = makeConnect()
  const jwt = await token()
  for (const path of ['/api/v1/logout', '/api/v1/signout', '/api/v1/revoke']) {
    expect((await call('POST', path, { token: jwt })).status).toBe(404)
  }
})

describe('identities', () => {
  test.each(['', '/identities'])(
    'are listed at %s/api/v1/identities, each by its id, with badges and sites',
    async (base) => {
      const { call, token } = makeConnect()
      const jwt = await token()
      const get = async (path: string) => (await call('GET', `${base}/api/v1/${path}`, { token: jwt })).json()
      const all = await get('identities')
      expect(all).toHaveLength(8)
      expect(await get(`identities/${all[0].id}`)).toEqual(all[0])
      const badges = new Map((await get('badges')).map((badge: { id: number }) => [badge.id, badge]))
      for (const { id, badges: own } of all) {
        for (const badge of own) expect(badges.get(badge)).toMatchObject({ identityId: id })
      }
      const sites = await get('sites')
      for (const { id } of sites) {
        const here = await get(`identities?siteId=${id}`)
        expect(here).toEqual(all.filter(({ siteId }: { siteId: number }) => siteId === id))
        expect(here.length).toBeGreaterThan(0)
      }
    },
  )

  test('that are not there are 404, and a site that is no number is 400', async () => {
    const { call, token } = makeConnect()
    const jwt = await token()
    expect((await call('GET', '/api/v1/identities/1', { token: jwt })).status).toBe(404)
    expect((await call('GET', '/api/v1/identities?siteId=one', { token: jwt })).status).toBe(400)
  })
})
