import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const here = import.meta.dirname
const css = (await readFile(`${here}/styles.css`, 'utf8')).replace(/\/\*.*?\*\//gs, '')
const [, root = '', rest = ''] = /:root \{(.*?)\n\}(.*)/s.exec(css)!

const defined = [...root.matchAll(/^ {2}(--stillhere-[\w-]+):\s*(.*?);$/gms)].map(
  ([, name, value]) => [name!, value!.replace(/\s+/g, ' ')] as const,
)

test('every variable is used, and every one that is used is defined', () => {
  const used = new Set([...css.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name))
  expect(defined.map(([name]) => name).sort()).toEqual([...used].sort())
})

test('colours, sizes and times stand in the variables alone', () => {
  const literals = rest.match(/#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|light-dark)\(|[\d.]+(px|rem|ms)\b/g)
  // The region that only screen readers meet is a dot.
  expect(literals).toEqual(['1px', '1px'])
})

test('nothing is said of left and right, top and bottom: pages read either way', () => {
  // A window's width has no other name.
  const said = css.replaceAll('@media (width', '')
  expect(
    said.match(
      /(?<![\w-]|line)-?\b(left|right|top|bottom|width|height)\b.*|(margin|padding|border)-(left|right|top|bottom).*|(max|min)-(width|height).*/g,
    ),
  ).toBe(null)
})

test('the table of variables in the documents has each with its value', async () => {
  const doc = await readFile(`${here}/../../docs/words-and-looks.md`, 'utf8')
  const rows = [...doc.matchAll(/^\| `(--stillhere-[\w-]+)` \| `(.*?)` \|/gm)].map(([, name, value]) => [name, value])
  expect(rows).toEqual(defined)
})
