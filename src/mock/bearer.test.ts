import { base64url, CompactSign, decodeProtectedHeader, exportSPKI, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'

const encode = (value: unknown) => base64url.encode(JSON.stringify(value))

/** A live token, taken apart, with a way to ask what the server makes of another. */
async function makeTarget() {
  const made = makeBackend()
  const genuine = await made.token()
  const [header, payload, signature] = genuine.split('.') as [string, string, string]
  return { ...made, genuine, header, payload, signature, claims: decodeProtectedHeader(genuine) }
}

const sign = (header: Record<string, unknown>, key: Uint8Array) =>
  new CompactSign(new TextEncoder().encode('{"user_id":7}')).setProtectedHeader({ alg: 'HS256', ...header }).sign(key)

describe('a token that this server did not sign gets 401', () => {
  test('with algorithm none, in any spelling', async () => {
    const { claims, payload, signature, statusFor } = await makeTarget()
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const header = encode({ ...claims, alg })
      expect(await statusFor(`${header}.${payload}.`)).toBe(401)
      expect(await statusFor(`${header}.${payload}.${signature}`)).toBe(401)
    }
  })

  test('signed with another key, named by the token in every way a header allows', async () => {
    const { claims, statusFor } = await makeTarget()
    const key = crypto.getRandomValues(new Uint8Array(32))
    const jwk = { kty: 'oct', k: base64url.encode(key) }
    const pointers = [
      {},
      { kid: '../../dev/null' },
      { jwk },
      { jku: 'http://localhost/keys' },
      { x5u: 'http://localhost/' },
    ]
    for (const pointer of pointers) expect(await statusFor(await sign({ ...claims, ...pointer }, key))).toBe(401)
    expect(await statusFor(await sign(claims, new Uint8Array(32)))).toBe(401)
  })

  test('with RS256 or HS512 in its header, or signed by a public key as if it were a secret', async () => {
    const { claims, payload, signature, statusFor } = await makeTarget()
    for (const alg of ['RS256', 'ES256', 'HS384', 'HS512', 'hs256']) {
      expect(await statusFor(`${encode({ ...claims, alg })}.${payload}.${signature}`)).toBe(401)
    }
    const { publicKey } = await generateKeyPair('RS256', { extractable: true })
    expect(await statusFor(await sign(claims, new TextEncoder().encode(await exportSPKI(publicKey))))).toBe(401)
  })

  test('with another payload, a later end, or another typ', async () => {
    const { claims, header, payload, signature, statusFor } = await makeTarget()
    expect(await statusFor(`${header}.${encode({ user_id: 8 })}.${signature}`)).toBe(401)
    expect(await statusFor(`${encode({ ...claims, exp: 9_999_999_999 })}.${payload}.${signature}`)).toBe(401)
    expect(await statusFor(`${encode({ ...claims, typ: 'at+jwt' })}.${payload}.${signature}`)).toBe(401)
  })

  test('in any broken form', async () => {
    const { genuine, header, payload, signature, statusFor } = await makeTarget()
    const broken = [
      '',
      '.',
      '..',
      '...',
      `${header}.${payload}`,
      `${genuine}.${signature}`,
      `${header}.${payload}.%%%`,
      `!!!.${payload}.${signature}`,
      `${base64url.encode('not json')}.${payload}.${signature}`,
      `${genuine}, Bearer ${genuine}`,
      `${genuine} ${genuine}`,
      'x'.repeat(9000),
      `${header}.${'A'.repeat(1_000_000)}.${signature}`,
      '__proto__',
      // What is printed in EclecticIQ's document.
      'eyJhbGciOiJU ... wiZ1oxNTEwaTIyNDcwfQ.eyJ1c2VyX2lk1jo3fQ.3o65E263hSGf4od5o4eoME2GRF-CnYJvaVg69YTq9HU',
    ]
    for (const token of broken) expect([token.slice(0, 50), await statusFor(token)]).toEqual([token.slice(0, 50), 401])
  })

  test('from another backend, or from before a reset', async () => {
    const { backend, genuine, statusFor } = await makeTarget()
    expect(await statusFor(await makeBackend().token())).toBe(401)
    await backend.reset()
    expect(await statusFor(genuine)).toBe(401)
  })
})

test('a token is refused at its exp to the millisecond, without leeway', async () => {
  const { genuine, pass, statusFor } = await makeTarget()
  pass(1800_000 - 1)
  expect(await statusFor(genuine)).toBe(200)
  pass(1)
  expect(await statusFor(genuine)).toBe(401)
})

test('another spelling of the same token is dead with it', async () => {
  const { genuine, call, statusFor } = await makeTarget()
  // The last character of a 256-bit signature carries two bits that decoding drops.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const twin = genuine.slice(0, -1) + alphabet[alphabet.indexOf(genuine.at(-1)!) ^ 1]
  await call('POST', '/auth/logout/', { token: genuine })
  expect(await statusFor(twin)).toBe(401)
})

describe('what a 401 says', () => {
  test('without credentials it names the realm and no error', async () => {
    const { call } = makeBackend()
    for (const headers of [{}, { Authorization: 'Basic YW5hbHlzdDpidWcjMQ==' }]) {
      const response = await call('GET', '/feeds/', { headers })
      expect([response.status, response.headers.get('WWW-Authenticate')]).toEqual([
        401,
        'Bearer realm="stillhere-mock"',
      ])
    }
  })

  test('a forged, an expired and a revoked token get the same answer', async () => {
    const { call, token, pass } = makeBackend()
    const [revoked, expired] = [await token(), await token({ 'x-stillhere-mock-ttl': '1' })]
    await call('POST', '/auth/logout/', { token: revoked })
    pass(1000)
    const answers = await Promise.all(
      [revoked, expired, 'forged'].map(async (jwt) => {
        const response = await call('GET', '/feeds/', { token: jwt })
        return [response.status, [...response.headers], await response.text()]
      }),
    )
    expect(answers[0]).toEqual([401, expect.anything(), expect.any(String)])
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    const { headers } = await call('GET', '/feeds/', { token: revoked })
    expect(headers.get('WWW-Authenticate')).toBe('Bearer realm="stillhere-mock", error="invalid_token"')
  })
})

test('a token is looked for in the Authorization header alone', async () => {
  const { genuine, call } = await makeTarget()
  expect((await call('GET', `/feeds/?access_token=${genuine}&token=${genuine}`)).status).toBe(401)
  expect((await call('POST', '/auth/refresh/', { body: { token: genuine } })).status).toBe(401)
})

test('the scheme is read in any case and with any number of spaces', async () => {
  const { genuine, call } = await makeTarget()
  for (const scheme of ['bearer ', 'BEARER  ', 'Bearer ']) {
    expect((await call('GET', '/feeds/', { headers: { Authorization: scheme + genuine } })).status).toBe(200)
  }
})
