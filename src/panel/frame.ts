/** A stretch of time, in epoch ms, on so many pixels. */
export interface Frame {
  readonly from: number
  readonly to: number
  readonly width: number
}

/** The lanes of the drawing from top to bottom, in px; above each is room for its name. */
export const LANES = {
  left: { y: 20, height: 92 },
  activity: { y: 136, height: 26 },
  tokens: { y: 184, height: 22 },
  marks: { y: 226, height: 44 },
  axis: { y: 276, height: 20 },
} as const

/** The height of the whole, in px. */
export const HEIGHT = LANES.axis.y + LANES.axis.height

/** Buttons are no smaller and no closer than that, in px: WCAG 2.2 SC 2.5.8. */
export const MARK_GAP = 24

/** The windows to choose from, in ms. */
export const SPANS = { '5 min': 300_000, '15 min': 900_000, '1 h': 3_600_000 } as const

/** How a span is called. */
export type SpanName = keyof typeof SPANS

/** Besides the span itself an eighth of it ahead is shown: how it goes on if nobody comes. */
const AHEAD = 1 / 8

/** The stretch of time up to `end`, and a little of what is ahead. */
export const frameOf = (end: number, span: number, width: number): Frame => ({
  from: end - span,
  to: end + span * AHEAD,
  width,
})

/** Where the window ends that was moved by so much: not before the recording, and not after now; `null` follows the clock. */
export function movedTo(end: number | null, by: number, { since, now }: { since: number; now: number }): number | null {
  const next = Math.max((end ?? now) + by, Math.min(now, since + 60_000))
  return next >= now ? null : next
}
