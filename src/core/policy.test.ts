import { describe, expect, test } from 'vitest'
import { type Facts, judge, limits, toPolicy } from './policy.ts'
import { Secret } from './secret.ts'
import type { Grant, Policy } from './types.ts'

const S = 1_000
const MIN = 60 * S
const HOUR = 60 * MIN

const grant = (over: Partial<Grant> = {}): Grant => ({
  token: new Secret('t'),
  user: { key: '7', name: 'analyst' },
  departedAt: 0,
  expiresAt: 30 * MIN,
  ...over,
})

const facts = (over: Partial<Facts> = {}): Facts => ({
  grant: grant(),
  signedInAt: 0,
  lastActive: 0,
  due: null,
  stayAt: 0,
  failures: 0,
  retryAt: 0,
  startedAt: null,
  renewable: true,
  prolongs: false,
  visible: true,
  ...over,
})

const here = (at: number) => ({ at, here: true })
const elsewhere = (at: number) => ({ at, here: false })

interface Row {
  /** A sentence: what the policy says. */
  says: string
  now: number
  facts?: Partial<Facts>
  policy?: Partial<Policy>
  is: Partial<ReturnType<typeof judge>>
}

function check(rows: Row[]): void {
  for (const { says, now, facts: given, policy, is } of rows) {
    test(says, () => expect(judge(facts(given), now, toPolicy(policy ?? {}))).toMatchObject(is))
  }
}

describe('a 30-minute token, refreshed every 60 s (EclecticIQ)', () => {
  check([
    {
      says: 'nobody for 26:59: still active',
      now: 27 * MIN - 1,
      is: { phase: 'active', deadline: 29 * MIN, cause: 'idle' },
    },
    {
      says: 'nobody for 27:00: the warning opens, two minutes before the end',
      now: 27 * MIN,
      is: { phase: 'warning', extendable: true },
    },
    { says: 'nobody for 29:00: over, because of idleness', now: 29 * MIN, is: { phase: 'over', cause: 'idle' } },
    { says: 'the next change is the warning', now: 0, is: { wakeAt: 27 * MIN } },
    { says: 'during the warning the next change is the end', now: 27 * MIN, is: { wakeAt: 29 * MIN } },
  ])
})

describe('activity refreshes', () => {
  check([
    {
      says: 'with a token of 59 s nothing is due',
      now: 59 * S,
      facts: { lastActive: 59 * S },
      is: { refresh: false, deadline: 59 * S + 29 * MIN },
    },
    {
      says: 'with a token of 60 s, at once',
      now: MIN,
      facts: { lastActive: MIN, due: here(MIN) },
      is: { refresh: true },
    },
    { says: 'nobody here, no refresh, however old the token', now: 26 * MIN, is: { refresh: false } },
    {
      says: 'after a failure not before its time',
      now: 2 * MIN,
      facts: { lastActive: MIN, due: here(MIN), retryAt: 2 * MIN + 1 },
      is: { refresh: false, wakeAt: 2 * MIN + 1 },
    },
    {
      says: 'and then again',
      now: 2 * MIN,
      facts: { lastActive: MIN, due: here(MIN), retryAt: 2 * MIN },
      is: { refresh: true },
    },
    {
      says: 'someone active in another tab leaves it to that tab',
      now: MIN,
      facts: { lastActive: MIN, due: elsewhere(MIN) },
      is: { refresh: false, wakeAt: MIN + 12 * S },
    },
    {
      says: 'unless nothing came of it',
      now: MIN + 12 * S,
      facts: { lastActive: MIN, due: elsewhere(MIN) },
      is: { refresh: true },
    },
    {
      says: 'nothing to renew with, nothing started',
      now: MIN,
      facts: { lastActive: MIN, due: here(MIN), renewable: false },
      is: { refresh: false },
    },
    {
      says: 'a token in its last second can not renew itself',
      now: 30 * MIN - S,
      facts: { lastActive: 20 * MIN, due: here(20 * MIN) },
      is: { refresh: false, usable: false },
    },
  ])
})

describe('only people extend a session', () => {
  check([
    {
      says: 'a request may renew when someone was here since the grant',
      now: 5 * MIN,
      facts: { lastActive: 30 * S },
      is: { mayRenew: true },
    },
    { says: 'and may not when nobody was', now: 5 * MIN, is: { mayRenew: false } },
    {
      says: 'with an idle limit of its own it may',
      now: 5 * MIN,
      policy: { idleTimeout: HOUR },
      is: { mayRenew: true },
    },
  ])
})

describe('an idle limit of its own (15 min)', () => {
  const policy = { idleTimeout: 15 * MIN }
  const short = { grant: grant({ expiresAt: 10 * MIN }) }
  check([
    { says: 'ends at 15:00', now: 15 * MIN, policy, is: { phase: 'over', cause: 'idle' } },
    {
      says: 'a 10-minute token is renewed 2:30 before its end when the page is visible',
      now: 7.5 * MIN,
      policy,
      facts: short,
      is: { refresh: true },
    },
    { says: 'not sooner', now: 7.5 * MIN - 1, policy, facts: short, is: { refresh: false, wakeAt: 7.5 * MIN } },
    {
      says: 'at half its life when hidden',
      now: 5 * MIN,
      policy,
      facts: { ...short, visible: false },
      is: { refresh: true },
    },
    { says: 'a token that outlives the limit is left alone', now: 14 * MIN, policy, is: { refresh: false } },
  ])
})

describe('an absolute limit (8 h)', () => {
  const policy = { sessionLimit: 8 * HOUR }
  const late = { grant: grant({ departedAt: 8 * HOUR - MIN, expiresAt: 8.5 * HOUR }), lastActive: 8 * HOUR - MIN }
  check([
    {
      says: 'warns, and can not be extended',
      now: 8 * HOUR - MIN,
      policy,
      facts: late,
      is: { phase: 'warning', cause: 'limit', extendable: false },
    },
    { says: 'ends', now: 8 * HOUR, policy, facts: late, is: { phase: 'over', cause: 'limit' } },
  ])
})

describe('a refresh token (24 h) beside a 10-minute token', () => {
  const two = { grant: grant({ expiresAt: 10 * MIN, refreshToken: new Secret('r'), refreshExpiresAt: 24 * HOUR }) }
  check([
    {
      says: 'a dead access token only means: renew before sending',
      now: 10 * MIN,
      policy: { idleTimeout: 15 * MIN },
      facts: two,
      is: { phase: 'active', cause: 'idle', usable: false, mayRenew: true, refresh: true },
    },
    {
      says: 'its end is the end, as a limit',
      now: 24 * HOUR,
      facts: { ...two, lastActive: 24 * HOUR - 1 },
      is: { phase: 'over', cause: 'limit' },
    },
    {
      says: 'as a token where a refresh prolongs it',
      now: 24 * HOUR,
      facts: { ...two, lastActive: 24 * HOUR - 1, prolongs: true },
      is: { phase: 'over', cause: 'token' },
    },
    {
      says: 'no end known: it lasts',
      now: 48 * HOUR,
      facts: { grant: { ...two.grant, refreshExpiresAt: null }, lastActive: 48 * HOUR - 1 },
      is: { phase: 'active', usable: false },
    },
  ])
})

describe('a server that can not be reached', () => {
  // Active at 28 min with a token from 0: the idle end moves to 57 min, the token still ends at 30.
  const active = { lastActive: 28 * MIN + 5 * S, due: here(28 * MIN + 5 * S) }
  check([
    {
      says: 'holds the warning back while the refresh may still answer',
      now: 28 * MIN + 6 * S,
      facts: active,
      is: { phase: 'active', cause: 'token' },
    },
    {
      says: 'for five seconds',
      now: 28 * MIN + 10 * S,
      facts: active,
      is: { phase: 'warning', cause: 'token', extendable: true },
    },
    {
      says: 'not after a failure',
      now: 28 * MIN + 6 * S,
      facts: { ...active, failures: 1 },
      is: { phase: 'warning', cause: 'token' },
    },
    {
      says: 'and never into the last 20 s',
      now: 29 * MIN + 40 * S,
      facts: { lastActive: 29 * MIN + 39 * S, due: here(29 * MIN + 39 * S) },
      is: { phase: 'warning' },
    },
    { says: 'the token ends the session', now: 30 * MIN, facts: active, is: { phase: 'over', cause: 'token' } },
  ])
})

describe('an opaque token', () => {
  const opaque = { grant: grant({ expiresAt: null }) }
  check([
    {
      says: 'is never refreshed by time',
      now: 10 * MIN,
      policy: { idleTimeout: 20 * MIN },
      facts: opaque,
      is: { refresh: false, usable: true },
    },
    {
      says: 'ends by its idle limit',
      now: 20 * MIN,
      policy: { idleTimeout: 20 * MIN },
      facts: opaque,
      is: { phase: 'over', cause: 'idle' },
    },
  ])
  test('has no idle limit of itself', () => {
    expect(limits(opaque.grant, toPolicy({})).idle).toBeNaN()
  })
})

describe('"Stay signed in"', () => {
  check([
    { says: 'asks the server at once', now: 28 * MIN, facts: { stayAt: 1 }, is: { refresh: true } },
    {
      says: 'counts at once where the token outlives a new idle limit',
      now: 10 * MIN,
      policy: { idleTimeout: 11 * MIN },
      is: { outlives: true },
    },
    { says: 'waits for the server elsewhere', now: 28 * MIN, is: { outlives: false } },
  ])
})

test('a short token warns at half its idle limit', () => {
  expect(limits(grant({ expiresAt: 90 * S }), toPolicy({}))).toEqual({
    life: 90 * S,
    every: 22.5 * S,
    idle: 67.5 * S,
    lead: 33.75 * S,
  })
})

test.each([
  [{ warnBefore: 19_999 }, /warnBefore must be from 20000 to 3600000 ms, and is 19999/],
  [{ refreshEvery: 0 }, /refreshEvery/],
  [{ idleTimeout: Number.NaN }, /idleTimeout/],
  [{ sessionLimit: Infinity }, /sessionLimit/],
])('%o is refused by name and range', (options, message) => {
  expect(() => toPolicy(options)).toThrow(message)
})
