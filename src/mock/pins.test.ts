import { expect, test } from 'vitest'
import { createPins } from './pins.ts'

const ANA = 'ana'

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
  expect(spend(ANA, made(ANA))).toEqual({ outcome: 'right' })
})

test('made-up names are forgotten one by one, and never push out the PIN of an account', () => {
  const { ask, made, spend } = makePins(3)
  const pin = made(ANA)
  for (const name of ['a', 'b', 'c', 'd']) for (let i = 0; i < 3; i++) made(name)
  expect(['d', 'c', 'b', 'a'].map((name) => ask(name).outcome)).toEqual(['throttled', 'throttled', 'throttled', 'made'])
  expect(spend(ANA, pin)).toEqual({ outcome: 'right' })
})

test('a clock that was put back does not let PINs be asked for without end', () => {
  const { ask, made, pass } = makePins()
  pass(3600_000)
  for (let i = 0; i < 3; i++) made(ANA)
  pass(-60_000)
  expect(ask(ANA)).toEqual({ outcome: 'throttled', retryAfter: 660 })
})
