/** The pretend server as the demo reaches it. */
export interface DemoServer {
  /** `fetch` as it is in this page: by network, or to a server within the browser. */
  readonly fetch: typeof fetch
  /** Tells or, without a body, asks the mock's control endpoint; rejects with the mock's own words. */
  control(path: string, body?: unknown): Promise<unknown>
  /** Whether all tabs share the server that runs in this browser; `null` for a real one. */
  readonly shared: boolean | null
  /** Whether the server in this browser knows its sessions after a reload; `null` for a real one. */
  readonly keeps: boolean | null
}

let own: { readonly shared: boolean; readonly keeps: boolean } | null = null

/** What the mock said of a request that it did not like. */
async function wordsOf(response: Response): Promise<string> {
  const { detail } = await response.json().catch(() => ({}))
  return detail ?? `The server answered ${response.status}.`
}

/** Where the server is. */
export const server: DemoServer = {
  fetch: (...request) => globalThis.fetch(...request),
  async control(path, body) {
    const response = await globalThis.fetch(`/__stillhere/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-stillhere-mock': '1', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(await wordsOf(response))
    return response.status === 204 ? undefined : response.json()
  },
  get shared() {
    return own?.shared ?? null
  },
  get keeps() {
    return own?.keeps ?? null
  },
}

/** From here on what this page sends to its own origin is answered by `answer`, the control endpoint included. */
export function takeTheNetworksPlace(answer: typeof fetch, what: { shared: boolean; keeps: boolean }): void {
  const network = globalThis.fetch
  own = what
  globalThis.fetch = (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input, document.baseURI)
    return origin === location.origin ? answer(input, init) : network(input, init)
  }
}
