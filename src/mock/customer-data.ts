import type { Account } from './users.ts'

const DAY_MS = 86_400_000

const purposes = [
  ['Everyday', 'ZAR'],
  ['Savings', 'ZAR'],
  ['Travel', 'EUR'],
] as const

/** A customer as Eclipse tells of one. */
export const toCustomer = ({ customerId, tenantId, displayName, username, phone }: Account) => ({
  customerId,
  tenantId,
  name: displayName,
  identities: [{ identity: username, status: 'ACTIVE' }],
  phone: phone.replace(/.(?=.{4})/g, '*'),
  status: 'ACTIVE',
  ratifyStatus: 'PASSED',
  created: '2024-02-05T08:30:00Z',
})

/** The wallets of a customer as of `now` (epoch milliseconds), the same for a whole day. */
export const listWallets = ({ userId, customerId }: Account, now: number) =>
  purposes.map(([name, currency], i) => ({
    walletId: userId * 100 + i + 1,
    customerId,
    name,
    currency,
    currentBalance: ((userId * 7919 + (i + 1) * 104_729 + Math.floor(now / DAY_MS) * 131) % 2_500_000) / 100,
    status: 'ACTIVE',
  }))
