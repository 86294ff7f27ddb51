import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { play } from './explore.ts'
import type { Invariant } from './facts.ts'
import { MUTANTS, type Mutant } from './mutants.ts'

export interface Trial {
  readonly name: string
  readonly histories: number
  readonly caught: { readonly seed: number; readonly invariant: Invariant; readonly what: string } | null
}

/** Plants a mistake into a file's text. Throws where the text it changes is not there exactly once. */
export function plant({ name, changes }: Mutant, file: string, text: string): string {
  return changes
    .filter((change) => change.file === file)
    .reduce((planted, { from, to }) => {
      if (planted.split(from).length !== 2)
        throw new Error(`"${name}" must find this in src/${file} exactly once, and does not:\n${from}`)
      return planted.replace(from, () => to)
    }, text)
}

async function bundle(root: string, mutant: Mutant, outfile: string): Promise<void> {
  const source = join(root, 'src')
  await build({
    absWorkingDir: root,
    entryPoints: ['src/simulation/worker.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
    plugins: [
      {
        name: 'plant',
        setup({ onLoad }) {
          for (const file of new Set(mutant.changes.map((change) => change.file))) {
            const path = join(source, file)
            onLoad({ filter: new RegExp(`[\\\\/]src[\\\\/]${file.replaceAll(/[/.]/g, '[\\\\/.]')}$`) }, async () => ({
              contents: plant(mutant, file, await readFile(path, 'utf8')),
              loader: 'ts',
            }))
          }
        },
      },
    ],
  })
}

interface Found {
  readonly histories: number
  readonly caught: Trial['caught']
}

async function search(file: string, from: number, seconds: number): Promise<Found> {
  const child = spawn(process.execPath, [file, String(from), String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  child.stdout.on('data', (text) => {
    told += text
  })
  await new Promise((resolve) => child.once('close', resolve))
  return JSON.parse(told.trim().split('\n').at(-1) || '{"histories":0,"caught":null}')
}

async function attempt(root: string, mutant: Mutant, seconds: number): Promise<Trial> {
  const { name } = mutant
  const outfile = join(root, 'dist/simulation', `${name.replaceAll(/\W+/g, '-')}.js`)
  await bundle(root, mutant, outfile)
  const until = performance.now() + seconds * 1_000
  let histories = 0
  for (let from = 1; performance.now() < until; from = histories + 1) {
    const { histories: played, caught } = await search(outfile, from, (until - performance.now()) / 1_000)
    histories += played
    // What breaks an invariant without the mistake too says nothing about it.
    if (caught && !(await play(caught.seed)).violation) return { name, histories, caught }
    if (!played) break
  }
  return { name, histories, caught: null }
}

/** Tries every planted mistake whose name has that part, for so many seconds at the most, two at a time. */
export async function tryMutants(
  root: string,
  part: string,
  seconds: number,
  told: (trial: Trial) => void,
): Promise<Trial[]> {
  const left = MUTANTS.filter(({ name }) => name.includes(part))
  const trials: Trial[] = []
  const one = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const trial = await attempt(root, next, seconds)
      trials.push(trial)
      told(trial)
    }
  }
  await Promise.all([one(), one()])
  return trials
}
