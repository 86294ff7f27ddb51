'use client'
import { type KeyboardEvent, memo, useState } from 'react'
import type { Cluster } from './draw.ts'
import { LANES, MARK_GAP } from './frame.ts'
import { toMoment } from './words.ts'

/** So many of those that stand at one place are told one by one. */
const TOLD = 4

interface MarksProps {
  readonly clusters: readonly Cluster[]
  readonly now: number
}

/** Buttons over the marks of the drawing: pointed at or focused, each tells what it is. One stop for Tab, arrows lead on. */
export const Marks = memo(function Marks({ clusters, now }: MarksProps) {
  const [told, tell] = useState<number | null>(null)
  const at = clusters.findIndex(({ entries }) => entries.some(({ id }) => id === told))
  const cluster = clusters[at]
  const stop = at < 0 ? clusters.length - 1 : at

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!step) return
    event.preventDefault()
    const buttons = event.currentTarget.querySelectorAll('button')
    buttons[Math.min(buttons.length - 1, Math.max(0, stop + step))]?.focus()
  }

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms. */}
      <div data-part="marks" role="group" aria-label="Marks in the timeline" onKeyDown={onKeyDown}>
        {clusters.map(({ x, entries }, index) => (
          <button
            type="button"
            key={entries.at(-1)!.id}
            tabIndex={index === stop ? 0 : -1}
            aria-label={entries
              .slice(0, TOLD)
              .map((entry) => `${toMoment(entry.until ?? entry.at, now)}: ${entry.text}`)
              .concat(entries.length > TOLD ? [`and ${entries.length - TOLD} more`] : [])
              .join(' ')}
            style={{ left: x - MARK_GAP / 2, top: LANES.marks.y, width: MARK_GAP, height: LANES.marks.height }}
            onFocus={() => tell(entries[0]!.id)}
            onPointerEnter={() => tell(entries[0]!.id)}
          />
        ))}
      </div>
      <div data-part="told" aria-hidden="true">
        {cluster ? (
          <>
            {cluster.entries.slice(0, TOLD).map((entry) => (
              <p key={entry.id}>
                <time>{toMoment(entry.until ?? entry.at, now)}</time> {entry.text}
              </p>
            ))}
            {cluster.entries.length > TOLD && <p>and {cluster.entries.length - TOLD} more</p>}
          </>
        ) : (
          <p>{clusters.length ? 'Point at a mark, or focus it, to read what it is.' : 'Nothing is marked here.'}</p>
        )}
      </div>
    </>
  )
})
