import { hex, randomBytes, sha256 } from './bytes.ts'

/** What the mock accepts unless told otherwise; anyone can see that it is no secret. */
export const demoApiTokens: readonly string[] = ['demo-api-token-not-a-secret']

export type ApiTokens = ReturnType<typeof createApiTokens>

/** Opaque API tokens, kept and compared as salted hashes. */
export function createApiTokens(tokens: readonly string[]) {
  const salt = randomBytes(16)
  const digest = async (token: string) => hex(await sha256(token, salt))
  const accepted = Promise.all(tokens.map(digest)).then((digests) => new Set(digests))
  return { has: async (token: string) => (await accepted).has(await digest(token)) }
}
