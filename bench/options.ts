import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** How much is measured: all of it, what fits into ten minutes, or each measure at its shortest, to see that it works. */
  readonly extent: 'full' | 'quick' | 'smoke'
  readonly only: readonly string[] | null
  readonly seed: number
  /** Whether the tables and pictures of the documents are renewed. */
  readonly isWriting: boolean
}

export const helpFor = (names: readonly string[]) => `Usage: npm run bench -- [options]

  --quick         fewer rounds: within ten minutes
  --smoke         each measure at its shortest, to see that it works: its figures mean nothing
  --only NAMES    ${names.join(', ')}; several with commas between
  --seed N        another order of turns, 1 by default
  --write         renews the tables and pictures of docs/measured.md`

/** What the command line asks for, `null` for help; throws an `Error` that names what is wrong. */
export function readOptions(args: readonly string[], names: readonly string[]): BenchOptions | null {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: { quick: flag, smoke: flag, help: flag, write: flag, only: text, seed: text },
  })
  if (values.help) return null
  if (values.quick && values.smoke) throw new Error('--quick and --smoke exclude each other')
  const only = values.only?.split(',') ?? null
  for (const name of only ?? [])
    if (!names.includes(name)) throw new Error(`--only must name ${names.join(', ')}, and names ${name}`)
  const seed = Number(values.seed ?? 1)
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`--seed must be a whole number from 0, and is ${values.seed}`)
  if (values.write && (values.smoke || only))
    throw new Error('--write needs all measures: leave --smoke and --only out')
  return { extent: values.smoke ? 'smoke' : values.quick ? 'quick' : 'full', only, seed, isWriting: values.write }
}
