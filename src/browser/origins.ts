/** Throws a `TypeError` that names the option for what is not an origin and no more: no request or message could ever match it. */
export function checkOrigins(option: string, origins: readonly string[]): void {
  for (const origin of origins)
    if (!isOrigin(origin))
      throw new TypeError(`${option}: "${origin}" must be an origin and no more, such as "https://files.example.com"`)
}

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text
  } catch {
    return false
  }
}
