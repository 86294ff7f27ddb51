import { parseArgs } from 'node:util'
import { play, shrink } from './explore.ts'
import { INVARIANTS } from './facts.ts'
import { KINDS } from './history.ts'
import { tryMutants } from './plant.ts'

const USAGE = `Plays histories of people, tabs, clocks, wires and servers, and holds twelve invariants against each.

  npm run simulate                       for 30 s, from a seed of the moment, and then every planted mistake
  npm run simulate -- --seconds 3600     as long as you like; 0 for the planted mistakes alone
  npm run simulate -- --from 1           from that seed on
  npm run simulate -- --keep             goes on after a violation
  npm run simulate -- --no-mutants       without the planted mistakes
  npm run simulate -- --mutant lease     with those alone that are named so
  npm run simulate -- --seed 42          that history again, step by step; shrunk if it breaks an invariant
`

function count(text: string, name: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name} must be a whole number, and is ${text}\n\n${USAGE}`)
  process.exit(2)
}

function options() {
  try {
    return parseArgs({
      options: {
        seconds: { type: 'string' },
        seed: { type: 'string' },
        from: { type: 'string' },
        keep: { type: 'boolean' },
        'no-mutants': { type: 'boolean' },
        mutant: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`)
    process.exit(2)
  }
}

const add = (sums: Record<string, number>, more: Readonly<Record<string, number>>) => {
  for (const [name, n] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + n
}

async function report(seed: number): Promise<void> {
  const { history, outcome } = await shrink(seed)
  const { violation, trail } = outcome
  if (!violation) return console.log(`${trail.join('\n')}\n\nSeed ${seed} breaks no invariant.`)
  const { invariant, what } = violation
  console.log(`\n${invariant} is broken (${INVARIANTS[invariant]}): ${what}`)
  console.log(`Again: npm run simulate -- --seed ${seed}`)
  console.log(`Shrunk to ${history.steps.length} steps:\n${JSON.stringify(history)}\n`)
  console.log(trail.slice(-200).join('\n'))
}

/** A mistake that is not found by then is one that the simulation does not see, in seconds. */
const PATIENCE = 180

const { seconds, seed, from, keep, help, mutant = '', 'no-mutants': withoutMutants } = options()
if (help) {
  console.log(USAGE)
} else if (seed !== undefined) {
  const outcome = await play(count(seed, 'seed'))
  await report(count(seed, 'seed'))
  process.exitCode = outcome.violation ? 1 : 0
} else {
  const until = performance.now() + count(seconds ?? '30', 'seconds') * 1_000
  const kinds: Record<string, number> = Object.fromEntries(KINDS.map((kind) => [kind, 0]))
  const transitions: Record<string, number> = {}
  const start = from === undefined ? Math.floor(Date.now() / 1_000) % 1_000_000_000 : count(from, 'from')
  let [histories, tabHours, violations] = [0, 0, 0]
  console.log(`From seed ${start} on:`)
  for (let next = start; performance.now() < until && (keep || !violations); next++) {
    const outcome = await play(next)
    histories++
    tabHours += outcome.tabHours
    add(kinds, outcome.counts as Record<string, number>)
    add(transitions, outcome.transitions)
    if (!outcome.violation) continue
    violations++
    if (keep) console.log(`seed ${next}: ${outcome.violation.invariant} ${outcome.violation.what}`)
    else await report(next)
  }
  const table = (title: string, sums: Record<string, number>) => {
    console.log(`\n${title}`)
    for (const [name, n] of Object.entries(sums).sort((a, b) => b[1] - a[1]))
      console.log(`${String(n).padStart(9)}  ${name}`)
  }
  table('Events', kinds)
  table('Transitions', transitions)
  const trials = withoutMutants
    ? []
    : await tryMutants(process.cwd(), mutant, PATIENCE, ({ name, caught, histories: played }) =>
        console.log(
          caught
            ? `caught after ${String(played).padStart(4)}: ${name} (${caught.invariant}: ${caught.what})`
            : `MISSED in ${played}: ${name}`,
        ),
      )
  const caught = trials.filter((trial) => trial.caught).length
  const events = Object.values(kinds).reduce((a, b) => a + b, 0)
  console.log(
    JSON.stringify({
      histories,
      tabHours: Math.round(tabHours * 10) / 10,
      violations,
      mutants: trials.length,
      mutantsCaught: caught,
      events,
    }),
  )
  process.exitCode = violations || caught < trials.length ? 1 : 0
}
