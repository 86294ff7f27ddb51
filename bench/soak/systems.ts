import { datarhei } from '../../src/backends/datarhei.ts'
import { eclecticiq } from '../../src/backends/eclecticiq.ts'
import { eclipse } from '../../src/backends/eclipse.ts'
import { econnect } from '../../src/backends/econnect.ts'
import { rest } from '../../src/backends/rest.ts'
import type { PolicyOptions } from '../../src/core/policy.ts'
import type { Backend } from '../../src/core/types.ts'

/** Any origin will do: nothing leaves the process. */
export const ORIGIN = 'http://localhost'
const MIN = 60_000

export interface SoakSystem {
  readonly name: string
  readonly backend: (fetch: typeof globalThis.fetch) => Backend
  readonly policy: PolicyOptions
  /** A protected path, for the polling of a page. */
  readonly data: string
}

/** The four systems, and refresh tokens that work once: each under a policy of its own. */
export const SYSTEMS: readonly SoakSystem[] = [
  {
    name: 'eclecticiq',
    backend: (fetch) => eclecticiq({ baseUrl: `${ORIGIN}/api`, fetch }),
    policy: {},
    data: '/feeds/',
  },
  {
    name: 'econnect',
    backend: (fetch) => econnect({ baseUrl: `${ORIGIN}/identities`, fetch }),
    policy: { idleTimeout: 15 * MIN },
    data: '/identities/api/v1/sites',
  },
  {
    name: 'eclipse',
    backend: (fetch) => eclipse({ baseUrl: ORIGIN, fetch }),
    policy: { sessionLimit: 240 * MIN, activityDuringWarning: 'extend' },
    data: '/eclipse-conductor/rest/v1/tenants/1/customers/100007/wallets',
  },
  {
    name: 'datarhei',
    backend: (fetch) => datarhei({ baseUrl: ORIGIN, fetch }),
    policy: { idleTimeout: 30 * MIN },
    data: '/api/v3/process',
  },
  {
    name: 'rest, rotating',
    backend: (fetch) =>
      rest({
        baseUrl: `${ORIGIN}/rest`,
        signIn: { path: '/login' },
        refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
        signOut: { path: '/logout', with: 'refresh-token', field: 'refreshToken' },
        answer: {
          token: 'data.accessToken',
          refreshToken: 'data.refreshToken',
          expires: { field: 'data.expiresIn', unit: 'ms-from-now' },
          userKey: 'data.user.id',
          userName: 'data.user.name',
          roles: 'data.user.roles',
        },
        fetch,
      }),
    policy: { idleTimeout: 30 * MIN, activityDuringWarning: 'extend' },
    data: '/rest/orders',
  },
]
