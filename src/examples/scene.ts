import { createSession, eclecticiq } from 'stillhere'
import { createMockBackend } from 'stillhere/mock'
import { vi } from 'vitest'

export const HOME = 'http://mock.example'
export const ANALYST = { username: 'analyst@example.com', password: 'bug#1' }
export const LEAD = { username: 'lead@example.com', password: 'bug#2' }

/** What another origin was sent. */
interface Sent {
  readonly url: string
  readonly token: string | null
}

/** A session of one who is here, with the mock server behind every `fetch`; nothing in it takes time. */
export async function createScene({ origins = [] as string[] } = {}) {
  vi.useFakeTimers({ toFake: ['Date'] })
  // With neither, no tab waits for what another may say.
  vi.stubGlobal('BroadcastChannel', undefined)
  let slowness = Promise.resolve()
  const server = createMockBackend({ now: Date.now, pbkdf2Iterations: 1, sleep: () => slowness })
  const elsewhere: Sent[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.url.startsWith(HOME)) return server.fetch(request)
    elsewhere.push({ url: request.url, token: request.headers.get('authorization') })
    return Response.json({ data: 'elsewhere' })
  }
  vi.stubGlobal('fetch', fetch)
  const session = createSession({
    backend: eclecticiq({ baseUrl: `${HOME}/api`, fetch }),
    storage: 'memory',
    name: `${Math.random()}`,
    origins,
  })
  session.start()
  const signIn = async (credentials = ANALYST) => {
    await session.signIn(credentials)
    vi.setSystemTime(Date.now() + 2_000)
    session.touch()
  }
  await signIn()
  return {
    session,
    server,
    elsewhere,
    signIn,
    /** The requests that the server has seen, sign-ins and the like aside. */
    requests: () => server.requests().filter(({ path }) => !path.includes('/auth')),
    refreshes: () => server.requests().filter(({ path }) => path.includes('refresh')).length,
    /** The next so many requests to the API are told that their token is bad. */
    refuse: (times = 1) => server.setFaults({ match: '/feeds', status: 401, times }),
    /** The next request to the API takes until the returned function is called. */
    hold(): () => void {
      let release = () => {}
      slowness = new Promise((resolve) => {
        release = resolve
      })
      server.setFaults({ match: '/feeds', latency: 1, times: 1 })
      return release
    },
    end(): void {
      session.dispose()
      vi.useRealTimers()
      vi.unstubAllGlobals()
    },
  }
}
