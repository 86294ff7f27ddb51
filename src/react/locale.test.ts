import { describe, expect, test } from 'vitest'
import { withName } from './locale.ts'

const FSI = '\u2068'
const PDI = '\u2069'
const kept = (name: string) => `Kept for ${name}. Not you?`
const keptInHebrew = (name: string) => `נשמר עבור ${name}. לא אתם?`

describe('a name in a sentence (UAX #9)', () => {
  test('that reads the same way is left as it is', () => {
    for (const name of ['Ada', 'ada@example.com', 'Łukasz Żółć', '山田太郎', ''])
      expect(withName(kept, name)).toBe(kept(name))
  })

  test('that reads the other way is isolated, so that it moves nothing around it', () => {
    for (const name of ['דנה כהן', 'علي 2', 'ada \u202eadmin'])
      expect(withName(kept, name)).toBe(kept(FSI + name + PDI))
    expect(withName(keptInHebrew, 'Dana Inc.')).toBe(keptInHebrew(`${FSI}Dana Inc.${PDI}`))
  })
})
