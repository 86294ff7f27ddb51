'use client'
import type { Mark } from './entries.ts'
import { glyph } from './glyphs.ts'

/** A mark as the drawing has it, beside the words for it. */
export const Glyph = ({ mark }: { readonly mark: Mark | 'next' | null }) => (
  <svg data-part="glyph" width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">
    {mark && <path d={glyph(mark, 0, 0)} data-mark={mark} fillRule="evenodd" />}
  </svg>
)
