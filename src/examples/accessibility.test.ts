import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** The names that the tests of a file go by, with those of the groups that they are in; what a test fills in stands for anything. */
function namesIn(source: string): RegExp[] {
  const names: RegExp[] = []
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const patternOf = (name: ts.Node): string | null => {
    // Vitest fills in what is written so.
    if (ts.isStringLiteralLike(name)) return escaped(name.text).replace(/%[sijd]|\\\$\w+/g, '(.+)')
    if (!ts.isTemplateExpression(name)) return null
    const rest = name.templateSpans.map(({ literal }) => `(.+)${escaped(literal.text)}`)
    return escaped(name.head.text) + rest.join('')
  }
  function visit(node: ts.Node, groups: readonly string[]): void {
    if (ts.isCallExpression(node)) {
      const [, kind] =
        /^(test|it|describe)\b(?!\.(?:use|beforeEach|afterEach|extend))/.exec(node.expression.getText()) ?? []
      const [name] = node.arguments
      const pattern = kind && name && node.arguments.length > 1 ? patternOf(name) : null
      if (pattern !== null) {
        const path = [...groups, pattern]
        if (kind !== 'describe') names.push(new RegExp(`^${path.join(' › ')}$`))
        for (const argument of node.arguments) visit(argument, path)
        return
      }
    }
    ts.forEachChild(node, (child) => visit(child, groups))
  }
  visit(ts.createSourceFile('it.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX), [])
  return names
}

/** The rows of a document's tables on what is asked: what, by whom, how it is met, the tests. */
const rowsOf = (document: string): string[][] =>
  document
    .split(/^\| asked \|.*\n.*\n/m)
    .slice(1)
    .flatMap((text) => text.split('\n\n')[0]!.trim().split('\n'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

const testsIn = (text: string) =>
  [...text.matchAll(/`([^`]+)`: “([^”]+)”/g)].map(([, file, name]) => ({ file: file!, name: name! }))

const chapter = read('docs/accessibility.md')
const rows = rowsOf(chapter)
const named = testsIn(chapter)
const files = new Map([...new Set(named.map(({ file }) => file))].map((file) => [file, namesIn(read(file))]))
/** Whether a file has that test; what a test fills in must stand in the file as well. */
const isThere = ({ file, name }: { file: string; name: string }) => {
  const source = read(file)
  return files.get(file)!.some((known) =>
    known
      .exec(name)
      ?.slice(1)
      .every((filledIn) => source.includes(filledIn)),
  )
}

describe('the table of accessibility', () => {
  test('names no test that is not there', () => {
    expect(named.length).toBeGreaterThan(60)
    expect(named.filter((one) => !isThere(one))).toEqual([])
  })

  test('would be found out if it named one that is not', () => {
    const { file, name } = named[0]!
    expect(isThere({ file, name: `${name}, or so` })).toBe(false)
    expect(isThere({ file, name: '' })).toBe(false)
    expect(isThere({ file: 'e2e/keyboard.spec.ts', name: 'after the warning the focus is on the moon' })).toBe(false)
    const known = namesIn("describe('a', () => { test('b', f); test.each([1])('c %i', f) })")
    expect(known.map(String)).toEqual(['/^a › b$/', '/^a › c (.+)$/'])
  })

  test('has four cells in each row, and a test, or a reason in bold why there is none', () => {
    expect(rows.length).toBeGreaterThan(55)
    const wrong = rows.filter((cells) => cells.length !== 4 || cells.some((cell) => !cell))
    expect(wrong).toEqual([])
    const untested = rows.filter(([, , how, tests]) => testsIn(tests!).length === 0 && !how!.startsWith('**'))
    expect(untested).toEqual([])
  })
})
