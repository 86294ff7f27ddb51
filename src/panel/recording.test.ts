import { afterEach, expect, test, vi } from 'vitest'
import { ANALYST, createPlain, createScene, MIN, S } from '../core/scene.ts'
import { createTestSession } from '../testing/index.ts'
import { recordSession } from './recording.ts'

const HOUR = 60 * MIN

async function recorded(keep?: number) {
  const test = createTestSession({ user: { name: 'Ada' } })
  const recording = recordSession(test.session, keep === undefined ? {} : { keep })
  await test.settle()
  return { ...test, recording }
}

const typesIn = ({ entries }: { entries: readonly { type: string }[] }) => entries.map(({ type }) => type)

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a session is recorded once: whoever asks again has the same recording', async () => {
  const { session, recording } = await recorded()
  expect(recordSession(session)).toBe(recording)
  recording.stop()
  const next = recordSession(session)
  expect(next).not.toBe(recording)
  next.stop()
})

test('how much is kept has its range', async () => {
  const { session } = createTestSession()
  for (const keep of [0, 59_999, 8 * HOUR + 1, NaN])
    expect(() => recordSession(session, { keep })).toThrow(/keep must be from 60000 to 28800000 ms/)
})

test('what it knows stays the same object until there is more', async () => {
  const { recording, advance } = await recorded()
  const first = recording.get()
  expect(recording.get()).toBe(first)
  await advance(1 * S)
  expect(recording.get()).not.toBe(first)
  expect(recording.get().now).toBe(first.now + 1 * S)
})

test('refreshes, the warning, staying and the end are in it, in their order', async () => {
  const { session, recording, advance, press, warn } = await recorded()
  await advance(61 * S)
  await press()
  await warn()
  await session.stay()
  await advance(1 * S)
  session.signOut()
  await advance(1 * S)
  const { entries, warnings, tokens, steps } = recording.get()
  expect(typesIn({ entries })).toEqual(['refreshed', 'warned', 'refreshed', 'extended', 'ended', 'revoked'])
  expect(entries.map(({ mark }) => mark)).toEqual(['here', null, 'here', 'extended', 'ended', null])
  expect(warnings).toHaveLength(1)
  expect(tokens.map(({ generation, until }) => [generation, until !== null])).toEqual([
    [1, true],
    [2, true],
    [3, true],
  ])
  // One hands over to the next, in the moment in which that was asked for.
  expect(tokens[0]!.until).toBe(tokens[1]!.from)
  expect(steps.at(-1)!.deadline).toBe(null)
})

test('activity is counted by the seconds in which somebody was active, the sign-in among them, and moves the line', async () => {
  const { recording, advance, press, world } = await recorded()
  for (let second = 0; second < 20; second++) {
    await advance(1 * S)
    if (second >= 10) await press()
  }
  await advance(1 * S)
  const { activity, steps, now } = recording.get()
  expect(activity.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(11)
  expect(activity.every(({ seconds }) => seconds <= 5)).toBe(true)
  expect(steps.at(-1)).toMatchObject({ at: world.now() - 1 * S, deadline: now - 1 * S + 29 * MIN })
})

test('a night’s sleep is one gap, and a hidden page whose timers are held back another', async () => {
  const { recording, advance, world } = await recorded()
  await advance(10 * S)
  await world.sleep(5 * MIN)
  await advance(5 * S)
  expect(recording.get().gaps).toMatchObject([{ what: 'asleep' }])
  const [gap] = recording.get().gaps
  expect(gap!.to! - gap!.from).toBeGreaterThanOrEqual(5 * MIN - 2 * S)

  vi.stubGlobal('document', { hidden: true })
  await advance(1 * S)
  for (let minute = 0; minute < 3; minute++) await world.sleep(1 * MIN)
  vi.unstubAllGlobals()
  await advance(2 * S)
  const { gaps, entries } = recording.get()
  expect(gaps.map(({ what }) => what)).toEqual(['asleep', 'throttled'])
  expect(typesIn({ entries })).toEqual(['asleep', 'throttled'])
  expect(entries.at(-1)!.text).toContain('3 min')
})

test('a clock that is set back takes all that is held along', async () => {
  const { recording, advance, press, world } = await recorded()
  await advance(61 * S)
  await press()
  const before = recording.get()
  await world.setClock(-HOUR)
  await advance(1 * S)
  const after = recording.get()
  expect(after.now).toBe(before.now - HOUR + 1 * S)
  expect(after.tokens[0]!.from).toBeGreaterThan(before.tokens[0]!.from - HOUR - 5 * S)
  expect(after.tokens[0]!.from).toBeLessThanOrEqual(before.tokens[0]!.from - HOUR + 5 * S)
  expect(typesIn(after)).toEqual(['refreshed', 'clock-set-back'])
  for (const { at } of [...after.entries, ...after.steps, ...after.activity]) expect(at).toBeLessThanOrEqual(after.now)
})

test('somebody who never rests takes no more room than is kept', async () => {
  const { recording, press, world } = await recorded(2 * MIN)
  for (let second = 0; second < 600; second++) {
    await world.advance(1 * S)
    await press()
  }
  const { steps, activity, entries, tokens, since, now } = recording.get()
  expect(now - since).toBeLessThanOrEqual(2 * MIN)
  expect(steps.length).toBeLessThanOrEqual(122)
  expect(activity.length).toBeLessThanOrEqual(122)
  expect(entries.length).toBeLessThanOrEqual(4)
  expect(tokens.length).toBeLessThanOrEqual(4)
})

test('a listener that throws disturbs neither the others nor the session', async () => {
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
  const { session, recording, advance } = await recorded()
  let heard = 0
  recording.subscribe(() => {
    throw new Error('mine')
  })
  recording.subscribe(() => {
    heard++
  })
  await advance(3 * S)
  expect(heard).toBe(3)
  expect(reported).toHaveLength(3)
  expect(session.getState().status).toBe('active')
})

test('it tells once a second at most, however busy somebody is, and at once what happens', async () => {
  const { session, recording, advance, press } = await recorded()
  let told = 0
  recording.subscribe(() => {
    told++
  })
  for (let tenth = 0; tenth < 100; tenth++) {
    await advance(100)
    session.touch()
  }
  expect(told).toBeLessThanOrEqual(10)
  await advance(55 * S)
  const before = told
  await press()
  expect(typesIn(recording.get())).toEqual(['refreshed'])
  expect(told).toBeGreaterThan(before)
})

test('nobody signed in and nobody looking: there is no timer; nor after dispose, or once it is stopped', async () => {
  const { world, open } = createScene({ backend: createPlain() })
  const tab = open()
  await world.settle()
  tab.stop()
  const idle = world.loose()
  const recording = recordSession(tab)
  expect(world.loose()).toBe(idle)
  const off = recording.subscribe(() => {})
  expect(world.loose()).toBe(idle + 1)
  off()
  expect(world.loose()).toBe(idle)

  await tab.signIn({})
  await world.settle()
  recording.stop()
  const signedIn = world.loose()
  const next = recordSession(tab)
  expect(world.loose()).toBe(signedIn + 1)
  next.stop()
  expect(world.loose()).toBe(signedIn)
  recordSession(tab)
  tab.dispose()
  await world.settle()
  expect(world.loose()).toBe(0)
})

test('recording changes nothing about when a session refreshes, warns and ends', async () => {
  const outcome = async (isRecorded: boolean) => {
    const { world, open, told } = createScene()
    const tab = open()
    if (isRecorded) recordSession(tab)
    await tab.signIn(ANALYST)
    for (const wait of [30 * S, 45 * S, 20 * MIN, 3 * MIN]) {
      await world.advance(wait)
      tab.touch()
    }
    await world.advance(40 * MIN)
    return told.map(({ type, at }) => [type, at])
  }
  expect(await outcome(true)).toEqual(await outcome(false))
})
