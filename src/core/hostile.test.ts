import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFromTheFuture } from './record.ts'
import { ANALYST, createPlain, createScene, MIN, S } from './scene.ts'
import { Secret } from './secret.ts'
import type { Grant, SessionState, SharedRecord } from './types.ts'

/** How many forgeries each property is tried with. */
const RUNS = { numRuns: 150 }
const DAY = 1_440 * MIN
const NOW = Date.UTC(2026, 0, 5, 9)

const OPTIONS = { user: { key: '7', name: 'ada' }, roles: ['admin'], claims: { uid: 7 }, serverSessionId: 's' }

/** A system whose answers have everything that an answer can have. */
function createSystem() {
  const plain = createPlain()
  const full = (departedAt: number) => ({
    ...OPTIONS,
    token: new Secret('real-token'),
    header: { name: 'x-auth', value: new Secret('real-token') },
    csrf: { name: 'x-csrf', value: new Secret('real-csrf') },
    refreshToken: new Secret('real-refresh'),
    refreshExpiresAt: departedAt + DAY,
    expiresAt: departedAt + 30 * MIN,
  })
  return Object.assign(plain, {
    signIn: async (_: unknown, { departedAt }: { departedAt: number }) => full(departedAt),
    refresh: async (_: unknown, { departedAt }: { departedAt: number }) => full(departedAt),
    headers: ({ header }: Grant) => ({ [header!.name]: header!.value.reveal() }),
  })
}

const backend = createSystem()

/** Tabs, of which the first has signed in. */
async function createTabs(count = 1) {
  const scene = createScene({ backend })
  const tabs = Array.from({ length: count }, () => scene.open())
  await scene.world.advance(S)
  await tabs[0]!.signIn(ANALYST)
  await scene.world.settle()
  return { ...scene, tabs, record: scene.world.record as SharedRecord, claim: JSON.parse(tabs[0]!.tab.stored()!) }
}
const { claim: CLAIM, record: RECORD } = await createTabs()
/** The same of a session that no world's next sign-in is named as. */
const OLD_CLAIM = put(CLAIM, ['held', 'id'], 'old') as typeof CLAIM
const OLD_RECORD = { ...RECORD, sessionId: 'old' }

/** What no honest tab writes. */
const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    ...[undefined, null, true, '', ' ', 'Host', 'a\r\nX-Injected: 1', 'x-auth: 1', '\u202e\u200b\u0000', '__proto__'],
    ...[
      'constructor',
      'toString',
      '[object Object]',
      'id-1',
      'app',
      'idle',
      'user',
      'ended',
      'active',
      'session',
      'x'.repeat(10_000),
    ],
    ...[0, -0, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 53 - 1, 2 ** 52 - 1, 8.64e15, -8.64e15, NOW, NOW + 5_000],
    ...[[], [[]], [null], ['id-1/1'], {}, { length: -1 }, { $secret: 'x' }, { $secret: 1 }, { $secret: 'ü\n' }],
    ...[
      { name: 'Cookie', value: { $secret: 'x' } },
      { name: ['x'], value: { $secret: 'x' } },
      { name: 'x', value: 'x' },
    ],
    ...[{ key: {}, name: { toString: 'x' } }, JSON.parse('{"__proto__":{"v":1},"constructor":{"prototype":1}}')],
  ),
)
/** What a clone between tabs or out of a database can hold, and JSON can not. */
const cloned = fc.oneof(
  strange,
  fc.constantFrom<unknown>(
    ...[NaN, Infinity, -Infinity, 10n ** 30n, new Date(NaN), new Map([['v', 1]]), new Set([1]), /x/g, new Error('x')],
    ...[new Uint8Array(8), Object.assign([], { length: 2 ** 32 - 1 }), Object.create({ v: 1, app: 'app' })],
  ),
)

const pathsOf = (value: unknown, path: string[] = []): string[][] =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
    : [path]

function put(root: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const inner = root && typeof root === 'object' ? root : {}
  return { ...inner, [key]: put((inner as Record<string, unknown>)[key], rest, value) }
}

/** Something good, with some of its fields made strange; or anything at all. */
const forged = (good: object, values: fc.Arbitrary<unknown>) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .array(fc.tuple(fc.constantFrom(...pathsOf(good).slice(1)), values), { maxLength: 3 })
        .map((changes) => changes.reduce<unknown>((root, [path, value]) => put(root, path, value), good)),
    },
    { weight: 1, arbitrary: values },
  )
const forgedText = fc.oneof(
  forged(OLD_CLAIM, strange).map((claim) => JSON.stringify(claim) ?? 'undefined'),
  fc.string(),
  fc.constantFrom('null', '{', '[[[[', '"x"', '{"__proto__":{"v":1}}'),
)

/** Whether a page can show this state, send what it holds, and keep it. */
function expectUsable(state: SessionState): void {
  const { session, user, roles, claims, deadline } = state
  expect(JSON.stringify(state)).not.toContain('real-')
  structuredClone({ ...state, session: null })
  if (deadline !== null) expect(new Date(deadline).toISOString()).toMatch(/Z$/)
  expect(roles.every((role) => typeof role === 'string')).toBe(true)
  if (!session) return
  expect(user).toEqual({ key: user!.key, name: expect.any(String) })
  expect(typeof (user!.key ?? '')).toBe('string')
  expect(Object.getPrototypeOf(claims ?? {})).toBe(Object.prototype)
  new Headers(backend.headers({ ...session.grant, header: session.grant.header ?? backendHeader }))
  new Headers({ authorization: `Bearer ${session.grant.token.reveal()}` })
  expect(session.generation + 1).toBeGreaterThan(session.generation)
}
const backendHeader = { name: 'x-auth', value: new Secret('real-token') }

type Scene = Awaited<ReturnType<typeof createTabs>>

/** Whatever lies there: a new sign-in is a session like any other, which a reload finds again and a sign-out ends. */
async function expectNewBeginning({ world, open }: Pick<Scene, 'world' | 'open'>): Promise<void> {
  const tab = open()
  await world.advance(2 * S)
  await tab.signIn(ANALYST)
  await world.advance(2 * S)
  expect(tab.status()).toBe('active')
  const reloaded = open(world.openTab({ storage: tab.tab.stored() }))
  await world.advance(2 * S)
  expect(reloaded.status()).toBe('active')
  expect(reloaded.state().session!.id).toBe(tab.state().session!.id)
  reloaded.signOut()
  await world.settle()
  expect([tab.status(), reloaded.status()]).toEqual(['signed-out', 'signed-out'])
  expect([...tab.tab.errors, ...reloaded.tab.errors]).toEqual([])
}

describe('forged storage', () => {
  test('signs nobody in without a record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(forgedText, fc.constant(JSON.stringify(OLD_CLAIM))), async (text) => {
        const scene = createScene({ backend })
        const tab = scene.open(scene.world.openTab({ storage: text }))
        const seen: string[] = []
        tab.subscribe(({ status }) => seen.push(status))
        await scene.world.advance(2 * S)
        expect(seen).not.toContain('active')
        expect(tab.status()).toBe('signed-out')
        expect(tab.tab.errors).toEqual([])
      }),
      RUNS,
    )
  })

  test('nor with a record that says the session has ended, or is another', async () => {
    const others = [
      { ...OLD_RECORD, epoch: 2, endedReason: 'idle' },
      { ...OLD_RECORD, sessionId: 'other' },
    ]
    await fc.assert(
      fc.asyncProperty(forgedText, fc.constantFrom(...others), async (text, record) => {
        const scene = createScene({ backend })
        scene.world.record = record
        const tab = scene.open(scene.world.openTab({ storage: text }))
        await scene.world.advance(2 * S)
        expect(tab.status()).toBe('signed-out')
        await expectNewBeginning(scene)
      }),
      RUNS,
    )
  })

  test('of a session that lives is taken whole, or not at all', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(forgedText, async (text) => {
        const scene = createScene({ backend })
        scene.world.record = OLD_RECORD
        const tab = scene.open(scene.world.openTab({ storage: text }))
        await scene.world.advance(2 * S)
        expectUsable(tab.state())
        seen.add(tab.status())
        tab.tab.press()
        await scene.world.advance(2 * MIN)
        expectUsable(tab.state())
        void tab.getToken().catch(() => {})
        await scene.world.advance(2 * S)
        tab.signOut()
        await scene.world.settle()
        expect(tab.status()).toBe('signed-out')
        expect(tab.tab.errors).toEqual([])
        await expectNewBeginning(scene)
      }),
      RUNS,
    )
    expect([...seen]).toEqual(expect.arrayContaining(['active', 'signed-out']))
  })

  test.each<[string, (claim: typeof OLD_CLAIM) => string]>([
    ['ten million characters', (claim) => JSON.stringify({ ...claim, more: 'x'.repeat(10_000_000) })],
    [
      'ten million characters of a name',
      (claim) => JSON.stringify(put(claim, ['held', 'grant', 'user', 'name'], 'x'.repeat(10_000_000))),
    ],
    [
      'a million keys',
      (claim) => JSON.stringify({ ...claim, ...Object.fromEntries(Array.from({ length: 1e6 }, (_, i) => [i, i])) }),
    ],
    [
      'lists in lists, a hundred thousand deep',
      (claim) => JSON.stringify(claim).replace('"uid":7', `"uid":${'['.repeat(1e5)}${']'.repeat(1e5)}`),
    ],
    [
      'lists that can be read, and not written again',
      (claim) => JSON.stringify(claim).replace('"uid":7', `"uid":${'['.repeat(2_400)}${']'.repeat(2_400)}`),
    ],
    ['a list of users', (claim) => JSON.stringify(put(claim, ['held', 'grant', 'user'], [{ key: null, name: 'x' }]))],
    ['roles that are no list', (claim) => JSON.stringify(put(claim, ['held', 'grant', 'roles'], { length: 1 }))],
    [
      'a user’s name that React would not show',
      (claim) => JSON.stringify(put(claim, ['held', 'grant', 'user', 'name'], { toString: null })),
    ],
    [
      'a token with a line break',
      (claim) => JSON.stringify(put(claim, ['held', 'grant', 'token'], { $secret: 'a\r\nHost: b' })),
    ],
    [
      'a header with a line break',
      (claim) => JSON.stringify(put(claim, ['held', 'grant', 'header', 'name'], 'a\r\nHost: b')),
    ],
    ['an end that no date can hold', (claim) => JSON.stringify(put(claim, ['held', 'grant', 'expiresAt'], 1e300))],
    ['another version', (claim) => JSON.stringify({ ...claim, v: 2 })],
  ])('with %s is dropped', async (_, forge) => {
    const scene = createScene({ backend })
    scene.world.record = OLD_RECORD
    const good = scene.open(scene.world.openTab({ storage: JSON.stringify(OLD_CLAIM) }))
    await scene.world.advance(2 * S)
    expect(good.status()).toBe('active')
    good.tab.crash()
    const tab = scene.open(scene.world.openTab({ storage: forge(OLD_CLAIM) }))
    await scene.world.advance(2 * S)
    expect(tab.status()).toBe('signed-out')
    await expectNewBeginning(scene)
  })
})

describe('a forged record', () => {
  const changes = [{}, { epoch: 2, endedReason: 'idle' }, { epoch: 2, sessionId: 'other' }, { generation: 2 }]
  const records = fc.oneof(...changes.map((change) => forged({ ...RECORD, unsure: 1, revoked: [], ...change }, cloned)))

  test('ends the session at the most, and signs nobody in', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(records, async (record) => {
        const scene = await createTabs(2)
        const { world, tabs } = scene
        const token = tabs[0]!.state().token
        const stranger = scene.open()
        world.record = record
        for (const { tab } of tabs) tab.show()
        await world.advance(15 * S)
        for (const { status, state } of tabs) {
          expect(['active', 'signed-out']).toContain(status())
          seen.add(status())
          expectUsable(state())
          if (status() === 'active') expect(state().deadline!).toBeLessThanOrEqual(world.now() + DAY)
        }
        expect([null, token!.reveal()]).toContain(stranger.state().token?.reveal() ?? null)
        for (const { tab } of tabs) tab.press()
        await world.advance(2 * MIN)
        tabs[0]!.signOut()
        await world.advance(10 * S)
        expect(tabs[0]!.status()).toBe('signed-out')
        expect([...tabs, stranger].flatMap(({ tab }) => tab.errors)).toEqual([])
        // A newer version's record is not ours to change: then each tab is for itself.
        if (!isFromTheFuture(world.record)) await expectNewBeginning(scene)
      }),
      RUNS,
    )
    expect([...seen]).toEqual(expect.arrayContaining(['active', 'signed-out']))
  })

  test.each<[string, unknown]>([
    ['epochs that can not be counted on', { ...RECORD, epoch: 2 ** 53 - 1 }],
    ['the last epoch there is', { ...RECORD, epoch: 2 ** 52 - 1 }],
    ['the last generation there is', { ...RECORD, generation: 2 ** 52 - 1 }],
    ['activity in times to come', { ...RECORD, lastActive: NOW + 3_650 * DAY }],
    ['a name of ten million characters', { ...RECORD, sessionId: 'x'.repeat(10_000_000) }],
    ['a hundred thousand keys', { ...RECORD, ...Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [i, i])) }],
    ['a list as long as lists can be', { ...RECORD, revoked: Object.assign([], { length: 2 ** 32 - 1 }) }],
    ['revocations that are no list', { ...RECORD, revoked: 5 }],
    ['doubt about everything', { ...RECORD, unsure: { valueOf: 1 } }],
  ])('with %s keeps nobody from signing in, refreshing and signing out', async (_, record) => {
    const scene = await createTabs(2)
    const { world, tabs } = scene
    world.record = record
    for (const { tab } of tabs) tab.show()
    await world.advance(2 * MIN)
    for (const { tab } of tabs) tab.press()
    await world.advance(2 * MIN)
    for (const { signOut } of tabs) signOut()
    await world.advance(10 * S)
    expect(tabs.flatMap(({ tab }) => tab.errors)).toEqual([])
    expect(tabs.map(({ state }) => state().revocation)).not.toContain('pending')
    await expectNewBeginning(scene)
  })

  test('of long-ago or future activity moves no deadline beyond the life of the token', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.double(), fc.integer({ min: NOW - DAY, max: NOW + DAY })), async (lastActive) => {
        const { world, tabs } = await createTabs()
        world.record = { ...(world.record as object), lastActive }
        tabs[0]!.tab.show()
        await world.advance(5 * S)
        expect(tabs[0]!.state().deadline!).toBeLessThanOrEqual(world.now() + 29 * MIN + S)
        expect(tabs[0]!.state().deadline!).toBeGreaterThanOrEqual(NOW + 29 * MIN)
      }),
      RUNS,
    )
  })
})

describe('a forged message', () => {
  const id = RECORD.sessionId
  const facts = [
    { v: 1, app: 'app', kind: 'active', sessionId: id, at: NOW },
    { v: 1, app: 'app', kind: 'session', sessionId: id, epoch: 1, generation: 1 },
    { v: 1, app: 'app', kind: 'ended', sessionId: id, reason: 'user' },
  ]
  const message = fc.oneof(...facts.map((fact) => forged(fact, cloned)))

  test('ends the session at the most: nobody is signed in, no token changes, and no deadline goes beyond the token', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async (messages) => {
        const scene = await createTabs()
        const { world, tabs } = scene
        const [tab] = tabs as [(typeof tabs)[0]]
        const stranger = scene.open(undefined, { handOver: false, name: 'another' })
        const forger = world.openTab()
        const hasEnded = (m: unknown) => {
          const { v, app, kind, sessionId, reason } = (m ?? {}) as Record<string, unknown>
          const isReason = /^(user|idle|expired|limit|refused|replaced)$/.test(typeof reason === 'string' ? reason : '')
          return v === 1 && app === 'app' && kind === 'ended' && sessionId === id && isReason
        }
        for (const one of messages) forger.post(one as never)
        await world.advance(5 * S)
        seen.add(tab.status())
        expect(tab.status()).toBe(messages.some(hasEnded) ? 'signed-out' : 'active')
        expectUsable(tab.state())
        if (tab.status() === 'active') {
          expect(tab.state().token!.reveal()).toBe('real-token')
          expect(tab.state().deadline!).toBeLessThanOrEqual(world.now() + 29 * MIN)
        }
        expect(stranger.status()).toBe('signed-out')
        expect([...tab.tab.errors, ...stranger.tab.errors]).toEqual([])
      }),
      RUNS,
    )
    expect([...seen]).toEqual(expect.arrayContaining(['active', 'signed-out']))
  })
})

describe('a forged answer', () => {
  test('signs nobody in without a record, or with one that says the session has ended', async () => {
    const records = [undefined, { ...OLD_RECORD, epoch: 2, endedReason: 'idle' }]
    const answers = fc.oneof(forgedText, fc.constant(JSON.stringify(OLD_CLAIM)))
    await fc.assert(
      fc.asyncProperty(answers, fc.constantFrom(...records), async (text, record) => {
        const scene = createScene({ backend })
        scene.world.record = record
        const forger = scene.world.openTab()
        forger.onAsk(() => text)
        const tab = scene.open()
        forger.post({ v: 1, app: 'app', kind: 'session', sessionId: OLD_CLAIM.held.id, epoch: 9, generation: 9 })
        await scene.world.advance(5 * S)
        expect(tab.status()).toBe('signed-out')
        expect(tab.tab.errors).toEqual([])
      }),
      RUNS,
    )
  })

  test('to a tab that is behind is taken whole or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        forged(CLAIM, strange).map((claim) => JSON.stringify(claim) ?? 'undefined'),
        async (text) => {
          const scene = await createTabs()
          const { world, tabs } = scene
          const [tab] = tabs as [(typeof tabs)[0]]
          const forger = world.openTab()
          forger.onAsk(() => text)
          world.record = { ...(world.record as SharedRecord), generation: 2 }
          tab.tab.show()
          await world.advance(5 * S)
          expectUsable(tab.state())
          tab.tab.press()
          await world.advance(2 * MIN)
          expectUsable(tab.state())
          expect(tab.tab.errors).toEqual([])
        },
      ),
      RUNS,
    )
  })

  test('to a forged question is given on the channel of the question alone, and holds what was asked for or nothing', async () => {
    const question = { sessionId: RECORD.sessionId, generation: 1 }
    await fc.assert(
      fc.asyncProperty(forged(question, cloned), async (asked) => {
        const { world, tabs } = await createTabs()
        const forger = world.openTab()
        const heard: unknown[] = []
        forger.onMessage((message) => heard.push(message))
        const answer = forger.ask((asked ?? {}) as never)
        await world.advance(2 * S)
        const text = await answer
        if (text !== null) expect(JSON.parse(text).held.id).toBe(RECORD.sessionId)
        expect(JSON.stringify(heard)).not.toContain('real-')
        expect(tabs[0]!.status()).toBe('active')
        expect(tabs[0]!.tab.errors).toEqual([])
      }),
      RUNS,
    )
  })
})
