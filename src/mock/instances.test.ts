import { decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import { memoryStore, StoreUnavailable } from './index.ts'

/** Two instances of one server. */
function makePair() {
  const store = memoryStore({ now: () => 0 })
  return { one: makeBackend({ store }), two: makeBackend({ store }) }
}

const withControl = { headers: { 'x-stillhere-mock': '1' } }

describe('two instances over one store', () => {
  test("accept each other's tokens, those of the first key included", async () => {
    const { one, two } = makePair()
    const [first, second] = await Promise.all([one.token(), two.token()])
    for (const { statusFor } of [one, two])
      expect([await statusFor(first), await statusFor(second)]).toEqual([200, 200])
  })

  test('end a session for both, every token of it', async () => {
    const { one, two } = makePair()
    const first = await one.token()
    const { token: second } = await (await two.call('POST', '/auth/refresh/', { token: first })).json()
    expect((await two.call('POST', '/auth/logout/', { token: second })).status).toBe(204)
    for (const { statusFor } of [one, two])
      expect([await statusFor(first), await statusFor(second)]).toEqual([401, 401])
    expect(await one.backend.sessions()).toEqual(await two.backend.sessions())
  })

  test('change keys for both', async () => {
    const { one, two } = makePair()
    const old = await one.token()
    await two.backend.rotateKeys()
    const fresh = await one.token()
    expect([await two.statusFor(old), await two.statusFor(fresh)]).toEqual([200, 200])
    await one.backend.rotateKeys({ keepOld: false })
    expect([await two.statusFor(old), await two.statusFor(fresh), await two.statusFor(await one.token())]).toEqual([
      401, 401, 200,
    ])
  })
})

describe('a change of the signing key', () => {
  test('leaves tokens of the old key good until they end', async () => {
    const { backend, token, statusFor, pass } = makeBackend()
    const old = await token()
    await backend.rotateKeys()
    pass(1000)
    const fresh = await token()
    pass(1799_000 - 1)
    expect([await statusFor(old), await statusFor(fresh)]).toEqual([200, 200])
    pass(1)
    expect([await statusFor(old), await statusFor(fresh)]).toEqual([401, 200])
  })

  test('kills every token if the old key is not kept, and no one signed in since', async () => {
    const { backend, token, statusFor, call } = makeBackend()
    const old = await token()
    await backend.rotateKeys({ keepOld: false })
    expect(await statusFor(old)).toBe(401)
    expect((await call('POST', '/auth/refresh/', { token: old })).status).toBe(401)
    expect(await statusFor(await token())).toBe(200)
  })

  test.each([
    [undefined, 200],
    [{}, 200],
    [{ keepOld: true }, 200],
    [{ keepOld: false }, 401],
  ])('is made at the control endpoint with %j: the old token is %d', async (body, status) => {
    const { call, token, statusFor } = makeBackend()
    const old = await token()
    expect((await call('POST', '/__stillhere/rotate-key', { ...withControl, body })).status).toBe(204)
    expect([await statusFor(old), await statusFor(await token())]).toEqual([status, 200])
  })

  test('is told apart by a token that names its key', async () => {
    const { backend, call } = makeBackend()
    const signIn = async () => {
      const body = { username: 'analyst@example.com', password: 'bug#1' }
      return (await (await call('POST', '/rest/login', { body })).json()).data.accessToken as string
    }
    const old = await signIn()
    await backend.rotateKeys()
    const fresh = await signIn()
    expect(decodeProtectedHeader(old).kid).not.toBe(decodeProtectedHeader(fresh).kid)
    expect([await backend.isLive(old), await backend.isLive(fresh)]).toEqual([true, true])
    await backend.rotateKeys({ keepOld: false })
    expect([await backend.isLive(old), await backend.isLive(fresh)]).toEqual([false, false])
  })

  test('is refused where what is asked is not understood', async () => {
    const { call, token, statusFor } = makeBackend()
    const old = await token()
    for (const body of [{ keepOld: 'no' }, { keep: false }]) {
      expect((await call('POST', '/__stillhere/rotate-key', { ...withControl, body })).status).toBe(400)
    }
    expect(await statusFor(old)).toBe(200)
  })

  test('many of them in a row leave old tokens good, and a removed key never comes back', async () => {
    const { backend, token, statusFor } = makeBackend()
    const removed = await token()
    await backend.rotateKeys({ keepOld: false })
    const old = await token()
    for (let i = 0; i < 9; i++) await backend.rotateKeys()
    expect([await statusFor(removed), await statusFor(old)]).toEqual([401, 200])
  })
})

test('a store that does not answer makes a 503 worth another try, not a refusal', async () => {
  const store = memoryStore({ now: () => 0 })
  let down = false
  const failing = <Args extends unknown[], Result>(step: (...args: Args) => Promise<Result>) =>
    (async (...args: Args) => {
      if (down) throw new StoreUnavailable()
      return step(...args)
    }) as never
  const { token, call, signIn, statusFor } = makeBackend({
    store: { ...store, read: failing(store.read), update: failing(store.update) },
  })
  const jwt = await token()
  down = true
  for (const answer of [
    await call('GET', '/feeds/', { token: jwt }),
    await signIn(),
    await call('POST', '/auth/refresh/', { token: jwt }),
    await call('POST', '/auth/logout/', { token: jwt }),
  ]) {
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '1'])
    expect(answer.headers.get('WWW-Authenticate')).toBeNull()
  }
  down = false
  expect(await statusFor(jwt)).toBe(200)
})

test('a token of EclecticIQ says nothing of keys', async () => {
  expect(decodeProtectedHeader(await makeBackend().token())).not.toHaveProperty('kid')
})
