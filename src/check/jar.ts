import { isLoopback } from './address.ts'

export interface Cookie {
  readonly name: string
  readonly value: string
  readonly host: string
  readonly path: string
  readonly secure: boolean
}

/** What a `Set-Cookie` header says of one cookie: RFC 6265 § 5.2, names of attributes in lower case. */
export function parseSetCookie(header: string): { name: string; value: string; attributes: Map<string, string> } {
  const [pair = '', ...rest] = header.split(';')
  const [name, value] = cut(pair)
  return { name, value, attributes: new Map(rest.map(cut).map(([key, value]) => [key.toLowerCase(), value])) }
}

function cut(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
}

export type Jar = ReturnType<typeof createJar>

/** A browser's cookie jar for one visit, as far as sign-ins need it: host, path, Secure and removal. */
export function createJar(now: () => number) {
  let cookies: readonly Cookie[] = []

  // Browsers trust loopback as they do https.
  const isSafe = (protocol: string, host: string) => protocol === 'https:' || isLoopback(host)
  const covers = (path: string, pathname: string) =>
    pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)

  return {
    /** Takes in what an answer sets. */
    keep(address: string, headers: readonly string[]) {
      const { hostname: host, pathname } = new URL(address)
      for (const header of headers) {
        const { name, value, attributes } = parseSetCookie(header)
        const wanted = attributes.get('path')
        const path = wanted?.startsWith('/') ? wanted : pathname.replace(/\/[^/]*$/, '') || '/'
        const maxAge = attributes.get('max-age')
        const isGone = maxAge ? Number(maxAge) <= 0 : Date.parse(attributes.get('expires') ?? '') <= now()
        cookies = cookies.filter((one) => one.name !== name || one.host !== host || one.path !== path)
        if (!isGone) cookies = [...cookies, { name, value, host, path, secure: attributes.has('secure') }]
      }
    },
    /** The `Cookie` header of a request; empty where none fits. */
    headerFor(address: string): string {
      const { hostname, pathname, protocol } = new URL(address)
      return cookies
        .filter(
          ({ host, path, secure }) =>
            host === hostname && covers(path, pathname) && (!secure || isSafe(protocol, host)),
        )
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ')
    },
    /** What it holds, to be put back. */
    held: () => cookies,
    putBack(held: readonly Cookie[]) {
      cookies = held
    },
    values: () => cookies.map(({ value }) => value),
  }
}
