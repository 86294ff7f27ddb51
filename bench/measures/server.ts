import { send } from '../load.ts'
import type { Measure, Result, Setting } from '../measure.ts'
import { users } from '../servers/_users.ts'
import { type Server, startServer } from '../servers.ts'
import { type Interval, median, withInterval } from '../statistics.ts'

const EXTENTS = {
  full: { rounds: 40, checked: 5_000, others: 1_000, revoked: 1_000_000, warmUp: 20_000 },
  quick: { rounds: 12, checked: 2_500, others: 500, revoked: 1_000_000, warmUp: 20_000 },
  smoke: { rounds: 1, checked: 500, others: 100, revoked: 10_000, warmUp: 500 },
}
const KINDS = ['sign-in', 'first request of a token', 'checked request', 'refresh', 'revoke'] as const
type Kind = (typeof KINDS)[number]
const CHECKED = { method: 'GET', path: '/feeds/200' } as const
const connections = users.length

interface Cost {
  readonly perSecond: number
  /** µs that the server computed. */
  readonly cpu: number
}
type Costs = Record<Kind, Cost[]>

const noCosts = (): Costs => ({
  'sign-in': [],
  'first request of a token': [],
  'checked request': [],
  refresh: [],
  revoke: [],
})

async function signIn(url: string, amount: number): Promise<{ ms: number; tokens: string[] }> {
  const tokens: string[] = []
  const ms = await send(url, {
    method: 'POST',
    path: '/auth',
    amount,
    connections,
    each: (i) => ({ body: users[i % users.length] }),
    onBody: (body) => tokens.push(JSON.parse(body).token),
  })
  return { ms, tokens }
}

const checked = (url: string, amount: number, token: string) => send(url, { ...CHECKED, amount, connections, token })

async function statusOf(url: string, token: string): Promise<number> {
  const { status } = await fetch(url + CHECKED.path, { headers: { authorization: `Bearer ${token}` } })
  return status
}

/** One turn of a subject: all kinds, one after the other. */
async function turn(
  { url, cpu }: Server,
  { checked: many, others }: { checked: number; others: number },
  costs: Costs,
) {
  async function cost<T extends number | { ms: number }>(
    kind: Kind,
    amount: number,
    work: () => Promise<T>,
  ): Promise<T> {
    const before = await cpu()
    const done = await work()
    const ms = typeof done === 'number' ? done : done.ms
    costs[kind].push({ perSecond: (amount / ms) * 1000, cpu: ((await cpu()) - before) / amount })
    return done
  }
  const { tokens } = await cost('sign-in', others, () => signIn(url, others))
  const token = tokens[0]!
  const each = (i: number) => ({ token: tokens[i]! })
  await cost('first request of a token', others, () => send(url, { ...CHECKED, amount: others, connections, each }))
  await cost('checked request', many, () => checked(url, many, token))
  await cost('refresh', others, () =>
    send(url, { method: 'POST', path: '/auth/refresh', amount: others, connections, token }),
  )
  await cost('revoke', others, () =>
    send(url, { method: 'POST', path: '/auth/logout', amount: others, connections, each }),
  )
  return token
}

const shown = ({ value, low, high }: Interval) => `${value.toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`

async function run({ extent, turns, say }: Setting): Promise<Result> {
  const { rounds, revoked, warmUp, ...amounts } = EXTENTS[extent]
  const subjects = [
    { name: 'stillhere-mock', file: 'stillhere-mock', revoked: 0 },
    { name: `… ${revoked.toLocaleString('en')} revoked`, file: 'stillhere-mock', revoked },
    { name: 'hono-jose', file: 'hono-jose', revoked: 0 },
  ]
  const [ours, full, bare] = subjects.map(({ name }) => name) as [string, string, string]
  const servers = new Map<string, Server>()
  const costs = new Map(subjects.map(({ name }) => [name, noCosts()]))
  const afterRevoking = new Map<string, number>()
  try {
    for (const { name, file, revoked } of subjects) {
      const server = await startServer(file)
      servers.set(name, server)
      if (revoked) await server.revoke(revoked)
      // Until its code is compiled for speed a server needs twice as long.
      await turn(server, { ...amounts, checked: warmUp }, noCosts())
    }
    for (let round = 0; round < rounds; round++) {
      say(`server: round ${round + 1} of ${rounds}`)
      for (const { name } of turns.shuffle(subjects)) {
        const server = servers.get(name)!
        const token = await turn(server, amounts, costs.get(name)!)
        afterRevoking.set(name, await statusOf(server.url, token))
      }
    }
  } finally {
    for (const server of servers.values()) server.stop()
  }

  const ratio = (kind: Kind, name: string, to: string) =>
    withInterval(
      costs.get(name)![kind].map(({ perSecond }, round) => perSecond / costs.get(to)![kind][round]!.perSecond),
      turns.random,
    )
  const perSecond = (kind: Kind, name: string) => median(costs.get(name)![kind].map(({ perSecond }) => perSecond))
  const cpu = (kind: Kind, name: string) => median(costs.get(name)![kind].map(({ cpu }) => cpu))
  const toBare = ratio('checked request', ours, bare)
  const toEmpty = ratio('checked request', full, ours)
  const names = subjects.map(({ name }) => name)

  return {
    tables: [
      {
        title: 'Requests a second, and µs of the server’s computing for each, medians of rounds',
        columns: ['', ...KINDS, 'a revoked token gets'],
        rows: names.map((name) => [
          name,
          ...KINDS.map((kind) => `${Math.round(perSecond(kind, name))}, ${Math.round(cpu(kind, name))} µs`),
          afterRevoking.get(name)!,
        ]),
      },
      {
        title: 'Requests a second as a share of bare Hono and jose, paired by rounds (95 %)',
        columns: ['', ...KINDS],
        rows: [ours, full].map((name) => [name, ...KINDS.map((kind) => shown(ratio(kind, name, bare)))]),
      },
    ],
    charts: [
      {
        name: 'server',
        title: 'Checked requests a second',
        unit: '/s',
        bars: names.map((label) => ({ label, value: perSecond('checked request', label) })),
      },
    ],
    goals: [
      {
        text: 'a checked request at 0.8 of bare Hono and jose at least',
        value: `${shown(toBare)}; where it is the first of its token ${shown(ratio('first request of a token', ours, bare))}`,
        isMet: toBare.value >= 0.8,
      },
      {
        text: `${revoked.toLocaleString('en')} revocations slow a checked request down by 10 % at most`,
        value: `to ${shown(toEmpty)} of what it is without`,
        isMet: toEmpty.value >= 0.9,
      },
    ],
    figures: Object.fromEntries([
      ...names.flatMap((name) =>
        KINDS.flatMap((kind) => [
          [`${name} ${kind} per second`, perSecond(kind, name)],
          [`${name} ${kind} cpu µs`, cpu(kind, name)],
        ]),
      ),
      ['checked request to bare', toBare.value],
      ['first request of a token to bare', ratio('first request of a token', ours, bare).value],
      ['checked request to bare, by computing', cpu('checked request', bare) / cpu('checked request', ours)],
      ['checked request with revocations to without', toEmpty.value],
      [
        'checked request with revocations to without, by computing',
        cpu('checked request', ours) / cpu('checked request', full),
      ],
    ]),
    notes: [
      `${amounts.checked} checked requests and ${amounts.others} of each other kind a round on ${connections} connections, over ${rounds} rounds; each server is a process of its own, the load generator (autocannon) another. Where they share cores with each other, shares of requests a second lie closer to 1 than they are: the µs count what the server alone computed.`,
      'The mock remembers which signatures it has found to be right, and asks each time anew whether key, token and session still count: from a token’s second request on it computes no signature, and bare jose computes each. The first request of each token shows what all the rest costs.',
      'hono-jose is Hono with jose behind @hono/node-server: HS256 with a CryptoKey, as the mock has it, and no list of sessions, so that what is revoked goes on to be good. Passwords are hashed once over by the mock (pbkdf2Iterations: 1), and compared in the clear by hono-jose: of sign-ins the share says little.',
    ],
  }
}

/** What the mock backend answers in a second, beside a bare one. */
export const server: Measure = { name: 'server', title: 'The mock backend', run }
