import { base64url } from 'jose'
import { randomBytes } from './bytes.ts'
import type { Store } from './store.ts'

/** A key as the store has it; `until` in epoch milliseconds is when the last token of a replaced key has ended. */
type StoredKey = Readonly<{ id: string; secret: string; until?: number }>

/** Newest first: the first one signs. */
type Ring = readonly StoredKey[]

/** A key ready for use; it can not be exported. */
export type Key = { id: string; key: CryptoKey }

const KEYS = 'keys'
// More than are ever in use at once: those that other instances replaced stay in here until then.
const MAX_LOADED = 100
// Each token that names no key is tried with all of them.
const MAX_RING = 10
const HMAC = { name: 'HMAC', hash: 'SHA-256' }

// 256 random bits, as many as the hash has (RFC 7518 §3.2).
const makeKey = (): StoredKey => ({ id: base64url.encode(randomBytes(12)), secret: base64url.encode(randomBytes(32)) })

const load = async ({ id, secret }: StoredKey): Promise<Key> => ({
  id,
  key: await crypto.subtle.importKey('raw', new Uint8Array(base64url.decode(secret)), HMAC, false, ['sign', 'verify']),
})

const forever = (value: Ring) => ({ value, keepForMs: Number.POSITIVE_INFINITY })

export type Keys = ReturnType<typeof createKeys>

/** The HS256 keys of a store, the first one made when it is needed; who shares the store shares them (RFC 8725 §3.10). */
export function createKeys(store: Store, now: () => number) {
  const loaded = new Map<string, Promise<Key>>()

  function use(stored: StoredKey): Promise<Key> {
    const known = loaded.get(stored.id) ?? load(stored)
    if (loaded.size >= MAX_LOADED) loaded.clear()
    loaded.set(stored.id, known)
    return known
  }

  async function ring(): Promise<Ring> {
    // Read each time, so that a key that another instance removed is dead here at once.
    const present = await store.read<Ring>(KEYS)
    if (present) return present
    await store.update<Ring>(KEYS, (current) => (current ? undefined : forever([makeKey()])))
    return ring()
  }

  const isGood = ({ until = Number.POSITIVE_INFINITY }: StoredKey) => until > now()

  return {
    /** Whether what a key has signed still counts. */
    counts: async (id: string): Promise<boolean> => (await ring()).some((key) => key.id === id && isGood(key)),
    /** The key that signs. */
    signing: async (): Promise<Key> => use((await ring())[0]!),
    /** The keys a token may be signed with: the one it names, or all if it names none. */
    async verifying(id?: string): Promise<Key[]> {
      const keys = (await ring()).filter((key) => (id === undefined || key.id === id) && isGood(key))
      return Promise.all(keys.map(use))
    },
    /** Signs with a new key from now on; the old ones, nine at most, verify for the given milliseconds, 0 for no more. */
    async rotate(keepForMs: number): Promise<void> {
      const fresh = makeKey()
      await store.update<Ring>(KEYS, (old = []) => {
        const retired = old.map((key) => ({
          ...key,
          until: Math.min(key.until ?? Number.POSITIVE_INFINITY, now() + keepForMs),
        }))
        return forever([fresh, ...retired.filter((key) => key.until > now())].slice(0, MAX_RING))
      })
    },
  }
}
