import type { Authorization, Authorize } from './authorize.ts'

/** `fetch`, with the session's token on requests to its own system, and one more try after a token has been refused. */
export const createFetch =
  (authorize: Authorize): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const first = await authorize(request.url)
    if (!first) return fetch(request)

    // A stream can be sent but once; anything else is kept for a second try.
    const spare = init?.body instanceof ReadableStream ? null : request.clone()
    const response = await send(request, first)
    if (!spare || !first.isRefusedBy(response)) return response
    try {
      return await send(spare, await first.renew())
    } catch {
      request.signal.throwIfAborted()
      return response
    }
  }

function send(request: Request, { headers, mayRedirect }: Authorization): Promise<Response> {
  request.signal.throwIfAborted()
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value)
  return fetch(request, mayRedirect ? {} : { redirect: 'error' })
}
