import { randomBytes } from './bytes.ts'

export type PasswordHash = { salt: Uint8Array<ArrayBuffer>; bits: Uint8Array; iterations: number }

async function derive(password: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<Uint8Array> {
  // As JSON, which writes out what would be lost: NULs at the end, which HMAC pads with (RFC 2104 §2), and lone surrogates.
  const bytes = new TextEncoder().encode(JSON.stringify(password))
  const key = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits'])
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256))
}

/** PBKDF2-SHA-256 of a password exactly as typed, with a salt of its own. */
export async function hashPassword(password: string, iterations: number): Promise<PasswordHash> {
  const salt = randomBytes(16)
  return { salt, bits: await derive(password, salt, iterations), iterations }
}

/** Whether a password is the one behind a hash, compared without an early exit. */
export async function matchesPassword(password: string, { salt, bits, iterations }: PasswordHash): Promise<boolean> {
  const candidate = await derive(password, salt, iterations)
  return bits.reduce((difference, byte, i) => difference | (byte ^ candidate[i]!), 0) === 0
}
