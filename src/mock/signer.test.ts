import { CompactSign } from 'jose'
import { expect, test, vi } from 'vitest'
import { createSigner } from './signer.ts'

const keysOf = (key: CryptoKey) => ({
  signing: async () => ({ id: 'a', key }),
  verifying: vi.fn(async () => [{ id: 'a', key }]),
  counts: async () => true,
  rotate: async () => {},
})

const layoutOf = (sub: string) => ({ header: {}, payload: { sub } })

/** A signer whose key is of a hash, and a token made with that key. */
async function makeSigned(hash: string, alg: string) {
  const algorithm = { name: 'HMAC', hash }
  const key = (await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])) as CryptoKey
  const signer = createSigner(keysOf(key), () => 0)
  const token = await new CompactSign(new TextEncoder().encode('{}')).setProtectedHeader({ alg, typ: 'JWT' }).sign(key)
  return signer.verify(token)
}

test('no algorithm but HS256 is taken, though the key would do for another', async () => {
  expect(await makeSigned('SHA-256', 'HS256')).toEqual({ header: { alg: 'HS256', typ: 'JWT' }, payload: {} })
  expect(await makeSigned('SHA-384', 'HS384')).toBeUndefined()
  expect(await makeSigned('SHA-512', 'HS512')).toBeUndefined()
})

test('a signature is computed once for a token that comes again and again, and anew after ten minutes without it', async () => {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const keys = keysOf((await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])) as CryptoKey)
  let time = 0
  const signer = createSigner(keys, () => time)
  const [asked, other] = [await signer.sign(() => layoutOf('a')), await signer.sign(() => layoutOf('b'))]
  for (; time <= 3_600_000; time += 60_000) expect(await signer.verify(asked)).toMatchObject({ payload: { sub: 'a' } })
  expect(keys.verifying).toHaveBeenCalledTimes(1)

  for (const minutes of [10, 10, -600]) {
    time += minutes * 60_000
    await signer.verify(other)
    time += minutes * 60_000
    await signer.verify(other)
    keys.verifying.mockClear()
    expect(await signer.verify(asked)).toMatchObject({ payload: { sub: 'a' } })
    expect(keys.verifying).toHaveBeenCalledTimes(1)
  }
})

test('more tokens than are remembered at once are each verified', async () => {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const keys = keysOf((await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])) as CryptoKey)
  const signer = createSigner(keys, () => 0)
  const tokens = await Promise.all(Array.from({ length: 6_000 }, (_, i) => signer.sign(() => layoutOf(String(i)))))
  for (const [i, token] of tokens.entries()) expect((await signer.verify(token))?.payload.sub).toBe(String(i))
  keys.verifying.mockClear()
  expect((await signer.verify(tokens.at(-1)!))?.payload.sub).toBe('5999')
  expect(keys.verifying).not.toHaveBeenCalled()
  expect((await signer.verify(tokens[0]!))?.payload.sub).toBe('0')
  expect(keys.verifying).toHaveBeenCalledTimes(1)
})
