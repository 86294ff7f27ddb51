import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const css = (await readFile(`${import.meta.dirname}/panel.css`, 'utf8')).replace(/\/\*.*?\*\//gs, '')
const [, root = '', rest = ''] = /:root \{(.*?)\n {2}\}\n\}(.*)/s.exec(css)!

test('every variable of the panel is used, and every one that is used is defined', () => {
  const defined = [...root.matchAll(/^ +(--stillhere-panel-[\w-]+):/gm)].map(([, name]) => name)
  const used = new Set([...css.matchAll(/var\((--stillhere-panel-[\w-]+)\)/g)].map(([, name]) => name))
  expect(defined.sort()).toEqual([...used].sort())
})

test('what it takes from the main stylesheet has a value without it', () => {
  const taken = [...css.matchAll(/var\(--stillhere-(?!panel)[\w-]+(.)/g)].map(([, next]) => next)
  expect(taken.length).toBeGreaterThan(5)
  expect(new Set(taken)).toEqual(new Set([',']))
})

test('colours, sizes and times stand in the variables alone', () => {
  expect(rest.match(/#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|light-dark)\(|[\d.]+(px|rem|ms)\b/g)).toBe(null)
})

test('nothing is said of left and right, and nothing moves by itself', () => {
  expect(
    rest.match(
      /(?<![\w-]|line)-?\b(left|right|top|bottom|width|height)\b.*|(margin|padding|border)-(left|right|top|bottom).*/g,
    ),
  ).toBe(null)
  expect(css).not.toMatch(/transition|animation/)
})
