import { describe, expect, test } from 'vitest'
import { median, middle, quantile, withInterval } from './statistics.ts'
import { createTurns } from './turns.ts'

describe('the value below which a share lies', () => {
  test('is a value where there is one at its place, in whatever order they came', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(quantile([4, 2, 8, 6, 0], 0.25)).toBe(2)
    expect([quantile([3, 1, 2], 0), quantile([3, 1, 2], 1)]).toEqual([1, 3])
  })

  test('is between its neighbours where there is none', () => {
    expect(median([1, 2, 4, 9])).toBe(3)
    expect(quantile([0, 10], 0.1)).toBeCloseTo(1)
  })

  test('sorts by size, not as texts, and leaves what it was given as it was', () => {
    const values = [10, 9, 100]
    expect(median(values)).toBe(10)
    expect(values).toEqual([10, 9, 100])
  })

  test('is none where nothing was measured', () => {
    expect(() => median([])).toThrow('Nothing was measured')
  })
})

test('the mean of the middle half does not hear of what is far out, on either side', () => {
  expect(middle([1_000_000, 2, 4, -1_000_000])).toBe(3)
  expect(middle([7])).toBe(7)
})

describe('an interval', () => {
  const { random } = createTurns(1)

  test('is around the median, and wider where rounds differ more', () => {
    const near = withInterval([9, 10, 11, 10, 9, 11, 10], random)
    const far = withInterval([1, 10, 19, 10, 1, 19, 10], random)
    expect(near.value).toBe(10)
    expect(near.low).toBeLessThanOrEqual(10)
    expect(near.high).toBeGreaterThanOrEqual(10)
    expect(far.high - far.low).toBeGreaterThan(near.high - near.low)
  })

  test('has no width where all rounds say the same, and where there is but one', () => {
    expect(withInterval([3, 3, 3, 3], random)).toEqual({ value: 3, low: 3, high: 3 })
    expect(withInterval([5], random)).toEqual({ value: 5, low: 5, high: 5 })
  })

  test('holds the median of what it was drawn from nearly always', () => {
    const held = Array.from({ length: 200 }, () => {
      const { low, high } = withInterval(Array.from({ length: 25 }, random), random, 400)
      return low <= 0.5 && 0.5 <= high
    })
    expect(held.filter(Boolean).length).toBeGreaterThan(170)
  })
})
