import { datarhei } from '../backends/datarhei.ts'
import { eclecticiq } from '../backends/eclecticiq.ts'
import { eclipse } from '../backends/eclipse.ts'
import { econnect } from '../backends/econnect.ts'
import { type RestOptions, rest } from '../backends/rest.ts'
import type { Backend } from '../core/types.ts'

/** What an adapter is made of. */
export interface Setup {
  readonly baseUrl: string
  readonly fetch: typeof globalThis.fetch
  readonly allowPlainHttp: boolean
  /** Whether a token is handed over instead of a password. */
  readonly byToken: boolean
  /** The options of `rest()`. */
  readonly config?: RestOptions | undefined
}

/** A system as the command line knows it. */
export interface KnownSystem {
  readonly make: (setup: Setup) => Backend
  /** The protected path tried unless another is named. */
  readonly probe?: string
  /** The name of the credential that a token handed over is. */
  readonly token?: string
}

/** The systems by the names of their adapters. */
export const knownSystems: ReadonlyMap<string, KnownSystem> = new Map<string, KnownSystem>([
  [
    'eclecticiq',
    {
      make: ({ baseUrl, fetch, byToken }) => eclecticiq({ baseUrl, fetch, ...(byToken && { apiToken: true }) }),
      probe: '/feeds/',
      token: 'apiToken',
    },
  ],
  [
    'econnect',
    {
      make: ({ baseUrl, fetch }) => econnect({ baseUrl, fetch }),
      // The one protected path that its document names.
      probe: '/api/v1/renewToken',
    },
  ],
  [
    'eclipse',
    {
      make: ({ baseUrl, fetch, allowPlainHttp }) => eclipse({ baseUrl, fetch, allowPlainHttp }),
      probe: '/eclipse-conductor/rest/v1/tenants/{tenantId}/customers/{uid}',
    },
  ],
  [
    'datarhei',
    {
      make: ({ baseUrl, fetch }) => datarhei({ baseUrl, fetch }),
      probe: '/api/v3/process',
      token: 'externalToken',
    },
  ],
  ['rest', { make: ({ baseUrl, fetch, config }) => rest({ ...config!, baseUrl, fetch }) }],
])
