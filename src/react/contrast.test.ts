import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'

const css = await readFile(`${import.meta.dirname}/styles.css`, 'utf8')

type Modes = readonly [light: string, dark: string]

const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))

/** What is seen of one colour, so opaque, over another. */
const mixed = (over: string, share: number, ground: string): string =>
  `#${channels(over)
    .map((part, at) => Math.round(part * share + channels(ground)[at]! * (1 - share)))
    .map((part) => part.toString(16).padStart(2, '0'))
    .join('')}`

/** A colour of the stylesheet, in light and in dark: its own, another's, or a mixture of two. */
function colourOf(name: string): Modes {
  const [, value = ''] = new RegExp(`--stillhere-${name}: (.*);`).exec(css)!
  const [, light, dark] = /^light-dark\((#\w{6}), (#\w{6})\)$/.exec(value) ?? []
  if (light && dark) return [light, dark]
  const [, same] = /^var\(--stillhere-([\w-]+)\)$/.exec(value) ?? []
  if (same) return colourOf(same)
  const [, one, share, other] =
    /^color-mix\(in srgb, var\(--stillhere-([\w-]+)\) (\d+)%, var\(--stillhere-([\w-]+)\)\)$/.exec(value)!
  const [first, second] = [colourOf(one!), colourOf(other!)]
  return [mixed(first[0], Number(share) / 100, second[0]), mixed(first[1], Number(share) / 100, second[1])]
}

/** The number that a variable begins or, in a `color-mix`, ends with. */
const shareOf = (name: string) => Number(new RegExp(`--stillhere-${name}:.*?([\\d.]+)(%|;)`).exec(css)![1])

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = channels(colour)
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('as it comes, %s', (_, mode) => {
  test.each([
    ['text', 'surface'],
    ['text', 'page'],
    ['muted', 'surface'],
    ['muted', 'page'],
    ['accent', 'surface'],
    ['accent', 'page'],
    ['on-accent', 'accent'],
    ['on-accent', 'accent-hover'],
    ['text', 'urgent-surface'],
    ['text', 'wrong-surface'],
    ['wrong', 'surface'],
    ['on-urgent', 'urgent'],
    ['urgent', 'surface'],
  ])('%s is read on %s: 4.5 to 1 (WCAG 1.4.3)', (text, ground) =>
    expect(contrast(colourOf(text)[mode], colourOf(ground)[mode])).toBeGreaterThanOrEqual(4.5),
  )

  test.each([
    ['field', 'surface'],
    ['accent', 'surface'],
    ['focus', 'surface'],
    ['focus', 'page'],
    ['urgent', 'surface'],
    ['wrong', 'surface'],
  ])('%s is seen on %s: 3 to 1 (WCAG 1.4.11)', (mark, ground) =>
    expect(contrast(colourOf(mark)[mode], colourOf(ground)[mode])).toBeGreaterThanOrEqual(3),
  )

  test('what is read on a tint, or on a button that is busy or under the pointer, is read there, too', () => {
    const [text, surface, accent, onAccent, muted] = ['text', 'surface', 'accent', 'on-accent', 'muted'].map(
      (name) => colourOf(name)[mode],
    ) as [string, string, string, string, string]
    const busy = shareOf('busy-opacity')
    expect(contrast(text, colourOf('accent-surface')[mode])).toBeGreaterThanOrEqual(4.5)
    expect(contrast(text, mixed(text, shareOf('hover') / 100, surface))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(muted, mixed(muted, shareOf('hover') / 100, surface))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(mixed(onAccent, busy, surface), mixed(accent, busy, surface))).toBeGreaterThanOrEqual(4.5)
  })
})
