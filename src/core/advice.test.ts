import { build } from 'esbuild'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createWorld } from '../testing/world.ts'
import { ANALYST, createPlain, MIN, type PlainOptions, S } from './scene.ts'
import type { CoreOptions } from './session.ts'

const HOUR = 60 * MIN

/** What the developer is told of such a policy, by a module that has told nobody anything yet. */
async function toldOf(options: Partial<CoreOptions>, plain: PlainOptions = {}) {
  vi.resetModules()
  const { createSessionCore } = await import('./session.ts')
  const world = createWorld()
  const tab = world.openTab()
  const session = createSessionCore({
    backend: createPlain(plain),
    platform: tab,
    name: 'app',
    handOver: true,
    ...options,
  })
  session.start()
  await world.advance(S)
  await session.signIn(ANALYST)
  return { session, world, tab, said: tab.warnings.map((text) => text.replace('Stillhere: ', '')) }
}

afterEach(() => vi.unstubAllEnvs())

describe('the developer is told', () => {
  test('nothing, when all is well', async () => {
    for (const [options, plain] of [
      [{}, {}],
      [{ idleTimeout: 15 * MIN, sessionLimit: 8 * HOUR }, {}],
      [{ idleTimeout: 40 * MIN }, { life: 10 * MIN, refreshLife: HOUR, prolongs: true }],
      [{ idleTimeout: 15 * MIN }, { life: null }],
      [{ idleTimeout: 3 * HOUR, sessionLimit: 24 * HOUR }, { life: 4 * HOUR }],
    ] as const)
      expect((await toldOf(options, plain)).said).toEqual([])
  })

  test('of an idle limit too short for WCAG', async () => {
    const { said } = await toldOf({ idleTimeout: 45 * S, warnBefore: 20 * S })
    expect(said).toEqual([
      'an idle limit of 45 s can not meet WCAG 2.2.1 (Timing Adjustable). Give 1 min or more: by idleTimeout, or by tokens that live longer.',
    ])
  })

  test('of an idle limit that outlives a token that renews only itself', async () => {
    const { said } = await toldOf({ idleTimeout: HOUR })
    expect(said).toEqual([
      'idleTimeout is 1 h, but the token of Plain lives 30 min and is renewed only while it lives: a longer sleep ends the session before idleTimeout does. Have the server give a longer one, or set idleTimeout to 30 min or less.',
    ])
  })

  test('of an idle limit that outlives a refresh token, be that prolonged or not', async () => {
    const refreshLife = 30 * MIN
    const prolonged = await toldOf({ idleTimeout: HOUR }, { life: 10 * MIN, refreshLife, prolongs: true })
    expect(prolonged.said).toEqual([
      expect.stringContaining('the refresh token of Plain lives 30 min and is renewed only while it lives'),
    ])
    const fixed = await toldOf({ idleTimeout: HOUR }, { life: 10 * MIN, refreshLife })
    expect(fixed.said).toEqual([
      expect.stringContaining(
        'the refresh token of Plain lives 30 min, and nothing prolongs it: the session ends then',
      ),
    ])
  })

  test('of an idle limit that outlives a token that nothing renews', async () => {
    const { said } = await toldOf({ idleTimeout: HOUR }, { renewsWith: 'nothing' })
    expect(said).toEqual([expect.stringContaining('the token of Plain lives 30 min, and nothing prolongs it')])
  })

  test('of a session limit that leaves no room for ten extensions', async () => {
    const { said } = await toldOf({ idleTimeout: 15 * MIN, sessionLimit: HOUR })
    expect(said).toEqual([
      'sessionLimit of 1 h leaves room to extend an idle limit of 15 min 3 times; WCAG 2.2.1 (Timing Adjustable) asks for ten. Set sessionLimit to more than 2.5 h, or idleTimeout to less than 6 min.',
    ])
    expect((await toldOf({ idleTimeout: 6 * MIN, sessionLimit: HOUR })).said).toHaveLength(1)
    expect((await toldOf({ idleTimeout: 6 * MIN - 1, sessionLimit: HOUR })).said).toEqual([])
  })

  test('of a session limit shorter than the idle limit, and not of the extensions as well', async () => {
    const { said } = await toldOf({ idleTimeout: 15 * MIN, sessionLimit: 10 * MIN })
    expect(said).toEqual([
      'sessionLimit is 10 min and the idle limit 15 min: the session ends before anyone can be idle. Set idleTimeout below sessionLimit.',
    ])
  })

  test('of a warning that a hidden tab may show too late to be answered', async () => {
    const { said } = await toldOf({ warnBefore: 79 * S })
    expect(said).toEqual([
      'warnBefore is 1.3 min: in a hidden tab it may come 1 min late, and then leaves less than the 20 s of WCAG 2.2.1 (Timing Adjustable). Set warnBefore to 80 s or more.',
    ])
    expect((await toldOf({ warnBefore: 80 * S })).said).toEqual([])
  })

  test('of a warning that was cut to half the idle limit', async () => {
    const { said } = await toldOf({ idleTimeout: 3 * MIN, warnBefore: 3 * MIN })
    expect(said).toEqual([
      'warnBefore is 3 min, and was cut to 1.5 min: half the idle limit of 3 min. Set warnBefore to that or less, or idleTimeout to 6 min or more.',
    ])
  })

  test('and says nothing of a default that was cut', async () => {
    expect((await toldOf({ idleTimeout: 3 * MIN })).said).toEqual([])
  })

  test('of refreshes that were made more frequent, to a quarter of the life of a token', async () => {
    const { said } = await toldOf({ refreshEvery: 10 * MIN })
    expect(said).toEqual([
      'refreshEvery is 10 min, and was cut to 7.5 min: a quarter of the life of a token, 30 min. Set refreshEvery to that or less.',
    ])
  })

  test('once, however often someone signs in', async () => {
    const { session, tab } = await toldOf({ idleTimeout: 3 * MIN, warnBefore: 3 * MIN })
    await session.signIn(ANALYST)
    session.setPolicy({})
    expect(tab.warnings).toHaveLength(1)
  })

  test('of a policy set while running as well', async () => {
    const { session, tab } = await toldOf({})
    session.setPolicy({ idleTimeout: 15 * MIN, sessionLimit: HOUR })
    expect(tab.warnings).toEqual([expect.stringContaining('extend an idle limit of 15 min 3 times')])
  })
})

test('in production nobody is told, and nothing is checked for its name', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const { session, said } = await toldOf({ idleTimeout: HOUR, sessionLimit: 2 * MIN, refreshEvery: 10 * MIN })
  expect(said).toEqual([])
  expect(() => session.setPolicy({ idleTimout: 5 * MIN } as never)).not.toThrow()
})

test('a bundle for production has none of these texts in it, and no preset that nobody imports', async () => {
  const bundle = async (mode: string) => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { createSession, eclecticiq } from './index.ts'
          createSession({ backend: eclecticiq({ baseUrl: '/api' }) })`,
        resolveDir: new URL('..', import.meta.url).pathname,
      },
      define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    })
    return outputFiles[0]!.text
  }
  const texts = ['WCAG', 'has no option', 'did you mean', 'was cut to', 'sessionLimit of']
  const [development, production] = await Promise.all([bundle('development'), bundle('production')])
  expect(texts.filter((text) => !development.includes(text))).toEqual([])
  expect(texts.filter((text) => production.includes(text))).toEqual([])
  // The limit of NIST AAL3.
  expect(/432e5|43200000/.test(production)).toBe(false)
  expect(production.length).toBeLessThan(development.length - 2_000)
})
