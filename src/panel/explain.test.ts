import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AuthError } from '../core/errors.ts'
import { ANALYST, createPlain, createScene, MIN, type PlainOptions, S, unreachable } from '../core/scene.ts'
import type { CoreOptions } from '../core/session.ts'
import { explain } from './explain.ts'
import { toClock } from './words.ts'

type Scene = ReturnType<typeof createScene>
type Tab = ReturnType<Scene['open']>

const explained = (tab: Tab) => explain(tab.inspect(), tab.state())
const said = (tab: Tab) => explained(tab).lines.map(({ text }) => text)
const about = (tab: Tab, what: string) => explained(tab).lines.find((line) => line.about === what)

async function signedIn(plain: PlainOptions = {}, options: Partial<CoreOptions> = {}) {
  const backend = createPlain(plain)
  const scene = createScene({ backend, ...options })
  const tab = scene.open()
  await scene.world.settle()
  await tab.signIn({})
  await scene.world.settle()
  const { world } = scene
  const begun = world.now()
  return { ...scene, backend, tab, at: (ms: number) => toClock(begun + ms) }
}

describe('while somebody is signed in', () => {
  test('it says from when on activity refreshes, when it warns and when it ends', async () => {
    const { tab, world, at } = await signedIn()
    expect(explained(tab).status).toBe('Active')
    expect(said(tab)).toEqual([
      'Refreshes on the next activity, in 1 min at the earliest.',
      `Warns at ${at(27 * MIN)}.`,
      `Ends ${at(29 * MIN)} unless someone is here (29 min after the last activity).`,
    ])
    await world.advance(48 * S)
    expect(said(tab)[0]).toBe('Refreshes on the next activity, in 12 s at the earliest.')
    await world.advance(12 * S)
    expect(said(tab)[0]).toBe('Refreshes on the next activity.')
  })

  test('a refresh under way says since when', async () => {
    const { tab, world, backend } = await signedIn()
    let answer = () => {}
    const { refresh } = backend
    backend.refresh = async (grant, call) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return refresh!(grant, call)
    }
    await world.advance(2 * MIN)
    tab.touch()
    await world.advance(800)
    expect(said(tab)[0]).toBe('A refresh is under way since 0.8 s.')
    answer()
    await world.settle()
    expect(said(tab)[0]).toBe('Refreshes on the next activity, in 59 s at the earliest.')
  })

  test.each([
    ['unreachable', 'The server could not be reached'],
    ['malformed', 'The server’s answer could not be read'],
  ] as const)('a server that is %s: how often, and when it is tried again', async (kind, words) => {
    const { tab, world, backend } = await signedIn()
    backend.error = new AuthError(kind, 'no', { status: 503 })
    await world.advance(2 * MIN)
    tab.touch()
    await world.settle()
    expect(said(tab)[0]).toMatch(new RegExp(`^${words} \\(once\\); tried again in [\\d.]+ m?s\\.$`))
    await world.advance(1 * S)
    await world.advance(2 * S)
    expect(said(tab)[0]).toMatch(/\((twice|3 times)\); tried again in/)
  })

  test('a refusal after an answer that was lost: nothing is tried any more, and it ends with its token', async () => {
    const { tab, world, backend, at } = await signedIn()
    backend.error = unreachable()
    await world.advance(2 * MIN)
    tab.touch()
    await world.settle()
    backend.error = new AuthError('refused', 'no', { status: 401 })
    await world.advance(3 * S)
    expect(said(tab)[0]).toBe('The server said no after an answer that was lost: no refresh is tried any more.')
    expect(about(tab, 'end')!.text).toBe(`Ends ${at(30 * MIN)} with its token, which nothing renews.`)
  })

  test('activity in another tab: that tab refreshes, or this one does later', async () => {
    const { tab, world, open, backend } = await signedIn()
    const other = open()
    await world.advance(2 * MIN)
    backend.refresh = () => new Promise(() => {})
    other.touch()
    await world.settle()
    expect(said(tab)[0]).toBe('Someone was active in another tab, which refreshes; else this tab does, in 12 s.')
  })

  test('a session limit is named as what nothing moves', async () => {
    const { tab, at } = await signedIn({}, { sessionLimit: 20 * MIN })
    expect(about(tab, 'end')!.text).toBe(`Ends ${at(20 * MIN)} by the session limit; nothing moves that.`)
  })

  test('so is the end of a refresh token that no refresh prolongs', async () => {
    const { tab, at } = await signedIn({ life: 5 * MIN, refreshLife: 20 * MIN }, { idleTimeout: 60 * MIN })
    expect(about(tab, 'end')!.text).toBe(`Ends ${at(20 * MIN)} with what renews its token; nothing moves that.`)
  })

  test('a token that nothing renews', async () => {
    const { tab, at } = await signedIn({ renewsWith: 'nothing' }, { idleTimeout: 60 * MIN })
    expect(said(tab)).toEqual([
      'This token can not be refreshed.',
      `Warns at ${at(28 * MIN)}.`,
      `Ends ${at(30 * MIN)} with its token, which nothing renews.`,
    ])
  })

  test('with an idle limit, a refresh ahead of the token’s end goes out by itself', async () => {
    const { tab, at } = await signedIn({ life: 10 * MIN }, { idleTimeout: 30 * MIN })
    expect(said(tab)).toEqual([
      'Refreshes by itself in 7 min 30 s, ahead of the token’s end.',
      `Warns at ${at(8 * MIN)}.`,
      `Ends ${at(10 * MIN)} with its token unless the refresh gets through.`,
    ])
  })

  test('what keeps it awake is named', async () => {
    const { tab } = await signedIn()
    tab.keepAwake('upload', { max: 60 * MIN })
    expect(said(tab).at(-1)).toBe('Kept awake by: upload.')
    expect(about(tab, 'end')!.text).toContain('unless someone is here or what keeps it awake goes on')
  })

  test('a request that was told its token is bad: the next activity refreshes, however young it is', async () => {
    const { tab, world } = await signedIn({ refreshLife: 60 * MIN, prolongs: true })
    await tab.grant(tab.state().session!.grant).catch(() => {})
    await world.settle()
    expect(said(tab)[0]).toBe('The server has refused this token: the next activity refreshes it.')
  })
})

describe('while the warning is open', () => {
  test('only staying counts', async () => {
    const { tab, world, at } = await signedIn()
    await world.advance(27 * MIN)
    expect(explained(tab).status).toBe('Warning open')
    expect(said(tab)).toEqual([
      'Refreshes on “Stay signed in”; other activity is not counted while the warning is open.',
      `Ends ${at(29 * MIN)} unless someone stays.`,
    ])
  })

  test('or input, where the policy says so', async () => {
    const { tab, world, at } = await signedIn({}, { activityDuringWarning: 'extend' })
    await world.advance(27 * MIN)
    expect(said(tab)).toEqual([
      'Refreshes on the next key, press or click.',
      `Ends ${at(29 * MIN)} unless someone presses a key, clicks or stays.`,
    ])
  })

  test('nothing at all moves a limit', async () => {
    const { tab, world, at } = await signedIn({}, { sessionLimit: 20 * MIN })
    await world.advance(19 * MIN)
    expect(said(tab)).toEqual([
      'No activity is counted while the warning is open.',
      `Ends ${at(20 * MIN)} by the session limit; nothing moves that.`,
    ])
  })

  test('an idle limit that the token can not outlive any more', async () => {
    const { tab, world, at } = await signedIn({ renewsWith: 'nothing' }, { idleTimeout: 20 * MIN })
    await world.advance(19 * MIN)
    expect(said(tab)).toEqual([
      'This token can not be refreshed.',
      `Ends ${at(20 * MIN)}; nothing moves that any more.`,
    ])
  })

  test('a token that lives long enough: staying counts at once', async () => {
    const { tab, world } = await signedIn({ life: 300 * MIN }, { idleTimeout: 20 * MIN })
    await world.advance(19 * MIN)
    expect(said(tab)[0]).toBe('“Stay signed in” counts at once: the token lives long enough.')
  })

  test('a server that is away: the end comes unless a refresh gets through', async () => {
    const { tab, world, backend, at } = await signedIn({ life: 10 * MIN }, { idleTimeout: 30 * MIN })
    backend.error = unreachable()
    await world.advance(9 * MIN)
    expect(explained(tab).status).toBe('Warning open')
    expect(about(tab, 'end')!.text).toBe(`Ends ${at(10 * MIN)} with its token unless a refresh gets through.`)
  })
})

describe('while nobody is', () => {
  test('before the first sign-in, during one, and before anything is known', async () => {
    const { world, open } = createScene({ backend: createPlain({ signIn: () => new Promise(() => {}) }) })
    const tab = open()
    expect(said(tab)).toEqual(['It is being looked into what this tab has stored and what the other tabs know.'])
    await world.settle()
    expect(said(tab)).toEqual(['Nobody is signed in.'])
    void tab.signIn({}).catch(() => {})
    await world.settle()
    expect(said(tab)).toEqual(['Waits for what the server says to the sign-in.'])
  })

  test.each([
    ['user', {}, 'Signed out: by hand, here.'],
    ['idle', {}, 'Signed out: nobody had been active.'],
    ['limit', { sessionLimit: 5 * MIN }, 'Signed out: a session may last no longer.'],
    [
      'expired',
      { idleTimeout: 120 * MIN, backend: createPlain({ renewsWith: 'nothing' }) },
      'Signed out: its token ended and could not be renewed.',
    ],
  ] as const)('after an end because of %s', async (reason, options, words) => {
    const { tab, world } = await signedIn({}, options)
    if (reason === 'user') tab.signOut()
    else await world.advance(31 * MIN)
    await world.settle()
    expect(tab.state().reason).toBe(reason)
    expect(said(tab)[0]).toBe(words)
    expect(said(tab)[1]).toMatch(/revoke/)
  })

  test('after the server’s no, a newer sign-in, and an end in another tab', async () => {
    const { tab, world, backend, open } = await signedIn()
    const other = open()
    await world.advance(2 * MIN)
    other.signOut()
    await world.settle()
    expect(said(tab)[0]).toBe('Signed out: by hand, in another tab.')
    await tab.signIn({})
    await world.advance(2 * MIN)
    backend.error = new AuthError('refused', 'no', { status: 401 })
    tab.touch()
    await world.settle()
    expect(said(tab)[0]).toBe('Signed out: the server said no.')
  })
})

describe('of the page it says', () => {
  test('that it is put away, and that tabs are alone', async () => {
    const { world, open } = createScene({ backend: createPlain() })
    world.keepsRecord = false
    const tab = open()
    await world.advance(3 * S)
    await tab.signIn({})
    await world.advance(3 * S)
    expect(said(tab)).toContain('The tabs have no record in common: each refreshes for itself.')
    const before = said(tab)
    tab.tab.freeze()
    expect(said(tab).filter((text) => !before.includes(text))).toContain(
      'The page is put away or has just come back: nothing private shows before a check.',
    )
  })
})

test('no sentence has a secret, a name or a hole in it', async () => {
  const { open, world } = createScene()
  const tab = open()
  await tab.signIn(ANALYST)
  await world.settle()
  const text = JSON.stringify(explained(tab))
  expect(text).not.toContain(await tab.getToken())
  expect(text).not.toMatch(/analyst|undefined|NaN|Infinity|null \w/)
})

/** What people, servers and time do before somebody asks. */
const deeds = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ wait: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 900 })) }),
    },
    { weight: 3, arbitrary: fc.constant('touch' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('stay' as const, 'down' as const, 'up' as const, 'hide' as const, 'show' as const),
    },
  ),
  { maxLength: 12 },
)
const worlds = fc.record({
  plain: fc.constantFrom<PlainOptions>(
    {},
    { life: 10 * MIN },
    { life: 90 * S },
    { renewsWith: 'nothing' },
    { life: 5 * MIN, refreshLife: 40 * MIN },
    { life: 5 * MIN, refreshLife: 40 * MIN, prolongs: true },
  ),
  policy: fc.record(
    {
      idleTimeout: fc.constantFrom(3 * MIN, 15 * MIN, 45 * MIN),
      sessionLimit: fc.constantFrom(10 * MIN, 50 * MIN),
      refreshEvery: fc.constantFrom(20 * S, 60 * S, 240 * S),
      warnBefore: fc.constantFrom(20 * S, 120 * S),
      activityDuringWarning: fc.constantFrom('ignore' as const, 'extend' as const),
    },
    { requiredKeys: [] },
  ),
  deeds,
})

interface Case {
  readonly plain: PlainOptions
  readonly policy: Partial<CoreOptions>
  readonly deeds: readonly (string | { readonly wait: number })[]
}

async function play({ plain, policy, deeds }: Case) {
  const scene = await signedIn(plain, policy)
  const { tab, world, backend } = scene
  for (const deed of deeds) {
    if (typeof deed === 'object') await world.advance(deed.wait * S)
    else if (deed === 'touch') tab.touch()
    else if (deed === 'stay') void tab.stay()
    else if (deed === 'down') backend.error = unreachable()
    else if (deed === 'up') backend.error = null
    else if (deed === 'hide') tab.tab.hide()
    else tab.tab.show()
    await world.settle()
  }
  tab.tab.show()
  await world.settle()
  return { ...scene, refreshes: () => backend.calls.filter((call) => call === 'refresh').length }
}

const RUNS = { numRuns: 60 }

describe('whatever happened before, what it says is what comes', () => {
  test('a refresh on the next activity: not before the moment it names, and then', async () => {
    let checked = 0
    await fc.assert(
      fc.asyncProperty(worlds, async (given) => {
        const { tab, world, refreshes } = await play(given)
        const line = about(tab, 'refresh')
        const { verdict } = tab.inspect()
        if (!line?.text.startsWith('Refreshes on the next activity') || line.at === null) return
        // Nobody is here until then: if the warning or a refresh of its own comes first, that is another story.
        if (line.at >= verdict!.warnAt) return
        const before = refreshes()
        if (line.at > world.now() + 2) {
          await world.advance(line.at - world.now() - 1)
          tab.touch()
          await world.settle()
          expect(refreshes()).toBe(before)
          await world.advance(1)
        } else if (line.at > world.now()) await world.advance(line.at - world.now())
        tab.touch()
        await world.settle()
        expect(refreshes()).toBe(before + 1)
        checked++
      }),
      RUNS,
    )
    expect(checked).toBeGreaterThan(2)
  })

  test('a refresh that goes out by itself, or is tried again: at the moment it names', async () => {
    let checked = 0
    await fc.assert(
      fc.asyncProperty(worlds, async (given) => {
        const { tab, world, refreshes } = await play(given)
        const line = about(tab, 'refresh')
        const { verdict } = tab.inspect()
        if (!line || line.at === null || !/by itself|tried again/.test(line.text) || line.at <= world.now()) return
        if (line.at >= verdict!.deadline) return
        const before = refreshes()
        await world.advance(line.at - world.now() - 1)
        expect(refreshes()).toBe(before)
        await world.advance(1)
        expect(refreshes()).toBe(before + 1)
        checked++
      }),
      RUNS,
    )
    expect(checked).toBeGreaterThan(2)
  })

  test('the warning opens and the session ends at the moments it names, if nobody comes and nothing gets through', async () => {
    let warned = 0
    let ended = 0
    await fc.assert(
      fc.asyncProperty(worlds, async (given) => {
        const { tab, world, backend } = await play(given)
        const { verdict, startedAt } = tab.inspect()
        // Where a refresh is on its way, it decides.
        if (!verdict || startedAt !== null || (verdict.refreshAt < verdict.deadline && !backend.error)) return
        const warning = about(tab, 'warning')
        if (warning?.at && verdict.refreshAt >= warning.at) {
          await world.advance(warning.at - world.now() - 1)
          expect(tab.status()).toBe('active')
          await world.advance(1)
          expect(tab.status()).toBe('warning')
          warned++
        }
        const end = about(tab, 'end')!
        await world.advance(end.at! - world.now() - 1)
        expect(tab.state().session).not.toBe(null)
        await world.advance(1)
        await world.settle()
        expect(tab.status()).toBe('signed-out')
        ended++
      }),
      RUNS,
    )
    expect([warned, ended].every((count) => count > 2)).toBe(true)
  })
})
