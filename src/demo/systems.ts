import { datarhei, eclecticiq, eclipse, econnect, rest } from '../index.ts'
import { amount, type Claims, type DemoSystem, field, type Json, unit, when } from './desk.ts'
import { server } from './server.ts'

const kilobytes = unit('kilobyte')
const hours = unit('hour', 0)

const V1 = '/eclipse-conductor/rest/v1'
const customerOf = (claims: Claims) => `${V1}/tenants/${claims?.tenantId}/customers/${claims?.uid}`

interface Feed {
  readonly id: number
  readonly name: string
  readonly is_active: boolean
  readonly content_blocks: number
}
interface Site {
  readonly id: number
  readonly name: string
  readonly city: string
  readonly doors: number
}
interface Wallet {
  readonly walletId: number
  readonly name: string
  readonly currency: string
  readonly currentBalance: number
}
interface Process {
  readonly id: string
  readonly state: { readonly exec: string; readonly runtime_seconds: number; readonly progress: { inputs: Json[] } }
  readonly metadata: { readonly 'restreamer-ui': { readonly meta: { readonly name: string } } }
}
interface Order {
  readonly id: number
  readonly status: string
  readonly lines: Json[]
}

const CUSTOMER = {
  customerId: 'Customer',
  name: 'Name',
  phone: 'Phone',
  status: 'Status',
  ratifyStatus: 'Identity check',
  created: 'Customer since',
}

const orders = {
  desk: 'Order desk',
  noun: 'order',
  list: {
    title: 'Orders',
    path: () => '/rest/orders',
    items: ({ data }: { data: Order[] }) =>
      data.map(({ id, status, lines }) => ({
        id: String(id),
        name: `Order ${id}`,
        note: `${lines.length === 1 ? '1 item' : `${lines.length} items`}, ${status}`,
      })),
  },
  table: {
    title: (id: string) => `Items of order ${id}`,
    path: () => '/rest/orders',
    rows: ({ data }: { data: Order[] }, id: string) => data.find((order) => String(order.id) === id)?.lines ?? [],
    columns: [
      { head: 'Article', cell: field('sku') },
      { head: 'Name', cell: field('name') },
      { head: 'Pieces', cell: field('quantity'), isNumber: true },
    ],
  },
}

const restAnswer = {
  token: 'data.accessToken',
  expires: { field: 'data.expiresIn', unit: 'ms-from-now' },
  userKey: 'data.user.id',
  userName: 'data.user.name',
  roles: 'data.user.roles',
} as const

/** Every system that the mock backend speaks. */
export const SYSTEMS = {
  eclecticiq: {
    label: 'EclecticIQ Intelligence Center',
    about: 'The token renews itself while it lives, and signing out revokes it.',
    life: '30 minutes',
    backend: (http) => eclecticiq({ baseUrl: '/api', ...http }),
    desk: 'Threat desk',
    noun: 'feed',
    list: {
      title: 'Outgoing feeds',
      path: () => '/api/feeds/',
      items: ({ data }: { data: Feed[] }) =>
        data.map(({ id, name, is_active, content_blocks }) => ({
          id: String(id),
          name,
          note: `${content_blocks} blocks${is_active ? '' : ', paused'}`,
        })),
    },
    table: {
      title: (id) => `Content blocks of feed ${id}`,
      path: (id) => `/api/feeds/downloads/${id}`,
      rows: ({ data }: { data: Json[] }) => data,
      columns: [
        { head: 'File', cell: field('file_name') },
        { head: 'Type', cell: field('content_type') },
        { head: 'Size', cell: field('size', (bytes: number) => kilobytes(bytes / 1_000)), isNumber: true },
        { head: 'Created', cell: field('created_at', when) },
      ],
    },
  },
  econnect: {
    label: 'eConnect Identities',
    about: 'The token renews itself while it lives; there is no sign-out at the server, and Stillhere says so.',
    life: '30 minutes',
    backend: (http) => econnect({ baseUrl: '/identities', ...http }),
    desk: 'Badge desk',
    noun: 'site',
    list: {
      title: 'Sites',
      path: () => '/identities/api/v1/sites',
      items: (sites: Site[]) =>
        sites.map(({ id, name, city, doors }) => ({ id: String(id), name, note: `${city}, ${doors} doors` })),
    },
    table: {
      title: (id) => `Persons of site ${id}`,
      path: (id) => `/identities/api/v1/identities?siteId=${id}`,
      rows: (persons: Json[]) => persons,
      columns: [
        { head: 'Name', cell: ({ firstName, lastName }) => `${firstName} ${lastName}` },
        { head: 'Department', cell: field('department') },
        { head: 'Badge', cell: field('badges'), isNumber: true },
        { head: 'Last seen', cell: field('lastSeenAt', when) },
      ],
    },
  },
  eclipse: {
    label: 'Eclipse Conductor',
    about:
      'The server names the header, a CSRF token goes along with each renewal, and a PIN replaces a lost password.',
    life: '1 hour',
    backend: (http) => eclipse({ baseUrl: '/', ...http }),
    desk: 'Wallet desk',
    noun: 'wallet',
    list: {
      title: 'Wallets',
      path: (claims) => `${customerOf(claims)}/wallets`,
      items: (wallets: Wallet[]) =>
        wallets.map(({ walletId, name, currency, currentBalance }) => ({
          id: String(walletId),
          name,
          note: `${amount.format(currentBalance)} ${currency}`,
        })),
    },
    table: {
      title: (id) => `Owner of wallet ${id}`,
      path: (_, claims) => customerOf(claims),
      rows: (customer: Json) =>
        Object.entries(CUSTOMER).map(([key, label]) => ({
          label,
          value: key === 'created' ? when(String(customer[key])) : customer[key],
        })),
      columns: [
        { head: 'Field', cell: field('label') },
        { head: 'Value', cell: field('value') },
      ],
    },
  },
  datarhei: {
    label: 'datarhei Core',
    about: 'A refresh token renews short access tokens for a day, and nothing prolongs it: then one signs in again.',
    life: '10 minutes',
    backend: (http) => datarhei({ baseUrl: '/', ...http }),
    desk: 'Stream desk',
    noun: 'process',
    list: {
      title: 'Processes',
      path: () => '/api/v3/process',
      items: (processes: Process[]) =>
        processes.map(({ id, state, metadata }) => ({
          id,
          name: metadata['restreamer-ui'].meta.name,
          note: state.exec === 'running' ? `running for ${hours(state.runtime_seconds / 3_600)}` : state.exec,
        })),
    },
    table: {
      title: (id) => `Inputs of process ${id.slice(-12)}`,
      path: (id) => `/api/v3/process/${id}`,
      rows: ({ state }: Process) => state.progress.inputs,
      columns: [
        { head: 'Address', cell: field('address') },
        { head: 'Codec', cell: field('codec') },
        { head: 'Size', cell: ({ width, height }) => `${width} × ${height}`, isNumber: true },
        { head: 'Frames/s', cell: field('fps'), isNumber: true },
        { head: 'kbit/s', cell: field('bitrate_kbit'), isNumber: true },
      ],
    },
  },
  rest: {
    label: 'Any other: rotating refresh tokens',
    about: 'Ten lines of rest({ … }): each refresh token works once, and using one twice ends the session.',
    life: '15 minutes',
    backend: (http) =>
      rest({
        baseUrl: '/rest',
        signIn: { path: '/login' },
        refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
        signOut: { path: '/logout', with: 'refresh-token', field: 'refreshToken' },
        answer: { ...restAnswer, refreshToken: 'data.refreshToken' },
        ...http,
      }),
    ...orders,
  },
  'rest-cookie': {
    label: 'Any other: refresh by cookie',
    about: 'The refresh token is a cookie that no script can read; the short access token is all that the page holds.',
    life: '15 minutes',
    backend: (http) =>
      rest({
        baseUrl: '/rest/cookie',
        signIn: { path: '/login' },
        refresh: { path: '/refresh', with: 'cookie' },
        signOut: { path: '/logout', with: 'cookie' },
        answer: restAnswer,
        ...http,
      }),
    ...orders,
  },
} satisfies Record<string, DemoSystem>

export type SystemId = keyof typeof SYSTEMS

/** Whether a text names a system that works here: a page can neither set nor send cookies by script (Fetch Standard § 2.2.2). */
export const isOffered = (id: string | null): id is SystemId =>
  id !== null && Object.hasOwn(SYSTEMS, id) && (server.shared === null || id !== 'rest-cookie')
