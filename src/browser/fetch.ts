import type { Backend, Grant } from '../core/types.ts'

export interface FetchRoom {
  readonly backend: Backend
  /** Origins besides the backend's own that may be sent the token, each as `https://host`. */
  readonly origins: readonly string[]
  /** A grant that may be sent; after one that was refused, a newer one. */
  grant(refused?: Grant): Promise<Grant>
}

/**
 * `fetch`, with the session's token on requests to its own system, and one more try after a token has been refused. Throws a
 * `TypeError` for an origin that no request could ever match.
 */
export function createFetch({ backend, origins, grant }: FetchRoom): typeof fetch {
  for (const origin of origins)
    if (!isOrigin(origin))
      throw new TypeError(`origins: "${origin}" must be an origin and no more, such as "https://files.example.com"`)

  return async (input, init) => {
    const request = new Request(input, init)
    const home = new URL(backend.baseUrl, location.href).origin
    if (![home, ...origins].includes(new URL(request.url).origin)) return fetch(request)

    // A stream can be sent but once; anything else is kept for a second try.
    const spare = init?.body instanceof ReadableStream ? null : request.clone()
    const first = await grant()
    const response = await send(request, first)
    if (!spare || !backend.refusesToken(response)) return response
    try {
      return await send(spare, await grant(first))
    } catch {
      request.signal.throwIfAborted()
      return response
    }
  }

  function send(request: Request, grant: Grant): Promise<Response> {
    request.signal.throwIfAborted()
    const headers = Object.entries(backend.headers(grant))
    for (const [name, value] of headers) request.headers.set(name, value)
    // Across origins browsers strip `Authorization` from a redirect, and nothing else.
    const isSafe = headers.every(([name]) => name.toLowerCase() === 'authorization')
    return fetch(request, isSafe ? {} : { redirect: 'error' })
  }
}

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text
  } catch {
    return false
  }
}
