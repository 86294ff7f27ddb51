import { base64url, CompactSign, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import { memoryStore } from './index.ts'

type Json = Record<string, unknown>

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const encode = (value: unknown) => base64url.encode(bytes(value))
const SECOND = Date.UTC(2019, 6, 14, 12, 11, 10) / 1000

/** A backend with a live session, and the key that only the server has: what is signed with it fails for what it says. */
async function makeInsider() {
  const store = memoryStore({ now: () => 0 })
  const lines: string[] = []
  const made = makeBackend({ store, log: (line) => lines.push(line) })
  const genuine = await made.token()
  const [[, ring] = []] = await store.list<{ id: string; secret: string }[]>('keys')
  const { id, secret } = ring![0]!
  const claims: Json = decodeProtectedHeader(genuine)
  const sign = (header: Json, payload: unknown = { user_id: 7 }) =>
    new CompactSign(payload instanceof Uint8Array ? payload : bytes(payload))
      .setProtectedHeader({ alg: 'HS256', ...header })
      .sign(base64url.decode(secret))
  return {
    ...made,
    lines,
    genuine,
    claims,
    kid: id,
    sign,
    /** The status for a token signed with our key whose header differs. */
    statusWith: async (header: Json, payload?: unknown) =>
      made.statusFor(await sign({ ...claims, ...header }, payload)),
  }
}

test('what is signed with the key and says the same is accepted: the tests below fail for what they change', async () => {
  const { kid, statusWith } = await makeInsider()
  expect(await statusWith({})).toBe(200)
  expect(await statusWith({ kid })).toBe(200)
  expect(await statusWith({ nbf: SECOND, iat: SECOND })).toBe(200)
})

describe('a token is refused, although signed with our key,', () => {
  test.each([
    ['without an end', { exp: undefined }],
    ['with an end in words', { exp: '9999999999' }],
    ['with an end of null', { exp: null }],
    ['with an end that is a list', { exp: [9_999_999_999] }],
    ['with an end in the past', { exp: SECOND - 1 }],
    ['with an end right now', { exp: SECOND }],
    ['before its time', { nbf: SECOND + 6 }],
    ['with a beginning in words', { nbf: 'now' }],
    ['issued in the future', { iat: SECOND + 6 }],
    ['issued in words', { iat: '2019-07-14' }],
    ['without an id', { jti: undefined }],
    ['with an id that is a number', { jti: 7 }],
    ['with an id that is a list', { jti: ['a'] }],
    ['with an unknown id', { jti: '00000000-0000-4000-8000-000000000000' }],
    ['with an id that is a name of the language', { jti: '__proto__' }],
    ['without a type', { typ: undefined }],
    ['with the type of a logout token', { typ: 'logout+jwt' }],
    ['with a type of number', { typ: 1 }],
    ['with a key id of number', { kid: 1 }],
    ['with a key id of null', { kid: null }],
    ['with an unknown key id', { kid: 'nobody' }],
    ['with a path for a key id', { kid: '../../../../dev/null' }],
    ['with a query for a key id', { kid: "x' UNION SELECT 'AA" }],
    ['with an empty key id', { kid: '' }],
  ])('%s', async (_, header) => {
    expect(await (await makeInsider()).statusWith(header)).toBe(401)
  })

  test('with critical headers that it does not know (RFC 7515 §4.1.11)', async () => {
    const { claims, genuine, statusFor } = await makeInsider()
    const [, payload, signature] = genuine.split('.')
    for (const extra of [
      { crit: ['exp'] },
      { crit: [] },
      { crit: ['b64'], b64: false },
      { zip: 'DEF', crit: ['zip'] },
    ]) {
      expect(await statusFor(`${encode({ ...claims, ...extra })}.${payload}.${signature}`)).toBe(401)
    }
  })

  test('with a payload that is no JSON object', async () => {
    const { statusWith } = await makeInsider()
    const payloads = [
      [],
      null,
      'text',
      7,
      new Uint8Array(),
      new Uint8Array([0xff, 0xfe]),
      new TextEncoder().encode('{'),
      // Within a JSON text that is right but for this: no UTF-8.
      new Uint8Array([...new TextEncoder().encode('{"a":"'), 0xff, 0x22, 0x7d]),
    ]
    for (const payload of payloads) expect(await statusWith({}, payload)).toBe(401)
  })

  test('if header and payload contradict each other', async () => {
    const { claims, statusWith } = await makeInsider()
    const { exp, jti, iat } = claims
    expect(await statusWith({}, { exp, jti, iat, user_id: 7 })).toBe(200)
    expect(await statusWith({}, { exp: Number(exp) + 1 })).toBe(401)
    expect(await statusWith({}, { jti: 'another' })).toBe(401)
    expect(await statusWith({ nbf: SECOND }, { nbf: SECOND + 60 })).toBe(401)
  })

  test('once its time by the record of the server is over, whatever its own end', async () => {
    const { statusWith, pass } = await makeInsider()
    // In milliseconds, as a careless signer writes it: the year 51 000.
    const inMilliseconds = { exp: (SECOND + 3600) * 1000 }
    expect(await statusWith(inMilliseconds)).toBe(200)
    pass(1800_000)
    expect(await statusWith(inMilliseconds)).toBe(401)
  })
})

test('clocks of several instances may differ by five seconds at the beginning of a token, by none at its end', async () => {
  const { statusWith } = await makeInsider()
  expect(await statusWith({ iat: SECOND + 5, nbf: SECOND + 5 })).toBe(200)
  expect(await statusWith({ exp: SECOND })).toBe(401)
})

test('with a removed key the id of a new one does not help', async () => {
  const { backend, claims, sign, statusFor, kid } = await makeInsider()
  await backend.rotateKeys({ keepOld: false })
  for (const header of [claims, { ...claims, kid }]) expect(await statusFor(await sign(header))).toBe(401)
})

test('a replaced key is good for no longer than its last token could be', async () => {
  const { backend, claims, sign, statusFor, token, pass } = await makeInsider()
  await backend.rotateKeys()
  pass(86_400_000 - 1000)
  await backend.rotateKeys()
  const { jti, exp } = decodeProtectedHeader(await token()) as Json
  const withOldKey = await sign({ ...claims, jti, exp })
  expect(await statusFor(withOldKey)).toBe(200)
  pass(1000)
  expect(await statusFor(withOldKey)).toBe(401)
})

test('a header that says a thing twice, or says it at great length, is refused', async () => {
  const { claims, genuine, statusFor } = await makeInsider()
  const [, payload, signature] = genuine.split('.')
  const text = JSON.stringify(claims)
  for (const header of [
    `${text.slice(0, -1)},"alg":"none"}`,
    `{"alg":"none",${text.slice(1)}`,
    `${text.slice(0, -1)},"exp":9999999999}`,
    `\uFEFF${text}`,
    ` ${text}`,
    `${'['.repeat(3000)}${']'.repeat(3000)}`,
    `${text.slice(0, -1)},"x5c":["${'A'.repeat(4000)}"]}`,
  ]) {
    expect(await statusFor(`${base64url.encode(header)}.${payload}.${signature}`)).toBe(401)
  }
})

test('nothing that an unsigned token says gets into the log', async () => {
  const { lines, claims, genuine, statusFor, pass, call } = await makeInsider()
  const [header, payload, signature] = genuine.split('.') as [string, string, string]
  const forged = `${encode({ ...claims, exp: 1 })}.${payload}.${signature}`
  await call('POST', '/auth/logout/', { token: genuine })
  const before = lines.length
  for (const token of [forged, `${header}.${payload}.`, `${header}.${payload}.${'A'.repeat(43)}`]) {
    expect(await statusFor(token)).toBe(401)
  }
  pass(1800_000)
  expect(await statusFor(forged)).toBe(401)
  expect(lines.length).toBe(before)
})

test('no two tokens and no two sessions have the same id', async () => {
  const { backend, token, call } = makeBackend()
  const jwt = await token()
  await Promise.all(Array.from({ length: 200 }, () => call('POST', '/auth/refresh/', { token: jwt })))
  await Promise.all(Array.from({ length: 50 }, () => token()))
  const sessions = await backend.sessions()
  const ids = sessions.flatMap(({ id, tokens }) => [id, ...tokens.map(({ jti }) => jti)])
  expect([sessions.length, ids.length, new Set(ids).size]).toEqual([51, 302, 302])
  for (const { id } of sessions) expect(id).toMatch(/^[0-9a-f]{32}$/)
})
