import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { historyOf, play, shrink } from './explore.ts'
import { KINDS } from './history.ts'
import { MUTANTS } from './mutants.ts'
import { plant } from './plant.ts'
import { run } from './run.ts'

const SEEDS = [1, 7, 12, 23, 31]

test.each(SEEDS)('a seed tells the same history each time, to the last refresh (%i)', async (seed) => {
  const [once, again] = [await play(seed), await play(seed)]
  expect(again.trail).toEqual(once.trail)
  expect(again.transitions).toEqual(once.transitions)
  expect(once.trail.length).toBeGreaterThan(10)
})

test('everything that may happen does, in a few hundred histories', () => {
  const seen = new Set<string>()
  for (let seed = 1; seed < 300; seed++) for (const step of historyOf(seed).history.steps) seen.add(step.do)
  expect([...seen].sort()).toEqual([...KINDS].sort())
})

test('an invariant that is broken is found', async () => {
  const found = historyOf(1)
  // A person who is never away for long, as it is said of this one, does not leave.
  const history = { setup: found.history.setup, steps: [{ do: 'sleep', ms: 10_800_000, frozenTimers: false }] as const }
  const outcome = await run(history, { isDiligent: true, works: false })
  expect(outcome.violation?.invariant).toBe('I6')
})

test('shrinking leaves a history alone that breaks nothing', async () => {
  const { history, outcome } = await shrink(7)
  expect(outcome.violation).toBe(null)
  expect(history).toEqual(historyOf(7).history)
})

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  'there is a place to plant this: %s',
  (_, mutant) => {
    for (const { file } of mutant.changes) {
      const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
      expect(plant(mutant, file, text)).not.toBe(text)
    }
  },
)
