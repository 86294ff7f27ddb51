import type { Mark } from './entries.ts'

const shapes: Readonly<Record<Mark | 'next', (x: number, y: number) => string>> = {
  // A flag on its pole.
  'signed-in': (x, y) => `M${x - 4} ${y + 8}v-16h1.5l8.5 4.5l-8.5 4.5v7z`,
  // A full disc, and a ring.
  here: (x, y) => disc(x, y, 4.5),
  elsewhere: (x, y) => `${disc(x, y, 4.5)}${disc(x, y, 2.2)}`,
  // A cross.
  refused: (x, y) => `M${x - 5} ${y - 3}l2-2l3 3l3-3l2 2l-3 3l3 3l-2 2l-3-3l-3 3l-2-2l3-3z`,
  // A triangle, and a diamond.
  unreachable: (x, y) => `M${x} ${y - 6}l6 10h-12z`,
  malformed: (x, y) => `M${x} ${y - 6}l6 6l-6 6l-6-6z`,
  // A plus.
  extended: (x, y) => `M${x - 1.5} ${y - 5.5}h3v4h4v3h-4v4h-3v-4h-4v-3h4z`,
  // A square.
  ended: (x, y) => `M${x - 5} ${y - 5}h10v10h-10z`,
  // An empty triangle that points on.
  next: (x, y) => `M${x - 3.5} ${y - 5.5}l8 5.5l-8 5.5zM${x - 2} ${y - 2.6}v5.2l3.8-2.6z`,
}

/** Those with a hole in them; the others may cover each other. */
export const fillRuleOf = (mark: string): 'evenodd' | 'nonzero' =>
  mark === 'elsewhere' || mark === 'next' ? 'evenodd' : 'nonzero'

const disc = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`

/** The outline of a mark about a point: each kind has its own shape, so that none depends on its colour. */
export const glyph = (mark: Mark | 'next', x: number, y: number): string => shapes[mark](Math.round(x * 10) / 10, y)
