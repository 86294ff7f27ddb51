/** Random bytes from the platform's CSPRNG. */
export const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))

/** Lower-case hexadecimal. */
export const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** An identifier of 128 random bits (ASVS 7.2.3). */
export const randomId = () => hex(randomBytes(16))

/** The id of a token, a random UUID: datarhei Core's look like this, and a signed token needs no secret in it. */
export const tokenId = (): string => crypto.randomUUID()

/** SHA-256 of a text, after a salt if given. */
export async function sha256(text: string, salt: Uint8Array = new Uint8Array()): Promise<Uint8Array> {
  const data = new TextEncoder().encode(text)
  const salted = new Uint8Array(salt.length + data.length)
  salted.set(salt)
  salted.set(data, salt.length)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', salted))
}
