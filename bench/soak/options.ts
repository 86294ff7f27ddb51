import { parseArgs } from 'node:util'
import type { Plant } from './desk.ts'

export interface SoakOptions {
  readonly weeks: number
  readonly hours: number
  readonly seed: number
  readonly only: 'weeks' | 'page' | null
  readonly plant: Plant
}

export const HELP = `Usage: npm run soak -- [options]

  --weeks N       simulated weeks on each system, 8 by default, at least 2
  --hours N       simulated hours in a real page, 1 by default, at least 1
  --smoke         4 weeks and 1 hour
  --only HALF     weeks, or page
  --seed N        other histories, 1 by default
  --plant LEAK    listener, or memory: puts a leak in, which must be found`

/** What the command line asks for; throws an `Error` that names what is wrong. */
export function readOptions(args: readonly string[]): SoakOptions | null {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args: [...args],
    options: { weeks: text, hours: text, seed: text, only: text, plant: text, smoke: flag, help: flag },
  })
  if (values.help) return null

  const whole = (name: 'weeks' | 'hours' | 'seed', least: number, usual: number): number => {
    const number = Number(values[name] ?? usual)
    if (!Number.isSafeInteger(number) || number < least)
      throw new Error(`--${name} must be a whole number from ${least}, and is ${values[name]}`)
    return number
  }
  const oneOf = <T extends string>(name: 'only' | 'plant', words: readonly T[]): T | null => {
    const word = values[name]
    if (word !== undefined && !words.includes(word as T))
      throw new Error(`--${name} must be ${words.join(' or ')}, and is ${word}`)
    return (word as T | undefined) ?? null
  }
  return {
    weeks: whole('weeks', 2, values.smoke ? 4 : 8),
    hours: whole('hours', 1, 1),
    seed: whole('seed', 0, 1),
    only: oneOf('only', ['weeks', 'page']),
    plant: oneOf('plant', ['listener', 'memory']),
  }
}
