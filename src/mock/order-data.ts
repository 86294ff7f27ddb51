const DAY_MS = 86_400_000

// Prices in cents: sums of money in floating point drift.
const catalogue = {
  'DESK-160': { name: 'Standing desk, 160 cm, oak', price: 64_900 },
  'LAMP-LED': { name: 'Desk lamp, dimmable', price: 7_950 },
  'CHAIR-EX': { name: 'Office chair, mesh back', price: 38_500 },
  'MAT-90': { name: 'Floor mat, 90 × 120 cm', price: 5_490 },
  'ARM-DUO': { name: 'Monitor arm for two screens', price: 12_900 },
}

type Sku = keyof typeof catalogue

const orders: readonly { id: number; daysAgo: number; status: string; items: readonly [Sku, number][] }[] = [
  {
    id: 10_421,
    daysAgo: 0,
    status: 'open',
    items: [
      ['CHAIR-EX', 2],
      ['MAT-90', 2],
    ],
  },
  { id: 10_418, daysAgo: 1, status: 'packed', items: [['LAMP-LED', 6]] },
  {
    id: 10_407,
    daysAgo: 4,
    status: 'shipped',
    items: [
      ['DESK-160', 1],
      ['ARM-DUO', 1],
      ['LAMP-LED', 1],
    ],
  },
  { id: 10_391, daysAgo: 9, status: 'delivered', items: [['ARM-DUO', 4]] },
  {
    id: 10_352,
    daysAgo: 23,
    status: 'delivered',
    items: [
      ['DESK-160', 3],
      ['CHAIR-EX', 3],
    ],
  },
]

/** The orders of a furniture shop, newest first, placed in the days before `now` in epoch milliseconds; amounts in cents. */
export function listOrders(now: number) {
  const midnight = Math.floor(now / DAY_MS) * DAY_MS
  return orders.map(({ id, daysAgo, status, items }) => {
    const lines = items.map(([sku, quantity]) => ({ sku, ...catalogue[sku], quantity }))
    return {
      id,
      placedAt: new Date(midnight - daysAgo * DAY_MS).toISOString(),
      status,
      currency: 'EUR',
      total: lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
      lines,
    }
  })
}
