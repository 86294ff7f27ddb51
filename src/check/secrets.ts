/** Shorter texts are in others by chance: so many characters. */
const TELLING = 4
/** What begins like a JWT is taken for one, known or not. */
const JWT = /eyJ[\w-]{5,}(\.[\w-]*){0,2}/g

export type Secrets = ReturnType<typeof createSecrets>

/** All secrets that a check comes across, so that none gets out; `isOrdinary` tells those that are words like any other. */
export function createSecrets(isOrdinary: (text: string) => boolean = () => false) {
  const known = new Set<string>()
  const isTelling = (secret: string) => secret.length >= TELLING && !isOrdinary(secret)

  function blot(text: string, secrets: readonly string[]): string {
    // The longest first: one may be a part of another.
    const all = secrets.toSorted((a, b) => b.length - a.length)
    return all.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text).replace(JWT, '[secret]')
  }

  return {
    add(...values: (string | null | undefined)[]) {
      for (const value of values) {
        if (!value) continue
        // Half a character can not be part of an address.
        const whole = value.replace(/\p{Surrogate}/gu, '\ufffd')
        for (const form of [value, whole, encodeURIComponent(whole), JSON.stringify(value).slice(1, -1)])
          known.add(form)
      }
    },
    /** The secrets that a text contains; short ones and ordinary words are not told from chance. */
    in: (text: string): string[] => [...known].filter((secret) => isTelling(secret) && text.includes(secret)),
    /** What a server said, with every secret in it blotted out. */
    redact: (text: string): string => blot(text, [...known]),
    /** A text of ours, with every telling secret blotted out; the gap where an ordinary one was would give it away. */
    redactOurs: (text: string): string => blot(text, [...known].filter(isTelling)),
  }
}
