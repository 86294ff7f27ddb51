/** The path in `?next=` to go back to after signing in: of the page's own origin, or `null`. ASVS 3.7.2. */
export function nextPath(search: string, origin: string): string | null {
  const next = new URLSearchParams(search).get('next')
  if (!next?.startsWith('/')) return null
  try {
    const url = new URL(next, origin)
    return url.origin === origin ? url.pathname + url.search + url.hash : null
  } catch {
    return null
  }
}
