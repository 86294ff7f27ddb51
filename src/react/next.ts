/** The path in `?next=` to go back to after signing in: of the page's own origin, or `null`. ASVS 3.7.2. */
export function nextPath(search: string, origin: string): string | null {
  const next = new URLSearchParams(search).get('next')
  if (!next?.startsWith('/')) return null
  try {
    const url = new URL(next, origin)
    const path = url.pathname + url.search + url.hash
    // Steps that are taken out, as in "/.//elsewhere.example", may leave what reads as another host.
    const isHere = url.origin === origin && new URL(path, origin).href === url.href
    return isHere ? path : null
  } catch {
    return null
  }
}
