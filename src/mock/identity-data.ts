const HOUR_MS = 3_600_000

const sites = [
  { id: 1, name: 'Head office', city: 'Bristol', timeZone: 'Europe/London', doors: 24 },
  { id: 2, name: 'Warehouse north', city: 'Leeds', timeZone: 'Europe/London', doors: 11 },
  { id: 3, name: 'Research campus', city: 'Delft', timeZone: 'Europe/Amsterdam', doors: 37 },
]

const people: readonly [firstName: string, lastName: string, department: string, siteId: number][] = [
  ['Amara', 'Okafor', 'Security', 1],
  ['Ben', 'Hughes', 'Facilities', 1],
  ['Chiara', 'Conti', 'Finance', 1],
  ['Dmitri', 'Volkov', 'Logistics', 2],
  ['Elif', 'Kaya', 'Logistics', 2],
  ['Femke', 'de Vries', 'Research', 3],
  ['Goran', 'Petrov', 'Research', 3],
  ['Hana', 'Sato', 'Visitors', 3],
]

const badges = people.map(([, , department], i) => ({
  id: 9001 + i,
  cardNumber: String(40_120_077 + i * 1013),
  identityId: 501 + i,
  type: department === 'Visitors' ? 'Visitor' : 'Employee',
  // One lost badge, as every site has.
  status: i === 3 ? 'Lost' : 'Active',
}))

const identities = people.map(([firstName, lastName, department, siteId], i) => ({
  id: 501 + i,
  firstName,
  lastName,
  department,
  siteId,
  badges: badges.filter(({ identityId }) => identityId === 501 + i).map(({ id }) => id),
}))

const withLastSeen = (identity: (typeof identities)[number], now: number) => ({
  ...identity,
  // Aligned to the hour: the same answer all through it, whoever asks.
  lastSeenAt: new Date(now - (now % HOUR_MS) - (identity.id % 7) * HOUR_MS).toISOString(),
})

/** The persons of all sites, or of one, as of `now` (epoch milliseconds). */
export const listIdentities = (now: number, siteId?: number) =>
  identities
    .filter((identity) => siteId === undefined || identity.siteId === siteId)
    .map((identity) => withLastSeen(identity, now))

/** One person, undefined if there is none with this id. */
export function findIdentity(id: number, now: number) {
  const identity = identities.find((candidate) => candidate.id === id)
  return identity && withLastSeen(identity, now)
}

/** The badges of all sites. */
export const listBadges = () => badges

/** The sites. */
export const listSites = () => sites
