'use client'
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import { draw } from './draw.ts'
import { frameOf, movedTo, SPANS, type SpanName } from './frame.ts'
import type { Snapshot } from './history.ts'
import { Legend } from './Legend.tsx'
import { Marks } from './Marks.tsx'
import { Plot } from './Plot.tsx'
import { summarise } from './summary.ts'
import { useWidth } from './use-snapshot.ts'

interface TimelineProps {
  readonly snapshot: Snapshot
  readonly span: SpanName
}

/** The drawing, with the ways to choose what it shows. */
export function Timeline({ snapshot, span: first }: TimelineProps) {
  const [name, choose] = useState(first)
  // `null` follows the clock.
  const [end, moveTo] = useState<number | null>(null)
  const drag = useRef<{ x: number; end: number | null } | null>(null)
  const plot = useRef<HTMLDivElement>(null)
  const width = useWidth(plot)
  const span = SPANS[name]
  const frame = frameOf(end ?? snapshot.now, span, width)
  const { from, to } = frame
  const drawing = useMemo(() => draw(snapshot, { from, to, width }), [snapshot, from, to, width])
  const move = (by: number) => moveTo(movedTo(end, by, snapshot))

  function onPointerDown({ button, clientX, target, currentTarget, pointerId }: PointerEvent<HTMLElement>): void {
    if (button !== 0 || (target as Element).closest('button')) return
    drag.current = { x: clientX, end }
    currentTarget.setPointerCapture(pointerId)
  }

  function onPointerMove({ clientX }: PointerEvent): void {
    if (!drag.current) return
    const by = ((drag.current.x - clientX) / width) * (to - from)
    moveTo(movedTo(drag.current.end, by, snapshot))
  }

  function onKeyDown(event: KeyboardEvent): void {
    const by = { ArrowLeft: -span / 10, ArrowRight: span / 10, PageUp: -span, PageDown: span }[event.key]
    if (by) move(by)
    else if (event.key === 'Home') move(-Infinity)
    else if (event.key === 'End') moveTo(null)
    else return
    event.preventDefault()
  }

  return (
    <div data-part="timeline">
      <div data-part="toolbar" role="toolbar" aria-label="What the timeline shows" onKeyDown={onKeyDown}>
        {(Object.keys(SPANS) as SpanName[]).map((each) => (
          <button type="button" key={each} aria-pressed={each === name} onClick={() => choose(each)}>
            {each}
          </button>
        ))}
        <span data-part="between" />
        <button type="button" aria-label="Earlier" onClick={() => move(-span / 2)}>
          <svg
            aria-hidden="true"
            width="8"
            height="12"
            viewBox="0 0 8 12"
            fill="none"
            stroke="currentcolor"
            strokeWidth="2"
          >
            <path d="M6 1 1 6l5 5" />
          </svg>
        </button>
        <button type="button" aria-label="Later" aria-disabled={end === null} onClick={() => move(span / 2)}>
          <svg
            aria-hidden="true"
            width="8"
            height="12"
            viewBox="0 0 8 12"
            fill="none"
            stroke="currentcolor"
            strokeWidth="2"
          >
            <path d="m2 1 5 5-5 5" />
          </svg>
        </button>
        <button type="button" aria-pressed={end === null} onClick={() => moveTo(null)}>
          Now
        </button>
      </div>
      <div
        data-part="plot"
        ref={plot}
        dir="ltr"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          drag.current = null
        }}
        onPointerCancel={() => {
          drag.current = null
        }}
      >
        <Plot drawing={drawing} width={width} name={summarise(snapshot, from, to)} />
        <Marks clusters={drawing.clusters} now={snapshot.now} />
      </div>
      <Legend />
    </div>
  )
}
