import { datarhei } from '../backends/datarhei.ts'
import { eclecticiq } from '../backends/eclecticiq.ts'
import { eclipse } from '../backends/eclipse.ts'
import { econnect } from '../backends/econnect.ts'
import { rest } from '../backends/rest.ts'
import { inBody as bodyAt, inCookie as cookieAt } from '../backends/scene.ts'
import { createMockBackend, type MockBackend, type MockOptions } from '../mock/index.ts'
import { type CheckOptions, checkBackend, type LineId, type Outcome, type Report, type Subject } from './index.ts'

export const HOST = 'https://auth.example'
export const ANALYST = { username: 'analyst@example.com', password: 'bug#1' }
export const SECONDS = 1_000
export const MINUTES = 60 * SECONDS

type Fetch = typeof globalThis.fetch

/** The options of `rest()` for the mock's routes with the refresh token in the body. */
export const inBody = bodyAt(HOST)

/** The same with the refresh token in a cookie. */
export const inCookie = cookieAt(HOST)

export const systems = {
  EclecticIQ: { make: (fetch: Fetch) => eclecticiq({ baseUrl: `${HOST}/api`, fetch }), probe: '/feeds/' },
  eConnect: { make: (fetch: Fetch) => econnect({ baseUrl: `${HOST}/identities`, fetch }), probe: '/api/v1/badges' },
  Eclipse: {
    make: (fetch: Fetch) => eclipse({ baseUrl: HOST, fetch }),
    probe: '/eclipse-conductor/rest/v1/tenants/{tenantId}/customers/{uid}',
  },
  datarhei: { make: (fetch: Fetch) => datarhei({ baseUrl: HOST, fetch }), probe: '/api/v3/process' },
  'rest in the body': { make: (fetch: Fetch) => rest({ ...inBody, fetch }), probe: '/me' },
  'rest in a cookie': { make: (fetch: Fetch) => rest({ ...inCookie, fetch }), probe: `${HOST}/rest/me` },
} satisfies Record<string, { make: Subject; probe: string }>

export type SystemName = keyof typeof systems

/** Sends a request on to the server, or answers otherwise. */
export type Defect = (
  request: Request,
  send: (request: Request) => Promise<Response>,
  server: MockBackend,
) => Promise<Response>

export interface Scene extends Partial<CheckOptions> {
  readonly mock?: MockOptions
  /** What is wrong with the server. */
  readonly defect?: Defect
  /** The adapter, where it is not the system's own. */
  readonly subject?: Subject
  /** Whether the adapter is handed over ready made, so that nothing it sends can be watched. */
  readonly handOver?: boolean
  readonly before?: (server: MockBackend) => void | Promise<void>
}

/** Checks a system against a mock of its own, on a clock moved by hand. */
export async function checkMock(
  name: SystemName = 'EclecticIQ',
  { mock, defect, subject, handOver, before, ...options }: Scene = {},
) {
  let time = Date.UTC(2026, 0, 5, 9)
  const sleep = async (ms: number) => {
    time += ms
  }
  const server = createMockBackend({
    now: () => time,
    sleep,
    pbkdf2Iterations: 1,
    origins: ['https://app.example'],
    ...mock,
  })
  await before?.(server)
  const send = (request: Request) => server.fetch(request)
  const fetch: Fetch = (input, init) => {
    const request = new Request(input, init)
    return defect ? defect(request, send, server) : send(request)
  }
  const { make, probe } = systems[name]
  const report = await checkBackend(subject ?? (handOver ? make(fetch) : make), {
    credentials: ANALYST,
    probe,
    fetch,
    now: () => time,
    sleep,
    waitForExpiry: 60 * MINUTES,
    ...options,
  })
  return { report, server }
}

/** The lines of a report that came to one of these outcomes. */
export const linesOf = ({ lines }: Report, ...outcomes: Outcome[]): LineId[] =>
  lines.filter(({ outcome }) => outcomes.includes(outcome)).map(({ id }) => id)

export const lineOf = ({ lines }: Report, id: LineId) => lines.find((line) => line.id === id)!
