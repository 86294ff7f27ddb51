import { base64url, CompactSign, decodeJwt, decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import { memoryStore } from './index.ts'

/** A signed-in user, and the key that only the server has: what is signed with it fails for what it says. */
async function makeInsider() {
  const store = memoryStore({ now: () => 0 })
  const { call } = makeBackend({ store })
  const body = { username: 'analyst@example.com', password: 'bug#1' }
  const foreign = (await (await call('POST', '/auth', { body })).json()).token as string
  const { accessToken, refreshToken } = (await (await call('POST', '/rest/login', { body })).json()).data
  const [[, ring] = []] = await store.list<{ secret: string }[]>('keys')
  /** A token, with some of what it says changed, signed anew. */
  const altered = (token: string, header: object, payload: object) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify({ ...decodeJwt(token), ...payload })))
      .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'HS256', ...header })
      .sign(base64url.decode(ring![0]!.secret))
  const statusAt = {
    me: async (token: string) => (await call('GET', '/rest/me', { token })).status,
    refresh: async (token: string) => (await call('POST', '/rest/refresh', { body: { refreshToken: token } })).status,
  }
  return {
    me: async (header: object, payload: object) => statusAt.me(await altered(accessToken, header, payload)),
    refresh: async (header: object, payload: object) => statusAt.refresh(await altered(refreshToken, header, payload)),
    /** A token of a session at another system, dressed as one of ours. */
    foreign: async () => {
      const ours = { ...decodeJwt(accessToken), ...decodeProtectedHeader(foreign), typ: undefined, alg: undefined }
      return statusAt.me(await altered(accessToken, {}, ours))
    },
    /** Each token with the type of the other, in the place of the other. */
    exchanged: async () => [
      await statusAt.me(await altered(refreshToken, { typ: 'at+jwt' }, {})),
      await statusAt.refresh(await altered(accessToken, { typ: 'rt+jwt' }, {})),
    ],
  }
}

test('what is signed anew and says the same is accepted: the test below fails for what it changes', async () => {
  const { me, refresh } = await makeInsider()
  expect([await me({}, {}), await refresh({}, {})]).toEqual([200, 200])
})

test.each([
  ['the type of any token', { typ: 'JWT' }, {}],
  ['another issuer', {}, { iss: 'https://evil.example' }],
  ['no issuer', {}, { iss: undefined }],
  ['another audience', {}, { aud: 'eclipse' }],
  ['a list of audiences', {}, { aud: ['rest'] }],
  ['no audience', {}, { aud: undefined }],
  ['another subject', {}, { sub: '8' }],
  ['a subject that is a number', {}, { sub: 7 }],
])('with %s a token is refused, although signed with our key', async (_, header, payload) => {
  const { me, refresh } = await makeInsider()
  expect([await me(header, payload), await refresh(header, payload)]).toEqual([401, 401])
})

test('an access token dressed as a refresh token, and the other way round, is refused', async () => {
  expect(await (await makeInsider()).exchanged()).toEqual([401, 401])
})

test('a session at another system is of no use here, though its token says what ours say', async () => {
  expect(await (await makeInsider()).foreign()).toBe(401)
})
