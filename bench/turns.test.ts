import { describe, expect, test } from 'vitest'
import { createTurns } from './turns.ts'

const LETTERS = ['a', 'b', 'c', 'd', 'e']

describe('turns', () => {
  test('are the same for the same seed, and others for another', () => {
    const orders = (seed: number) => {
      const { shuffle } = createTurns(seed)
      return Array.from({ length: 5 }, () => shuffle(LETTERS).join(''))
    }
    expect(orders(1)).toEqual(orders(1))
    expect(orders(1)).not.toEqual(orders(2))
    expect(new Set(orders(1)).size).toBeGreaterThan(1)
  })

  test('have everyone once, and leave what they were given as it was', () => {
    const letters = [...LETTERS]
    expect(createTurns(3).shuffle(letters).sort()).toEqual(LETTERS)
    expect(letters).toEqual(LETTERS)
    expect(createTurns(3).shuffle([])).toEqual([])
  })

  test('let everyone go first about as often', () => {
    const { shuffle } = createTurns(4)
    const firsts = Array.from({ length: 5_000 }, () => shuffle(LETTERS)[0]!)
    for (const letter of LETTERS) {
      const share = firsts.filter((first) => first === letter).length / firsts.length
      expect(share).toBeGreaterThan(0.17)
      expect(share).toBeLessThan(0.23)
    }
  })

  test('draw from 0 up to 1, evenly', () => {
    const { random } = createTurns(5)
    const drawn = Array.from({ length: 5_000 }, random)
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...drawn)).toBeLessThan(1)
    expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(0.5, 1)
  })
})
