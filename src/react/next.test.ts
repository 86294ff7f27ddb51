import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextPath } from './index.ts'

const ORIGIN = 'https://app.example'
const LOGIN = `${ORIGIN}/login`

const searchOf = (next: string) => `?next=${encodeURIComponent(next)}`

describe('the way back after signing in', () => {
  test.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/here/..//evil.example',
    '/%2e//evil.example',
    '/.\\/evil.example',
    '/./\\evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https://evil.example',
    'https://app.example.evil.example/',
    'https://app.example@evil.example/',
    '//app.example@evil.example/',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,hello',
    'blob:https://app.example/1',
    'evil.example',
    '@evil.example',
    '\u2215\u2215evil.example',
    '\uff0f\uff0fevil.example',
    '',
  ])('is not taken from %j', (next) => {
    expect(nextPath(searchOf(next), ORIGIN)).toBe(null)
  })

  test.each([
    ['/', '/'],
    ['/feeds?page=2#row-7', '/feeds?page=2#row-7'],
    ['/a/../feeds', '/feeds'],
    ['/%2f%2fevil.example', '/%2f%2fevil.example'],
    ['/feeds?to=//evil.example', '/feeds?to=//evil.example'],
    ['/@evil.example', '/@evil.example'],
    ['/\u2215evil.example', '/%E2%88%95evil.example'],
  ])('is %j, as %j', (next, path) => {
    expect(nextPath(searchOf(next), ORIGIN)).toBe(path)
  })

  test('leads nowhere else, whatever the address says', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...['/', '//', '\\', '.', '..', '%2e', '%2f', '%5c', ':', '@', '?', '#', '\t', '\n', '\r', ' ', '\0', ';'],
        ...['https:', 'javascript:', 'data:', 'blob:', 'evil.example', 'app.example', '\u2215', '\uff0f', '\u200b'],
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    const nexts = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    let taken = 0
    fc.assert(
      fc.property(
        fc.oneof(
          nexts,
          nexts.map((next) => `/${next}`),
        ),
        (next) => {
          const path = nextPath(searchOf(next), ORIGIN)
          if (path === null) return
          taken++
          expect(path).toMatch(/^\/(?![/\\])/)
          // As `location.assign` reads it, and as a router does that puts it after the origin.
          expect(new URL(path, LOGIN).origin).toBe(ORIGIN)
          expect(new URL(ORIGIN + path).origin).toBe(ORIGIN)
          // Taken once more it is what it was.
          expect(nextPath(searchOf(path), ORIGIN)).toBe(path)
        },
      ),
      { numRuns: 2_000 },
    )
    expect(taken).toBeGreaterThan(100)
  })
})
