'use client'
import { memo } from 'react'
import type { Mark } from './entries.ts'
import { Glyph } from './Glyph.tsx'

const MARKS: readonly (readonly [Mark | 'next', string])[] = [
  ['signed-in', 'signed in'],
  ['here', 'refreshed by this tab'],
  ['elsewhere', 'refreshed by another tab'],
  ['next', 'next refresh, at the earliest'],
  ['refused', 'refused'],
  ['unreachable', 'not reached'],
  ['malformed', 'not understood'],
  ['extended', 'stayed'],
  ['ended', 'ended'],
]

const FILLS = [
  ['line', 'time left'],
  ['ahead', 'if nobody comes'],
  ['warned', 'warning open'],
  ['activity', 'someone active'],
  ['kept-awake', 'kept awake'],
  ['tokens', 'token in use'],
  ['rest', 'its life left'],
  ['asleep', 'nothing ran'],
  ['throttled', 'timers held back'],
] as const

/** What the shapes and fills of the drawing mean. */
export const Legend = memo(function Legend() {
  return (
    <details data-part="legend">
      <summary>Legend</summary>
      <ul>
        {FILLS.map(([fill, text]) => (
          <li key={fill}>
            <span data-part="swatch" data-fill={fill} />
            {text}
          </li>
        ))}
        {MARKS.map(([mark, text]) => (
          <li key={mark}>
            <Glyph mark={mark} />
            {text}
          </li>
        ))}
      </ul>
    </details>
  )
})
