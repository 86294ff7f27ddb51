import { CompactSign } from 'jose'
import { expect, test } from 'vitest'
import { createSigner } from './signer.ts'

/** A signer whose key is of a hash, and a token made with that key. */
async function makeSigned(hash: string, alg: string) {
  const algorithm = { name: 'HMAC', hash }
  const key = (await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])) as CryptoKey
  const signer = createSigner({
    signing: async () => ({ id: 'a', key }),
    verifying: async () => [{ id: 'a', key }],
    counts: async () => true,
    rotate: async () => {},
  })
  const token = await new CompactSign(new TextEncoder().encode('{}')).setProtectedHeader({ alg, typ: 'JWT' }).sign(key)
  return signer.verify(token)
}

test('no algorithm but HS256 is taken, though the key would do for another', async () => {
  expect(await makeSigned('SHA-256', 'HS256')).toEqual({ header: { alg: 'HS256', typ: 'JWT' }, payload: {} })
  expect(await makeSigned('SHA-384', 'HS384')).toBeUndefined()
  expect(await makeSigned('SHA-512', 'HS512')).toBeUndefined()
})
