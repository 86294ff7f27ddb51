import { describe, expect, test } from 'vitest'
import { judge } from './flat.ts'

const days = (of: (day: number) => number, count = 20) => Array.from({ length: count }, (_, day) => of(day))

describe('a row of samples is flat', () => {
  test('if it stays where it was after the warm-up, whatever it did before, and whatever a single one does', () => {
    expect(judge('heap', [1, 2, 3, 4, 5, ...days(() => 100, 15)], 0).isFlat).toBe(true)
    expect(judge('heap', [...days(() => 100, 19), 900], 0).isFlat).toBe(true)
    expect(judge('heap', [900, 900, ...days(() => 100, 18)], 0)).toMatchObject({ first: 100, last: 100 })
  })

  test('if it grows by no more than it may', () => {
    const slow = days((day) => 100 + day)
    expect(judge('heap', slow, 0.1)).toMatchObject({ first: 107, last: 117, isFlat: true })
    expect(judge('heap', slow, 0.09).isFlat).toBe(false)
  })

  test('and not if it grows by one from day to day, where nothing may be left', () => {
    expect(
      judge(
        'listeners',
        days((day) => 10 + day),
        0,
      ).isFlat,
    ).toBe(false)
    expect(
      judge(
        'listeners',
        days((day) => (day < 14 ? 10 : 11)),
        0,
      ).isFlat,
    ).toBe(false)
  })

  test('too few say nothing', () => {
    expect(() =>
      judge(
        'heap',
        days(() => 1, 7),
        0,
      ),
    ).toThrow('heap: eight samples at least, and there are 7')
  })
})
