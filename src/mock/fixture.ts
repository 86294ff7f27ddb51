import { createMockBackend, type MockOptions } from './index.ts'

type Call = { token?: string; body?: unknown; headers?: Record<string, string> }

/** A backend for tests on a clock moved by hand, with a short way to call it. */
export function makeBackend(options: MockOptions = {}) {
  let time = Date.UTC(2019, 6, 14, 12, 11, 10)
  const backend = createMockBackend({ now: () => time, pbkdf2Iterations: 1, ...options })

  function call(method: string, path: string, { token, body, headers = {} }: Call = {}) {
    return backend.fetch(`http://localhost:8080${path}`, {
      method,
      headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  const signIn = (username = 'analyst@example.com', password = 'bug#1', headers: Record<string, string> = {}) =>
    call('POST', '/auth', { body: { username, password }, headers })

  return {
    backend,
    call,
    signIn,
    /** Signs the analyst in and gives the token. */
    token: async (headers: Record<string, string> = {}): Promise<string> =>
      (await (await signIn(undefined, undefined, headers)).json()).token,
    /** The status a protected endpoint answers to a token. */
    statusFor: async (token: string) => (await call('GET', '/feeds/', { token })).status,
    /** Moves the clock on by milliseconds. */
    pass(ms: number) {
      time += ms
    },
  }
}

/** `makeBackend` with a short way to its control endpoint. */
export function makeControlled(options: MockOptions = {}) {
  const made = makeBackend(options)
  const headers = { 'x-stillhere-mock': '1' }
  const read = async (operation: string) => (await made.call('GET', `/__stillhere/${operation}`, { headers })).json()
  return {
    ...made,
    control: (operation: string, body?: unknown) => made.call('POST', `/__stillhere/${operation}`, { headers, body }),
    requests: () => read('requests'),
    faults: () => read('faults'),
    outbox: () => read('outbox'),
  }
}
