import { describe, expect, test } from 'vitest'
import { helpFor, readOptions } from './options.ts'

const NAMES = ['events', 'size']
const read = (...args: string[]) => readOptions(args, NAMES)

describe('the command line', () => {
  test('asks for all of it, and writes nothing, where it says nothing', () => {
    expect(read()).toEqual({ extent: 'full', only: null, seed: 1, isWriting: false })
  })

  test('asks for less, for some measures, for another order', () => {
    expect(read('--quick', '--only', 'size,events', '--seed', '7')).toEqual({
      extent: 'quick',
      only: ['size', 'events'],
      seed: 7,
      isWriting: false,
    })
    expect(read('--smoke')).toMatchObject({ extent: 'smoke' })
    expect(read('--write', '--quick')).toMatchObject({ extent: 'quick', isWriting: true })
  })

  test('asks for help, which names every measure', () => {
    expect(read('--help')).toBeNull()
    expect(helpFor(NAMES)).toContain('events, size')
  })

  test.each([
    [['--quick', '--smoke'], '--quick and --smoke exclude each other'],
    [['--only', 'size,weight'], '--only must name events, size, and names weight'],
    [['--only', ''], '--only must name events, size, and names '],
    [['--seed=-1'], '--seed must be a whole number from 0, and is -1'],
    [['--seed', '1.5'], '--seed must be a whole number from 0, and is 1.5'],
    [['--seed', 'one'], '--seed must be a whole number from 0, and is one'],
    [['--write', '--smoke'], '--write needs all measures'],
    [['--write', '--only', 'size'], '--write needs all measures'],
    [['--fast'], '--fast'],
    [['size'], 'size'],
  ])('%j is refused by its name', (args, message) => {
    expect(() => read(...args)).toThrow(message)
  })
})
