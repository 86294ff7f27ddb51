import { CompactSign, compactVerify } from 'jose'

type Json = Record<string, unknown>

/** What a token says of itself, wherever the system puts it. */
export type Decoded = { header: Json; payload: Json }

const ALGORITHM = 'HS256'
const MAX_TOKEN_CHARS = 8192

/** Signs and verifies JWTs with one HS256 key of 256 random bits, made at the first use and never exported (RFC 8725). */
export function createSigner() {
  let key: Promise<CryptoKey> | undefined
  const theKey = () =>
    (key ??= crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign', 'verify']))

  return {
    /** A signed compact JWT. */
    async sign({ header, payload }: Decoded): Promise<string> {
      const bytes = new TextEncoder().encode(JSON.stringify(payload))
      return new CompactSign(bytes).setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...header }).sign(await theKey())
    },
    /** Header and payload of a JWT that this signer signed, undefined for anything else; a key named by the token is ignored. */
    async verify(token: string): Promise<Decoded | undefined> {
      if (token.length > MAX_TOKEN_CHARS) return undefined
      try {
        const { protectedHeader, payload } = await compactVerify(token, await theKey(), { algorithms: [ALGORITHM] })
        if (protectedHeader.typ !== 'JWT') return undefined
        return { header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload)) }
      } catch {
        return undefined
      }
    },
  }
}
