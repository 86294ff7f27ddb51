import * as fc from 'fast-check'
import { SYSTEM_NAMES, type SystemName } from './systems.ts'

const S = 1_000
const MIN = 60 * S

/** What a history begins with. */
export interface Setup {
  readonly system: SystemName
  /** Life of the token sent with requests, in seconds. */
  readonly ttl: number
  readonly refreshEvery: number
  readonly warnBefore: number
  readonly idleTimeout: number | null
  readonly sessionLimit: number | null
  readonly activityDuringWarning: 'ignore' | 'extend'
  readonly handOver: boolean
  readonly locks: 'web' | 'lease'
  /** How long a spent refresh token works once more, in seconds. */
  readonly grace: number
  /** How far the device's clock is wrong, in ms. */
  readonly clock: number
  /** What the wires do by chance follows from this seed. */
  readonly chance: number
}

export const MOMENTS = ['refresh', 'warning', 'deadline', 'token'] as const
export const NETWORKS = ['up', 'slow', 'crawling', 'down', 'losing', 'hanging', 'failing', 'garbled', 'mixed'] as const
export const MESSAGES = ['prompt', 'slow', 'lost', 'twice'] as const
export const RECORDS = ['prompt', 'slow', 'broken', 'cleared', 'stranger', 'next-version'] as const
export const TRAPS = ['turn', 'answer', 'write'] as const
export const FORGERIES = ['active-now', 'active-ahead', 'session', 'ended', 'next-version', 'garbage'] as const
export const STORAGES = ['works', 'broken', 'cleared', 'stranger', 'stale'] as const

const tab = fc.nat(4)
const kinds = {
  // People.
  press: { tab, strong: fc.boolean() },
  type: { tab, seconds: fc.integer({ min: 4, max: 90 }) },
  work: { tab, minutes: fc.integer({ min: 2, max: 40 }) },
  stay: { tab },
  'sign-out': { tab, midway: fc.boolean() },
  'sign-out-and-die': { tab },
  'sign-in': { tab, user: fc.nat(1), isRight: fc.integer({ min: 0, max: 9 }).map((n) => n > 0) },
  'sign-in-twice': { tab, other: tab, user: fc.nat(1), second: fc.nat(1), apart: fc.integer({ min: 0, max: 3 * S }) },
  'leave-login': { tab },
  'keep-awake': { tab, max: fc.integer({ min: MIN, max: 60 * MIN }) },
  release: { tab },
  request: { tab },
  poll: { tab, every: fc.integer({ min: 5 * S, max: MIN }), times: fc.integer({ min: 2, max: 40 }) },

  // Tabs.
  open: {},
  duplicate: { tab },
  close: { tab },
  crash: { tab },
  trap: { tab, at: fc.constantFrom(...TRAPS) },
  reload: { tab },
  reopen: { nth: fc.nat(5) },
  freeze: { tab },
  cache: { tab },
  thaw: { tab },
  hide: { tab },
  show: { tab },
  unmount: { tab },
  mount: { tab },

  // Time.
  wait: { ms: fc.oneof(fc.integer({ min: 0, max: 3 * S }), fc.integer({ min: 3 * S, max: 70 * S })) },
  'wait-long': { ms: fc.integer({ min: MIN, max: 12 * MIN }) },
  'wait-until': { tab, moment: fc.constantFrom(...MOMENTS), by: fc.integer({ min: -20 * S, max: 15 * S }) },
  sleep: {
    ms: fc.oneof(fc.integer({ min: S, max: 5 * MIN }), fc.integer({ min: 5 * MIN, max: 180 * MIN })),
    frozenTimers: fc.boolean(),
  },
  late: { ms: fc.constantFrom(0, 0, 900, 5 * S, MIN) },
  clock: {
    by: fc.oneof(fc.integer({ min: -10 * MIN, max: 10 * MIN }), fc.constantFrom(-1440 * MIN, -60 * MIN, 60 * MIN)),
  },

  // Wires.
  messages: { how: fc.constantFrom(...MESSAGES) },
  forge: { what: fc.constantFrom(...FORGERIES) },
  record: { how: fc.constantFrom(...RECORDS) },
  storage: { tab, how: fc.constantFrom(...STORAGES) },
  channel: { tab, isBroken: fc.boolean() },

  // Server.
  network: { how: fc.constantFrom(...NETWORKS) },
  online: { tab },
  'revoke-all': {},
  'rotate-key': { keepOld: fc.boolean() },
} satisfies Record<string, Record<string, fc.Arbitrary<unknown>>>

type Kinds = typeof kinds
export type Kind = keyof Kinds
export const KINDS = Object.keys(kinds) as Kind[]

/** One thing that happens; which tab is meant is counted among those that live then. */
export type Step = {
  [K in Kind]: { readonly do: K } & {
    readonly [F in keyof Kinds[K]]: Kinds[K][F] extends fc.Arbitrary<infer T> ? T : never
  }
}[Kind]
export type StepOf<K extends Kind> = Extract<Step, { readonly do: K }>

export interface History {
  readonly setup: Setup
  readonly steps: readonly Step[]
}

const stepOf = (kind: Kind) =>
  fc.record({ do: fc.constant(kind), ...(kinds[kind] as Record<string, fc.Arbitrary<unknown>>) }) as fc.Arbitrary<Step>

// What happens all day happens often here too.
const WEIGHTS: Partial<Record<Kind, number>> = {
  press: 10,
  type: 4,
  work: 4,
  wait: 8,
  'wait-long': 6,
  'wait-until': 10,
  'sign-in': 8,
  request: 5,
  stay: 12,
  mount: 4,
  release: 4,
  open: 3,
  duplicate: 3,
  show: 5,
  thaw: 8,
  freeze: 3,
  'sign-out': 3,
  network: 5,
  messages: 2,
}

const step = fc.oneof(
  { withCrossShrink: true },
  ...KINDS.map((kind) => ({ weight: WEIGHTS[kind] ?? 2, arbitrary: stepOf(kind) })),
)

const setup: fc.Arbitrary<Setup> = fc.record({
  system: fc.constantFrom(...SYSTEM_NAMES),
  ttl: fc.constantFrom(1_800, 600, 300, 120),
  refreshEvery: fc.constantFrom(MIN, MIN, 10 * S),
  warnBefore: fc.constantFrom(2 * MIN, 2 * MIN, MIN, 25 * S),
  idleTimeout: fc.constantFrom(null, null, null, 4 * MIN, 15 * MIN, 60 * MIN),
  sessionLimit: fc.constantFrom(null, null, null, 30 * MIN),
  activityDuringWarning: fc.constantFrom('ignore', 'ignore', 'extend'),
  handOver: fc.constantFrom(true, true, true, false),
  locks: fc.constantFrom('web', 'web', 'web', 'lease'),
  grace: fc.constantFrom(0, 0, 60),
  clock: fc.constantFrom(0, 0, 1440 * MIN, -1440 * MIN),
  chance: fc.nat(),
})

/** Any history of up to so many steps. */
export const anyHistory = (maxLength = 60): fc.Arbitrary<History> =>
  fc.record({ setup, steps: fc.noBias(fc.array(step, { minLength: 10, maxLength, size: 'max' })) })

const calm = (...names: Kind[]) => fc.oneof(...names.map((kind) => stepOf(kind)))

/** A person who is never away for long, with a server that answers: only what must not disturb them happens. */
export const diligentHistory = (maxLength = 40): fc.Arbitrary<History> =>
  fc.record({
    setup: setup.map((any) => ({
      ...any,
      sessionLimit: null,
      handOver: true,
      // A page that is reloaded while it refreshes has spent what it restores, and a lease outlives it for a while.
      grace: 60,
      locks: 'web' as const,
      warnBefore: Math.max(any.warnBefore, 25 * S),
    })),
    steps: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: calm('press', 'type') },
        { weight: 3, arbitrary: calm('request') },
        { weight: 3, arbitrary: calm('open', 'duplicate', 'close', 'crash', 'reload', 'hide', 'show') },
        { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'network', how: 'slow' }, { do: 'network', how: 'up' }) },
        {
          weight: 1,
          arbitrary: fc.constantFrom<Step>({ do: 'messages', how: 'slow' }, { do: 'messages', how: 'prompt' }),
        },
      ),
      { minLength: 5, maxLength, size: 'max' },
    ),
  })
