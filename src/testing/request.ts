import type { Authorize } from '../browser/authorize.ts'
import type { Authorization } from '../core/types.ts'

/** A request as a test sees it: headers by their names in lower case, the session's among them. */
export interface TestRequest extends Omit<RequestInit, 'headers'> {
  readonly headers: Readonly<Record<string, string>>
}

/** What a test's server answers; any `fetch` will do. */
export type TestFetch = (url: string, init: TestRequest) => Response | Promise<Response>

/** Where relative addresses begin: at the page of the test, if there is one. */
export const base = (): string => {
  const { href = '' } = globalThis.location ?? {}
  return /^https?:/.test(href) ? href : 'http://localhost/'
}

/** The headers as plain text: not every page of tests has `Headers`. */
function plain(headers: HeadersInit = {}): Record<string, string> {
  const entries: [string, string][] = []
  if (Symbol.iterator in headers) entries.push(...(headers as [string, string][]))
  else entries.push(...Object.entries(headers as Record<string, string>))
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]))
}

async function read(input: RequestInfo | URL, init: RequestInit = {}): Promise<[string, TestRequest]> {
  if (typeof input === 'string' || input instanceof URL) return [`${input}`, { ...init, headers: plain(init.headers) }]
  const { url, method, signal } = input
  const body = init.body ?? (/^(GET|HEAD)$/.test(method) ? null : await input.clone().text())
  const headers = { ...plain(input.headers), ...plain(init.headers) }
  return [url, { method, signal, ...init, ...(body !== null && { body }), headers }]
}

/** `session.fetch` as a page has it: the token on requests to its own system, and one more try after a token has been refused; none waits behind a lock. */
export function createTestFetch(authorize: Authorize, answer: TestFetch | undefined): typeof fetch {
  return async (input, init) => {
    const [url, request] = await read(input, init)
    if (!answer)
      throw new Error(
        `session.fetch(${JSON.stringify(url)}): this test does not say what is answered. Give createTestSession({ fetch: async (url) => Response.json(…) }).`,
      )
    const first = await authorize(url)
    if (!first) return answer(url, request)

    const send = ({ headers }: Authorization) => {
      request.signal?.throwIfAborted()
      return answer(url, { ...request, headers: { ...request.headers, ...plain(headers) } })
    }
    const response = await send(first)
    if (!first.isRefusedBy(response)) return response
    try {
      return await send(await first.renew())
    } catch {
      return response
    }
  }
}
