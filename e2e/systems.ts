export const S = 1_000
export const MIN = 60 * S

/** What the tests need to know of a system: where its calls go, and how long its tokens live. */
export interface System {
  readonly path: string
  /** Life of the token sent with requests, in ms. */
  readonly life: number
  readonly signIn: string
  readonly refresh: string
  /** `null` where the system has no sign-out. */
  readonly signOut: string | null
  /** The list that the console looks at again and again. */
  readonly list: string
  /** The second and the third entry of that list: their address in the demo, and how the table is headed. */
  readonly items: readonly (readonly [hash: string, heading: string])[]
  /** A protected call that tells live tokens from dead ones. */
  readonly probe: string
  readonly desk: string
  /** Life of the refresh token, in ms. */
  readonly refreshLife?: number
}

const V1 = '/eclipse-conductor/rest/v1'
const PROCESSES = ['0f6c2a9e-53c4-4d0e-8c0b-1c6a3d9a7f22', 'b7e5f3d4-2b1a-4e6f-a1d2-90c8e7b6a533']

export const SYSTEMS = {
  eclecticiq: {
    path: '/',
    life: 30 * MIN,
    signIn: '/api/auth',
    refresh: '/api/auth/refresh/',
    signOut: '/api/auth/logout/',
    list: '/api/feeds/',
    items: [204, 207].map((id) => [`#/feed/${id}`, `Content blocks of feed ${id}`] as const),
    probe: '/feeds/',
    desk: 'Threat desk',
  },
  econnect: {
    path: '/?system=econnect',
    life: 30 * MIN,
    signIn: '/identities/api/v1/authenticate',
    refresh: '/identities/api/v1/renewToken',
    signOut: null,
    list: '/identities/api/v1/sites',
    items: [2, 3].map((id) => [`#/site/${id}`, `Persons of site ${id}`] as const),
    probe: '/identities/api/v1/badges',
    desk: 'Badge desk',
  },
  eclipse: {
    path: '/?system=eclipse',
    life: 60 * MIN,
    signIn: `${V1}/authentication/login`,
    refresh: `${V1}/authentication/renew`,
    signOut: `${V1}/authentication/logout`,
    list: `${V1}/tenants/1/customers/100007/wallets`,
    items: [702, 703].map((id) => [`#/wallet/${id}`, `Owner of wallet ${id}`] as const),
    probe: `${V1}/tenants/1/customers/100007`,
    desk: 'Wallet desk',
  },
  datarhei: {
    path: '/?system=datarhei',
    life: 10 * MIN,
    refreshLife: 1_440 * MIN,
    signIn: '/api/login',
    refresh: '/api/login/refresh',
    signOut: null,
    list: '/api/v3/process',
    items: PROCESSES.map(
      (id) => [`#/process/restreamer-ui:ingest:${id}`, `Inputs of process ${id.slice(-12)}`] as const,
    ),
    probe: '/api/v3/process',
    desk: 'Stream desk',
  },
} satisfies Record<string, System>

export type SystemId = keyof typeof SYSTEMS
