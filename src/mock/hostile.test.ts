import { beforeAll, describe, expect, test, vi } from 'vitest'
import { makeBackend } from './fixture.ts'
import { ANALYST, allTokens, type Door, doors, outcome } from './fixture-doors.ts'
import { forgeries, signHmac, signRsa, takeApart } from './fixture-forgeries.ts'
import { expectNoAccidents } from './fixture-quiet.ts'
import { memoryStore } from './index.ts'

const SECOND = Date.UTC(2019, 6, 14, 12, 11, 10) / 1000

expectNoAccidents()

// Key pairs take long to make: these two take turns, so that after a reset there is another.
const generateKey = crypto.subtle.generateKey.bind(crypto.subtle)
let pairs: [CryptoKeyPair, CryptoKeyPair]
let given = 0

beforeAll(async () => {
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  }
  const make = () => generateKey(rsa, false, ['sign', 'verify'])
  pairs = await Promise.all([make(), make()])
})

/** A backend, its published key, and a way to sign with the keys that only the server has. */
async function makeScene() {
  vi.spyOn(crypto.subtle, 'generateKey').mockImplementation((async () => pairs[given++ % 2]) as never)
  const store = memoryStore({ now: () => 0 })
  const made = makeBackend({ store, sleep: async () => {} })
  const { keys } = await (await made.call('GET', '/auth0/.well-known/jwks.json')).json()
  const { privateKey } = pairs[(given - 1) % 2]!

  /** A genuine token with other claims, in the header or the payload as the system has them. */
  async function resign(genuine: string, claims: Record<string, unknown>): Promise<string> {
    const { header, payload } = takeApart(genuine)
    for (const [name, value] of Object.entries(claims)) {
      Object.assign(name in header ? header : payload, { [name]: value })
    }
    if (header.alg === 'RS256') return signRsa(header, payload, privateKey)
    const [[, ring] = []] = await store.list<{ secret: string }[]>('keys')
    return signHmac(header, payload, Buffer.from(ring![0]!.secret, 'base64url'))
  }
  return { ...made, publicKey: keys[0], resign }
}

/** What each of many requests comes to, by name, without those that come to what they should. */
async function unexpected(
  wanted: number,
  requests: Readonly<Record<string, () => Promise<Response>>>,
  system: Door['system'],
) {
  const found: Record<string, number | string> = {}
  for (const [name, ask] of Object.entries(requests)) {
    const came = await outcome(system, await ask())
    if (came !== wanted) found[name] = came
  }
  return found
}

const mapped = <T, U>(record: Readonly<Record<string, T>> | readonly T[], change: (value: T, name: string) => U) =>
  Object.fromEntries(Object.entries<T>(record).map(([name, value]) => [name, change(value, name)]))

// To a token of auth0 its issuer's key is all: the server keeps no record of it.
const isAuth0 = ({ name }: Door) => name.startsWith('token of auth0')

describe.each(doors.map((door) => [door.name, door] as const))('%s', (name, door) => {
  const { system, carrier, token, knock } = door

  test('is refused with 401 if it was not made here', async () => {
    const { call, publicKey } = await makeScene()
    const genuine = await token(call)
    const forged = await forgeries(genuine, publicKey, carrier)
    expect(
      await unexpected(
        401,
        mapped(forged, (text) => () => knock(call, text)),
        system,
      ),
    ).toEqual({})
    expect((await knock(call, genuine)).status).toBeLessThan(300)
  })

  test('is refused with 401 if it is of any other kind', async () => {
    const { call } = await makeScene()
    const others: Record<string, () => Promise<Response>> = {}
    for (const [kind, give] of Object.entries(allTokens)) {
      const other = await give(call)
      if (!name.startsWith(kind)) others[kind] = () => knock(call, other)
    }
    expect(Object.keys(others)).toHaveLength(7)
    expect(await unexpected(401, others, system)).toEqual({})
    expect((await knock(call, await token(call))).status).toBeLessThan(300)
  })

  test('is refused with 401 for what it says, although our own key signed it', async () => {
    const { call, resign } = await makeScene()
    const genuine = await token(call)
    const claims: Record<string, unknown>[] = [
      ...[undefined, null, '9999999999', '1e308', '', true, [9_999_999_999], {}, 0, -1, -1e308].map((exp) => ({ exp })),
      ...[SECOND, SECOND - 0.5, SECOND - 1].map((exp) => ({ exp })),
      ...[SECOND + 60, SECOND + 60.5, 1e308, 'now', null, {}].map((nbf) => ({ nbf })),
      ...[SECOND + 60, 1e308, '2019-07-14', null].map((iat) => ({ iat })),
      ...['id+jwt', 'logout+jwt', '', 7, null].map((typ) => ({ typ })),
    ]
    if (isAuth0(door) || system === 'rest') {
      claims.push({ iss: 'https://evil.example/' }, { iss: undefined }, { iss: ['stillhere-mock'] })
      claims.push({ aud: 'other' }, { aud: undefined }, { aud: [] }, { sub: 'auth0|9' }, { sub: undefined }, { sub: 7 })
    }
    if (!isAuth0(door)) {
      claims.push(
        { exp: 1e308 },
        ...[undefined, null, 7, ['a'], '', '__proto__', 'a'.repeat(3000)].map((jti) => ({ jti })),
      )
    }
    const signed: Record<string, () => Promise<Response>> = {}
    for (const said of claims) {
      const text = await resign(genuine, said)
      signed[JSON.stringify(said, (_, value) => value ?? String(value))] = () => knock(call, text)
    }
    expect(await unexpected(401, signed, system)).toEqual({})
    expect((await knock(call, await resign(genuine, {}))).status).toBeLessThan(300)
  })

  test('is refused with 401 after its end, and after a reset', async () => {
    const { backend, call, pass } = await makeScene()
    const [late, lost] = [await token(call), await token(call)]
    pass(86_400_000)
    expect(await outcome(system, await knock(call, late))).toBe(401)
    const fresh = await token(call)
    await backend.reset()
    for (const dead of [lost, fresh]) expect(await outcome(system, await knock(call, dead))).toBe(401)
  })
})

describe.each(doors.filter(({ carrier }) => carrier === 'header').map((door) => [door.name, door] as const))(
  '%s, in an Authorization header',
  (_, door) => {
    const { system, token, knock } = door

    /** The same request with headers of another kind. */
    const withHeaders = (
      call: ReturnType<typeof makeBackend>['call'],
      genuine: string,
      headers: Record<string, string>,
    ) =>
      knock(
        (method, path, { body } = {}) => call(method, path, { headers, ...(body === undefined ? {} : { body }) }),
        genuine,
      )

    test('is read after one scheme alone, in any case, and in no other header', async () => {
      const { call } = await makeScene()
      const genuine = await token(call)
      const wrong = [
        ...[`Bearer${genuine}`, `Bearer:${genuine}`, `Bearer=${genuine}`, `Bearer\t${genuine}`, genuine, ''],
        ...[`Token ${genuine}`, `Basic ${btoa(genuine)}`, `JWT ${genuine}`],
      ]
      const others = {
        'Proxy-Authorization': `Bearer ${genuine}`,
        'X-Access-Token': genuine,
        Cookie: `token=${genuine}`,
      }
      const requests = {
        ...mapped(wrong, (Authorization) => () => withHeaders(call, genuine, { Authorization })),
        ...mapped(others, (value, name) => () => withHeaders(call, genuine, { [name]: value })),
      }
      // At its sign-in datarhei Core answers 400 to a request without credentials.
      expect(await unexpected(isAuth0(door) ? 400 : 401, requests, system)).toEqual({})
      for (const scheme of ['bearer ', 'BEARER   ']) {
        const fresh = await token(call)
        const { status } = await withHeaders(call, fresh, { Authorization: scheme + fresh })
        expect([scheme, status < 300]).toEqual([scheme, true])
      }
    })
  },
)

describe('where no token is needed', () => {
  test('a forged one ends no session at a sign-in, and revokes none', async () => {
    const { backend, call, publicKey } = await makeScene()
    const genuine = await allTokens['refresh token of rest']!(call)
    const forged = await forgeries(genuine, publicKey, 'header')
    for (const text of Object.values(forged)) {
      const signedIn = await call('POST', '/rest/login', { token: text, body: ANALYST })
      expect(signedIn.status).toBe(200)
      const body = new URLSearchParams({ token: text }).toString()
      if (body.length < 60_000) expect((await call('POST', '/rest/revoke', { body })).status).toBe(200)
    }
    expect((await backend.sessions()).filter(({ endedAt }) => endedAt !== undefined)).toEqual([])
    expect(await backend.isLive(genuine)).toBe(true)
  })

  test('a forged one is told no more than none', async () => {
    const { call, publicKey } = await makeScene()
    const genuine = await allTokens['access token of datarhei']!(call)
    const about = async (token?: string) => (await call('GET', '/api/', token === undefined ? {} : { token })).text()
    const nobody = await about()
    for (const text of Object.values(await forgeries(genuine, publicKey, 'header')))
      expect(await about(text)).toBe(nobody)
    expect(await about(genuine)).not.toBe(nobody)
  })
})
