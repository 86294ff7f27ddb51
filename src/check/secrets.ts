/** Shorter texts are in others by chance: so many characters. */
export const TELLING = 4
/** What begins like a JWT is taken for one, known or not. */
const JWT = /eyJ[\w-]{5,}(\.[\w-]*){0,2}/g

export type Secrets = ReturnType<typeof createSecrets>

/** All secrets that a check comes across, so that none gets out. */
export function createSecrets() {
  const known = new Set<string>()

  return {
    add(...values: (string | null | undefined)[]) {
      for (const value of values) {
        if (!value) continue
        for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) known.add(form)
      }
    },
    /** The secrets that a text contains; those under four characters are not told from chance. */
    in: (text: string): string[] => [...known].filter((secret) => secret.length >= TELLING && text.includes(secret)),
    /** A text with every secret in it blotted out; of at least so many characters, as our own words have short ones by chance. */
    redact(text: string, least = 1): string {
      // The longest first: one may be a part of another.
      const all = [...known].filter(({ length }) => length >= least).sort((a, b) => b.length - a.length)
      return all.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text).replace(JWT, '[secret]')
    },
  }
}
