import { play } from './explore.ts'
import type { Violation } from './facts.ts'

// Plays histories from a seed on until one breaks an invariant, or the time is up.
const [from, seconds] = process.argv.slice(2).map(Number) as [number, number]
const until = performance.now() + seconds * 1_000
let seed = from
let caught = null
for (; !caught && performance.now() < until; seed++) {
  const violation = await play(seed).then(
    (outcome): Omit<Violation, 'at'> | null => outcome.violation,
    (error) => ({ invariant: 'sane', what: String(error) }),
  )
  if (violation) caught = { seed, invariant: violation.invariant, what: violation.what }
}
console.log(JSON.stringify({ histories: seed - from, caught }))
// A planted mistake may have left anything running.
process.exit()
