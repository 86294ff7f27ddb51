import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose'
import type { Keys } from './keys.ts'

type Json = Record<string, unknown>

/** What a token says of itself, wherever the system puts it. */
export type Decoded = { header: Json; payload: Json }

const ALGORITHM = 'HS256'
const MAX_TOKEN_CHARS = 8192
const LATELY_MS = 5 * 60_000
const MAX_LATELY = 2500
// RFC 9068 §2.1 has at+jwt; a token of any other type was made for something else.
const TYPES = ['JWT', 'at+jwt', 'rt+jwt']

/** Whether a text is written as a compact JWS is, without a sign that a lenient decoder would pass over (RFC 7515 §2), and no longer than any of ours. */
export const isCompact = (token: string): boolean =>
  token.length <= MAX_TOKEN_CHARS && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

async function open(token: string, key: CryptoKey): Promise<Decoded | undefined> {
  try {
    const { protectedHeader, payload } = await compactVerify(token, key, { algorithms: [ALGORITHM] })
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    if (!TYPES.includes(protectedHeader.typ ?? '') || !isObject(claims)) return undefined
    return { header: protectedHeader, payload: claims }
  } catch {
    return undefined
  }
}

function headerOf(token: string): Json | undefined {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return undefined
  }
}

type Verified = Readonly<{ id: string; decoded: Decoded }>

/** The tokens that were found right of late, so that they are as many as are in use: what nobody shows for ten minutes is forgotten. */
function createLately(now: () => number) {
  let since = now()
  let fresh = new Map<string, Verified>()
  let stale = new Map<string, Verified>()

  function turn() {
    stale = fresh
    fresh = new Map()
    since = now()
  }

  function keep(token: string, found: Verified) {
    if (fresh.size >= MAX_LATELY) turn()
    fresh.set(token, found)
  }

  return {
    keep,
    find(token: string): Verified | undefined {
      // A clock may be set back by years.
      if (Math.abs(now() - since) >= LATELY_MS) turn()
      const found = fresh.get(token) ?? stale.get(token)
      if (found && !fresh.has(token)) keep(token, found)
      return found
    },
  }
}

/** Signs and verifies JWTs, HS256 alone (RFC 8725 §3.1); `now` in epoch milliseconds. */
export function createSigner(keys: Keys, now: () => number) {
  // The same token comes with request after request, and what a key has signed it has signed: whether the key still counts is asked each time.
  const lately = createLately(now)

  return {
    /** A signed compact JWT of what the layout says, which is told the id of the key in case it names it. */
    async sign(layout: (kid: string) => Decoded): Promise<string> {
      const { id, key } = await keys.signing()
      const { header, payload } = layout(id)
      const bytes = new TextEncoder().encode(JSON.stringify(payload))
      return new CompactSign(bytes).setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...header }).sign(key)
    },
    /** Header and payload of a JWT that one of our keys signed, undefined for anything else; `kid` does no more than select among them. */
    async verify(token: string): Promise<Decoded | undefined> {
      const known = lately.find(token)
      if (known && (await keys.counts(known.id))) return known.decoded
      const header = isCompact(token) ? headerOf(token) : undefined
      if (!header) return undefined
      const { kid } = header
      if (kid !== undefined && typeof kid !== 'string') return undefined
      for (const { id, key } of await keys.verifying(kid)) {
        const decoded = await open(token, key)
        if (!decoded) continue
        lately.keep(token, { id, decoded })
        return decoded
      }
      return undefined
    },
  }
}
