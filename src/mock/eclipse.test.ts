import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import type { MockOptions } from './index.ts'

const BASE = '/eclipse-conductor/rest/v1'

function makeEclipse(options: MockOptions = {}) {
  const made = makeBackend(options)
  const login = (identity = 'analyst@example.com', password = 'bug#1', headers: Record<string, string> = {}) =>
    made.call('POST', `${BASE}/authentication/login`, { body: { identity, password }, headers })
  async function grant(identity?: string, password?: string, headers?: Record<string, string>) {
    const body = await (await login(identity, password, headers)).json()
    return { ...body, token: body.headerValue.slice('Bearer '.length) as string }
  }
  return {
    ...made,
    login,
    grant,
    renew: (token: string, jwt = token, headers: Record<string, string> = {}) =>
      made.call('POST', `${BASE}/authentication/renew`, { token, body: { jwt }, headers }),
    logout: (token: string, body: unknown = { jwt: token }) =>
      made.call('POST', `${BASE}/authentication/logout`, { token, body }),
    customer: (token: string, id = '100007', tenant = '1', rest = '') =>
      made.call('GET', `${BASE}/tenants/${tenant}/customers/${id}${rest}`, { token }),
  }
}

const descriptionOf = async (response: Response) => (await response.json())[0].description

describe('a token', () => {
  test('lives for an hour, by option for less or more, and a client may ask for less alone', async () => {
    const lifeOf = async (options: MockOptions, asked?: string) => {
      const headers: Record<string, string> = asked === undefined ? {} : { 'x-stillhere-mock-ttl': asked }
      const { token } = await makeEclipse(options).grant(undefined, undefined, headers)
      const { exp, iat } = decodeJwt(token)
      return exp! - iat!
    }
    expect(await lifeOf({})).toBe(3600)
    expect(await lifeOf({ ttl: 90 })).toBe(90)
    expect(await lifeOf({ ttl: 7200 })).toBe(7200)
    expect(await lifeOf({}, '90')).toBe(90)
    expect(await lifeOf({}, '86400')).toBe(3600)
  })

  test('names the customer as uid, the roles and the session', async () => {
    const { sessionId, token } = await makeEclipse().grant()
    expect(decodeJwt(token)).toMatchObject({ uid: '100007', roles: ['GLOBAL_ADMIN'], sessionId })
  })

  test('names what the user was given instead', async () => {
    const user = {
      userId: 1,
      username: 'ana',
      password: 'secret',
      customerId: 'C-1',
      tenantId: 'T-9',
      roles: ['TELLER'],
    }
    const { token, roles } = await makeEclipse({ users: [user] }).grant('ana', 'secret')
    expect(roles).toEqual(['TELLER'])
    expect(decodeJwt(token)).toMatchObject({ uid: 'C-1', tenantId: 'T-9', roles: ['TELLER'] })
  })
})

describe('renewal and logout', () => {
  test('a renewal keeps the session, and the token before it lives to its own end', async () => {
    const { grant, renew, customer, pass } = makeEclipse()
    const first = await grant()
    pass(3000_000)
    const renewed = await (await renew(first.token)).json()
    expect(renewed.sessionId).toBe(first.sessionId)
    expect(renewed.csrfToken).not.toBe(first.csrfToken)
    pass(599_999)
    expect((await customer(first.token)).status).toBe(200)
    pass(1)
    expect((await customer(first.token)).status).toBe(401)
    expect((await customer(renewed.headerValue.slice(7))).status).toBe(200)
  })

  test('a logout ends every token of the session', async () => {
    const { grant, renew, logout, backend } = makeEclipse()
    const { token } = await grant()
    const second = (await (await renew(token)).json()).headerValue.slice(7)
    expect((await logout(second)).status).toBe(204)
    expect([await backend.isLive(token), await backend.isLive(second)]).toEqual([false, false])
  })

  test('another token in the body than in the header is 400, and nothing happens', async () => {
    const { grant, renew, logout, backend } = makeEclipse()
    const [mine, other] = [await grant(), await grant('lead@example.com', 'bug#2')]
    const refused = await renew(mine.token, other.token)
    expect([refused.status, await descriptionOf(refused)]).toEqual([
      400,
      'jwt: is not the token of the Authorization header',
    ])
    expect((await logout(mine.token, { jwt: other.token })).status).toBe(400)
    expect([await backend.isLive(mine.token), await backend.isLive(other.token)]).toEqual([true, true])
    expect((await backend.sessions()).flatMap(({ tokens }) => tokens)).toHaveLength(2)
  })

  test.each([[undefined], [{}], [{ jwt: '' }], [{ jwt: 7 }], ['{"jwt": '], [[]]])(
    'a body of %j is 400, with a good token alone',
    async (body) => {
      const { grant, call, logout, backend } = makeEclipse()
      const { token } = await grant()
      expect((await logout(token, body === undefined ? '' : body)).status).toBe(400)
      expect(await backend.isLive(token)).toBe(true)
      expect((await call('POST', `${BASE}/authentication/logout`, { body })).status).toBe(401)
    },
  )

  test('a login ends the session it comes from', async () => {
    const { grant, backend } = makeEclipse()
    const first = await grant()
    await grant('lead@example.com', 'bug#2', { Authorization: `Bearer ${first.token}` })
    expect(await backend.isLive(first.token)).toBe(false)
  })
})

describe('the header against forged requests', () => {
  test('is taken if right, refused if wrong or of another token, and not missed', async () => {
    const { grant, renew } = makeEclipse()
    const [mine, other] = [await grant(), await grant()]
    const statusWith = async (headers: Record<string, string>) => (await renew(mine.token, mine.token, headers)).status
    expect(await statusWith({ [mine.csrfHeaderName]: mine.csrfToken })).toBe(200)
    expect(await statusWith({})).toBe(200)
    expect(await statusWith({ [mine.csrfHeaderName]: other.csrfToken })).toBe(403)
    expect(await statusWith({ [mine.csrfHeaderName]: '' })).toBe(403)
  })

  test('belongs to one token: that of the renewed is another', async () => {
    const { grant, renew } = makeEclipse()
    const first = await grant()
    const renewed = await (await renew(first.token)).json()
    const token = renewed.headerValue.slice(7)
    expect((await renew(token, token, { 'renew-csrf': first.csrfToken })).status).toBe(403)
    expect((await renew(token, token, { 'renew-csrf': renewed.csrfToken })).status).toBe(200)
  })

  test('is insisted on with strictCsrf', async () => {
    const { grant, renew } = makeEclipse({ strictCsrf: true })
    const { token, csrfToken } = await grant()
    expect((await renew(token)).status).toBe(403)
    expect((await renew(token, token, { 'renew-csrf': csrfToken })).status).toBe(200)
  })

  test('can not be read from the token', async () => {
    const { token, csrfToken } = await makeEclipse().grant()
    expect(JSON.stringify(decodeJwt(token))).not.toContain(csrfToken)
  })

  test('may be sent across origins', async () => {
    const headers = { Origin: 'http://localhost:5173', 'Access-Control-Request-Method': 'POST' }
    const preflight = await makeEclipse().call('OPTIONS', `${BASE}/authentication/renew`, { headers })
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toMatch(/(^|,)renew-csrf(,|$)/)
  })
})

describe('customers', () => {
  test('see themselves and their wallets', async () => {
    const { grant, customer } = makeEclipse()
    const { token } = await grant('lead@example.com', 'bug#2')
    const found = await (await customer(token, '100008')).json()
    expect(found).toMatchObject({ customerId: '100008', name: 'Lead', phone: expect.stringMatching(/^\*+\d{4}$/) })
    const wallets = await (await customer(token, '100008', '1', '/wallets')).json()
    expect(wallets.length).toBeGreaterThan(0)
    for (const wallet of wallets)
      expect(wallet).toMatchObject({ customerId: '100008', currentBalance: expect.any(Number) })
  })

  test('see no one else, and not even whether there is someone', async () => {
    const { grant, customer } = makeEclipse()
    const { token } = await grant('lead@example.com', 'bug#2')
    const answers = [
      await customer(token, '100007'),
      await customer(token, '999'),
      await customer(token, '100008', '2'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
  })

  test('are all seen by a GLOBAL_ADMIN, who is told of those that are not there', async () => {
    const { grant, customer } = makeEclipse()
    const { token } = await grant()
    expect((await customer(token, '100008')).status).toBe(200)
    expect((await customer(token, '999')).status).toBe(404)
  })
})

test('a wrong password and an unknown identity get the same answer but for its trace', async () => {
  const { login } = makeEclipse()
  const essence = async (response: Response) => {
    const [{ traceId, spanId, ...error }] = await response.json()
    return [response.status, [...response.headers], error]
  }
  const wrong = await essence(await login('analyst@example.com', 'wrong'))
  expect(await essence(await login('nobody@example.com', 'bug#1'))).toEqual(wrong)
})
