// Outside the instances, so that no console, devtools or serialiser can reach a value by looking at one.
const values = new WeakMap<Secret, string>()

/** A value that shows itself as `[secret]` wherever it is printed, inspected or serialised. */
export class Secret {
  constructor(value: string) {
    values.set(this, value)
  }

  /** The value itself: the one call that reveals it. */
  reveal(): string {
    return values.get(this)!
  }

  /** `[secret]`. */
  toString(): string {
    return '[secret]'
  }

  /** `[secret]`. */
  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}

/** Serialises a value with its secrets revealed, for storage and hand-over only. */
export const pack = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key, shown) {
    const raw = this[key]
    return raw instanceof Secret ? { $secret: raw.reveal() } : shown
  })

/** Undoes `pack`; throws a `SyntaxError` on anything that is not JSON. */
export const unpack = (text: string): unknown =>
  JSON.parse(text, (_, value) => (typeof value?.$secret === 'string' ? new Secret(value.$secret) : value))

/** Whether a text can be a header's value without the platform refusing or trimming it: RFC 9110 § 5.5, in ASCII. */
export const isHeaderValue = (text: string): boolean => /^[!-~]([ -~]*[!-~])?$/.test(text)

/** Whether a text can be a header's name: RFC 9110 § 5.6.2. */
export const isHeaderName = (text: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(text)
