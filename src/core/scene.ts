import { eclecticiq } from '../backends/eclecticiq.ts'
import { createMockBackend } from '../mock/index.ts'
import { createWorld, type Tab, type World } from '../testing/world.ts'
import { AuthError } from './errors.ts'
import type { SessionEvent } from './events.ts'
import { Secret } from './secret.ts'
import { type CoreOptions, createSessionCore } from './session.ts'
import type { Answer, Backend } from './types.ts'

export const S = 1_000
export const MIN = 60 * S
export const ANALYST = { username: 'analyst@example.com', password: 'bug#1' }
export const LEAD = { username: 'lead@example.com', password: 'bug#2' }

/** A world with the mock server behind it; tabs open with a session each, started. */
export function createScene(options: Partial<CoreOptions> = {}) {
  const world = createWorld()
  const server = createMockBackend({ now: world.trueNow, pbkdf2Iterations: 1 })
  const fetch = world.fetch(server.fetch)
  const backend = eclecticiq({ baseUrl: 'http://mock/api', fetch })
  const told: SessionEvent[] = []
  const events: string[] = []
  const log = (event: SessionEvent) => {
    const { cause, reason, kind, message } = event as Partial<Record<string, unknown>>
    const detail = kind ? `${kind}: ${message}` : (cause ?? reason)
    told.push(event)
    events.push(detail ? `${event.type}: ${detail}` : event.type)
  }

  function open(tab: Tab = world.openTab(), over: Partial<CoreOptions> = {}) {
    const session = createSessionCore({
      backend,
      platform: tab,
      name: 'app',
      handOver: true,
      log,
      ...options,
      ...over,
    })
    const stop = session.start()
    return { ...session, tab, stop, status: () => session.getState().status, state: session.getState }
  }

  async function openMany(count: number) {
    const tabs = Array.from({ length: count }, () => open())
    await world.advance(1 * S)
    await tabs[0]!.signIn(ANALYST)
    await world.settle()
    return tabs
  }
  const sent = (path: string) => server.requests().filter((r) => r.path.includes(path)).length
  const call = async (session: { getToken(): Promise<string> }) => {
    const token = await session.getToken()
    return (await server.fetch('http://mock/feeds/', { headers: { authorization: `Bearer ${token}` } })).status
  }
  /** The sessions that the server still honours. */
  const alive = async () => (await server.sessions()).filter(({ endedAt }) => !endedAt)
  return { world, server, backend, fetch, events, told, open, openMany, sent, call, alive }
}

export interface PlainOptions extends Partial<Backend> {
  /** Life of the token in ms; `null` for one with no known end. */
  readonly life?: number | null
  /** Life of the refresh token, or of a refresh cookie where `cookie` is set. */
  readonly refreshLife?: number | null
  readonly cookie?: boolean
}

/** A system of any kind, without a wire; what it was asked is kept in `calls`. */
export function createPlain(options: PlainOptions = {}) {
  const { life = 30 * MIN, refreshLife, cookie = false, ...over } = options
  const calls: string[] = []
  let count = 0
  const answer = (departedAt: number): Answer => ({
    token: new Secret(`t${++count}`),
    expiresAt: life === null ? null : departedAt + life,
    ...(refreshLife !== undefined && { refreshExpiresAt: refreshLife && departedAt + refreshLife }),
    ...(refreshLife !== undefined && !cookie && { refreshToken: new Secret(`r${count}`) }),
  })
  const plain = {
    calls,
    error: null as AuthError | null,
    system: 'Plain',
    baseUrl: 'https://plain.example',
    renewsWith: refreshLife === undefined ? 'token' : cookie ? 'cookie' : 'refresh-token',
    revokesWith: 'token',
    async signIn(_, { departedAt }) {
      calls.push('sign-in')
      return { ...answer(departedAt), user: { key: '7', name: 'ada' } }
    },
    async refresh(_, { departedAt }) {
      calls.push('refresh')
      if (plain.error) throw plain.error
      return answer(departedAt)
    },
    async revoke({ token }) {
      calls.push(`revoke ${token.reveal()}`)
    },
    headers: () => ({}),
    refusesToken: () => false,
    ...over,
  } satisfies Backend & { calls: string[]; error: AuthError | null } as Backend & {
    calls: string[]
    error: AuthError | null
  }
  return plain
}

export const unreachable = (retryAfter?: number) =>
  new AuthError('unreachable', 'nobody there', { status: 503, ...(retryAfter && { retryAfter }) })

/** A tab that can not be heard by the others. */
export const mute = (world: World): Tab => ({ ...world.openTab(), post: () => {} })
