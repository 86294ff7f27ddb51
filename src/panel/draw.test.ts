import { expect, test } from 'vitest'
import { createTestSession } from '../testing/index.ts'
import { draw } from './draw.ts'
import { frameOf, movedTo, SPANS } from './frame.ts'
import type { Snapshot } from './history.ts'
import { recordSession } from './recording.ts'
import { summarise } from './summary.ts'

const S = 1_000
const MIN = 60 * S

/** An hour in which somebody was active in every second, and sixty tokens came and went. */
async function createDense(): Promise<Snapshot> {
  const { session, settle } = createTestSession({ user: { name: 'Ada' } })
  await settle()
  const plain = recordSession(session).get()
  const now = plain.now + 60 * MIN
  const range = (count: number) => Array.from({ length: count }, (_, index) => index)
  return {
    ...plain,
    now,
    steps: range(3_600).map((second) => ({ at: plain.now + second * S, deadline: plain.now + second * S + 29 * MIN })),
    activity: range(720).map((index) => ({ at: plain.now + index * 5 * S, seconds: 5 })),
    tokens: range(60).map((index) => ({
      ...plain.tokens[0]!,
      generation: index + 1,
      from: plain.now + index * MIN,
      until: index === 59 ? null : plain.now + (index + 1) * MIN,
    })),
    entries: range(60).map((id) => ({
      id,
      at: plain.now + id * MIN,
      until: plain.now + id * MIN + 80,
      type: 'refreshed',
      mark: id % 7 === 6 ? 'unreachable' : 'here',
      text: 'Refreshed.',
    })),
  }
}

const lengthOf = (value: unknown): number =>
  typeof value === 'string'
    ? value.length
    : value && typeof value === 'object'
      ? Object.values(value).reduce((sum: number, part) => sum + lengthOf(part), 0)
      : 0

test('an hour of somebody who never rests is drawn by pixels and not by data', async () => {
  const dense = await createDense()
  const { clusters, ...drawing } = draw(dense, frameOf(dense.now, SPANS['1 h'], 600))
  expect(clusters.length).toBeLessThanOrEqual(600 / 24 + 1)
  expect(clusters.flatMap(({ entries }) => entries)).toHaveLength(60)
  // Some corners a column of pixels, at a dozen letters each.
  expect(lengthOf(drawing)).toBeLessThan(600 * 5 * 12)
  const twice = { ...dense, steps: dense.steps.flatMap((step) => [step, { ...step, at: step.at + 400 }]) }
  expect(draw(twice, frameOf(dense.now, SPANS['1 h'], 600)).line.length).toBeLessThan(drawing.line.length * 1.5)
})

test('the time left falls by a second each second, and jumps where somebody is active', async () => {
  const { session, settle, advance, press } = createTestSession({ user: { name: 'Ada' } })
  const recording = recordSession(session)
  await settle()
  await advance(30 * S)
  await press()
  await advance(30 * S)
  const snapshot = recording.get()
  const { line, ahead } = draw(snapshot, frameOf(snapshot.now, 60 * S, 675))
  const points = [...line.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)
  const [first, before, after, last] = [points[0]!, points.at(-3)!, points.at(-2)!, points.at(-1)!]
  expect(first[0]).toBe(0)
  expect(before[0]).toBe(300)
  expect(after[0]).toBe(300)
  expect(last[0]).toBe(600)
  // Down, up at once to where it began, and down again: y grows downwards.
  expect(before[1]).toBeGreaterThan(first[1])
  expect(after[1]).toBe(first[1])
  expect(last[1]).toBe(before[1])
  expect(ahead.startsWith(`M600 ${last[1]}L675 `)).toBe(true)
})

test('while nobody is signed in there is no line', async () => {
  const { session, settle, advance } = createTestSession({ user: { name: 'Ada' } })
  const recording = recordSession(session)
  recording.subscribe(() => {})
  await advance(20 * S)
  session.signOut()
  await settle()
  await advance(20 * S)
  const snapshot = recording.get()
  const { line, ahead, threshold, marks } = draw(snapshot, frameOf(snapshot.now, 60 * S, 600))
  const xs = [...line.matchAll(/[ML]([\d.]+) /g)].map(([, x]) => Number(x))
  expect(Math.max(...xs)).toBeLessThan(375)
  expect([ahead, threshold]).toEqual(['', null])
  expect(marks.ended).toBeTruthy()
})

test('the window goes back no further than the recording, and forward no further than now, which it then follows', () => {
  const clock = { since: 0, now: 60 * MIN }
  expect(movedTo(null, -10 * MIN, clock)).toBe(50 * MIN)
  expect(movedTo(50 * MIN, -Infinity, clock)).toBe(1 * MIN)
  expect(movedTo(50 * MIN, 10 * MIN, clock)).toBe(null)
})

test('the drawing has a sentence that sums it up', async () => {
  const dense = await createDense()
  expect(summarise(dense, dense.now - 5 * MIN, dense.now)).toMatch(
    /^Timeline from [\d:]+ to [\d:]+: active in 300 seconds, 4 refreshes, 1 failed, 0 warnings, .+ left now\.$/,
  )
})
