import { datarhei } from '../backends/datarhei.ts'
import { eclecticiq } from '../backends/eclecticiq.ts'
import { eclipse } from '../backends/eclipse.ts'
import { econnect } from '../backends/econnect.ts'
import { rest } from '../backends/rest.ts'
import type { Backend } from '../core/types.ts'

export const ORIGIN = 'https://mock.example'

/** A system that sessions are tried on. */
interface System {
  make(fetch: typeof globalThis.fetch): Backend
  /** A protected call. */
  readonly probe: string
  /** No token may live longer, in seconds. */
  readonly longest: number
}

export const SYSTEMS = {
  eclecticiq: {
    make: (fetch) => eclecticiq({ baseUrl: `${ORIGIN}/api`, fetch }),
    probe: '/api/feeds/',
    longest: 1_800,
  },
  econnect: {
    make: (fetch) => econnect({ baseUrl: `${ORIGIN}/identities`, fetch }),
    probe: '/identities/api/v1/badges',
    longest: 1_800,
  },
  eclipse: {
    make: (fetch) => eclipse({ baseUrl: ORIGIN, fetch }),
    probe: '/eclipse-conductor/rest/v1/tenants/1/customers/100007',
    longest: 1_800,
  },
  datarhei: { make: (fetch) => datarhei({ baseUrl: ORIGIN, fetch }), probe: '/api/v3/process', longest: 600 },
  rest: {
    make: (fetch) =>
      rest({
        baseUrl: `${ORIGIN}/rest`,
        signIn: { path: '/login' },
        refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
        signOut: { path: '/logout', with: 'refresh-token', field: 'refreshToken' },
        answer: {
          token: 'data.accessToken',
          expires: { field: 'data.expiresIn', unit: 'ms-from-now' },
          refreshToken: 'data.refreshToken',
          userKey: 'data.user.id',
          userName: 'data.user.name',
        },
        fetch,
      }),
    probe: '/rest/orders',
    longest: 1_800,
  },
} satisfies Record<string, System>

export type SystemName = keyof typeof SYSTEMS
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[]
