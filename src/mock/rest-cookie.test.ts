import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import type { MockOptions } from './index.ts'

const ANALYST = { username: 'analyst@example.com', password: 'bug#1' }

/** A browser's cookie jar, as far as one cookie goes, in front of the cookie routes. */
function makeBrowser(options: MockOptions = {}, origin = 'http://localhost:8080') {
  const made = makeBackend(options)
  let jar = ''
  async function post(path: string, { body = undefined as unknown, headers = {} as Record<string, string> } = {}) {
    const response = await made.backend.fetch(`${origin}/rest/cookie/${path}`, {
      method: 'POST',
      headers: { ...(jar ? { Cookie: `theme=dark; ${jar}` } : {}), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const set = response.headers.get('Set-Cookie')
    if (set) jar = set.includes('Max-Age=0') ? '' : set.split(';')[0]!
    return response
  }
  return {
    ...made,
    post,
    login: (headers?: Record<string, string>) => post('login', { body: ANALYST, ...(headers ? { headers } : {}) }),
    cookie: () => jar,
    put: (cookie: string) => (jar = cookie),
    me: async (token: string) => (await made.call('GET', '/rest/me', { token })).status,
  }
}

describe('in cookie mode', () => {
  test('sign-in answers without the refresh token, which is a cookie that no script can read', async () => {
    const { login, me } = makeBrowser()
    const response = await login()
    const { data } = await response.json()
    expect(Object.keys(data).sort()).toEqual(['accessToken', 'expiresIn', 'user'])
    expect(await me(data.accessToken)).toBe(200)
    expect(response.headers.get('Set-Cookie')).toMatch(
      /^rest-refresh=[\w.-]+; Path=\/rest\/cookie; Max-Age=86400; HttpOnly; SameSite=Strict$/,
    )
  })

  test('the cookie is Secure over https', async () => {
    const response = await makeBrowser({}, 'https://localhost').login()
    expect(response.headers.get('Set-Cookie')).toMatch(/; HttpOnly; SameSite=Strict; Secure$/)
  })

  test('a refresh by the cookie alone gives a new one each time', async () => {
    const { login, post, cookie, me, pass } = makeBrowser()
    await login()
    const cookies = [cookie()]
    for (let i = 0; i < 3; i++) {
      pass(60_000)
      const { data } = await (await post('refresh')).json()
      expect([data.expiresIn, await me(data.accessToken)]).toEqual([900_000, 200])
      cookies.push(cookie())
    }
    expect(new Set(cookies).size).toBe(4)
  })

  test('a spent cookie ends the session, and is taken away', async () => {
    const { login, post, cookie, put, me } = makeBrowser()
    await login()
    const spent = cookie()
    const { data } = await (await post('refresh')).json()
    put(spent)
    expect((await post('refresh')).status).toBe(401)
    expect([cookie(), await me(data.accessToken)]).toEqual(['', 401])
  })

  test('a refresh and a sign-out without a good cookie are 401', async () => {
    const { post, put, login } = makeBrowser()
    const { data } = await (await login()).json()
    for (const path of ['refresh', 'logout']) {
      for (const cookie of ['', 'rest-refresh=', 'rest-refresh=nonsense', `rest-refresh=${data.accessToken}`]) {
        put(cookie)
        expect([path, cookie, (await post(path)).status]).toEqual([path, cookie, 401])
      }
    }
  })

  test('sign-out by the cookie kills every token and takes the cookie away', async () => {
    const { login, post, cookie, put, me } = makeBrowser()
    const { data } = await (await login()).json()
    const before = cookie()
    expect((await post('logout')).status).toBe(204)
    expect([cookie(), await me(data.accessToken)]).toEqual(['', 401])
    put(before)
    expect((await post('refresh')).status).toBe(401)
  })

  test('a sign-in ends the session whose cookie it comes with', async () => {
    const { login, me } = makeBrowser()
    const first = (await (await login()).json()).data
    const second = (await (await login()).json()).data
    expect([await me(first.accessToken), await me(second.accessToken)]).toEqual([401, 200])
  })
})

describe('a page of another origin', () => {
  test.each(['https://evil.example', 'http://localhost.evil.example', 'null', ''])(
    '%j can not use the cookie',
    async (Origin) => {
      const { login, post, cookie, backend } = makeBrowser()
      await login()
      const held = cookie()
      for (const path of ['login', 'refresh', 'logout']) {
        const response = await post(path, { body: ANALYST, headers: { Origin } })
        expect([path, response.status, (await response.json()).error.code]).toEqual([path, 403, 'foreign_origin'])
        expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull()
      }
      expect(await backend.isLive(held.split('=')[1]!)).toBe(true)
    },
  )

  test.each(['http://localhost:5173', 'http://127.0.0.1:8080'])(
    'on loopback, %s, can, and may read it',
    async (Origin) => {
      const { login, post } = makeBrowser()
      await login()
      const response = await post('refresh', { headers: { Origin } })
      expect(response.status).toBe(200)
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(Origin)
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBe('true')
    },
  )

  test('that is on the list can, and loopback then can not', async () => {
    const Origin = 'https://shop.example'
    const { login, post, call } = makeBrowser({ origins: [Origin] })
    await login()
    expect((await post('refresh', { headers: { Origin } })).status).toBe(200)
    expect((await post('refresh', { headers: { Origin: 'http://localhost:5173' } })).status).toBe(403)
    const headers = { Origin, 'Access-Control-Request-Method': 'POST' }
    const preflight = await call('OPTIONS', '/rest/cookie/refresh', { headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('Access-Control-Allow-Credentials')).toBe('true')
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe(Origin)
  })

  test('the same origin can, whatever the list says', async () => {
    const { login, post } = makeBrowser({ origins: [] }, 'https://mock.example')
    await login({ Origin: 'https://mock.example' })
    expect((await post('refresh', { headers: { Origin: 'https://mock.example' } })).status).toBe(200)
    expect((await post('refresh', { headers: { Origin: 'http://mock.example' } })).status).toBe(403)
  })
})
