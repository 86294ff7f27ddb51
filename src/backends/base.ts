/** Where an API begins, made absolute where there is a page. Throws a `TypeError` that says what is wrong with it. */
export function toBase(system: string, baseUrl: unknown): string {
  const fail = (why: string): never => {
    throw new TypeError(`${system}: baseUrl ${why}, such as "https://example.com/api" or "/api".`)
  }
  if (typeof baseUrl !== 'string') return fail('must be a text')
  const isPath = /^\/(?!\/)/.test(baseUrl)
  // On a server there is no page to which a path would belong, and nothing is sent.
  if (isPath && typeof location === 'undefined') return baseUrl.replace(/\/$/, '')
  // By the origin, not by what a <base> says: a password goes nowhere else.
  const origin = isPath ? [location.origin, globalThis.origin].find((one) => /^https?:/.test(one)) : ''
  if (origin === undefined) return fail('must be absolute on a page without an origin')
  let url: URL
  try {
    url = new URL(isPath ? origin + baseUrl : baseUrl)
  } catch {
    return fail('must be absolute, or a path')
  }
  if (!/^https?:$/.test(url.protocol)) fail('must begin with https://')
  if (url.username || url.password) fail('must not have a password in it')
  if (url.search || url.hash) fail('must end with its path')
  return url.href.replace(/\/$/, '')
}

/** Whether requests to this base go over the network unencrypted; a path, on a server, goes nowhere. */
export function isPlainHttp(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl, 'https://localhost')
  return protocol === 'http:' && !/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
