import { expect, test } from 'vitest'
import { createPins } from './pins.ts'

const ANA = 'ana'
const WINDOW = 600_000

function makePins(maxUnknown?: number) {
  let time = 0
  const pins = createPins(
    () => time,
    (name) => name === ANA,
    maxUnknown,
  )
  return {
    ...pins,
    made(name: string) {
      const asked = pins.ask(name)
      if (asked.outcome !== 'made') throw new Error(`${name} has to wait`)
      return asked.pin
    },
    pass: (ms: number) => (time += ms),
  }
}

test('the PIN made for a name that no account has is of no use, should anyone guess it', () => {
  const { made, spend } = makePins()
  expect(spend('nobody', made('nobody'))).toEqual({ outcome: 'wrong' })
  expect(spend(ANA, made(ANA)).outcome).toBe('right')
})

test('made-up names are forgotten one by one, and never push out the PIN of an account', () => {
  const { ask, made, spend } = makePins(3)
  const pin = made(ANA)
  for (const name of ['a', 'b', 'c', 'd']) for (let i = 0; i < 3; i++) made(name)
  expect(['d', 'c', 'b', 'a'].map((name) => ask(name).outcome)).toEqual(['throttled', 'throttled', 'throttled', 'made'])
  expect(spend(ANA, pin).outcome).toBe('right')
})

test('a clock that was put back does not let PINs be asked for without end', () => {
  const { ask, made, pass } = makePins()
  pass(3600_000)
  for (let i = 0; i < 3; i++) made(ANA)
  pass(-60_000)
  expect(ask(ANA)).toEqual({ outcome: 'throttled', retryAfter: 660 })
})

test('whoever has to wait is told a second at least, whenever the clock ticks', () => {
  for (let early = 0; early < 5; early++) {
    const reads = [0, 0, 0, ...Array(early).fill(WINDOW - 1)]
    const pins = createPins(
      () => reads.shift() ?? WINDOW,
      () => true,
    )
    for (let i = 0; i < 3; i++) pins.ask(ANA)
    expect(pins.ask(ANA)).not.toMatchObject({ retryAfter: 0 })
  }
})

test('a PIN given back works once more', () => {
  const { made, spend } = makePins()
  const pin = made(ANA)
  const tried = spend(ANA, pin)
  expect(spend(ANA, pin)).toEqual({ outcome: 'wrong' })
  if (tried.outcome === 'right') tried.giveBack()
  expect([spend(ANA, pin).outcome, spend(ANA, pin).outcome]).toEqual(['right', 'wrong'])
})
