'use client'
import { useState } from 'react'
import { Glyph } from './Glyph.tsx'
import type { Snapshot } from './history.ts'
import { toMoment } from './words.ts'

const FEW = 8

/** What happened, newest first: all that the drawing marks, in words. */
export function Happened({ snapshot }: { readonly snapshot: Snapshot }) {
  const [isAll, showAll] = useState(false)
  const { entries, now } = snapshot
  const shown = [...entries].reverse().slice(0, isAll ? entries.length : FEW)
  return (
    <div data-part="happened">
      <h3>What happened</h3>
      {entries.length === 0 && <p>Nothing yet since the recording began at {toMoment(snapshot.since, now)}.</p>}
      <ol>
        {shown.map(({ id, at, until, type, mark, text }) => (
          <li key={id} data-type={type}>
            <time dateTime={new Date(until ?? at).toISOString()}>{toMoment(until ?? at, now)}</time>
            <Glyph mark={mark} />
            <span>{text}</span>
          </li>
        ))}
      </ol>
      {entries.length > FEW && (
        <button type="button" aria-expanded={isAll} onClick={() => showAll(!isAll)}>
          {isAll ? `Show the latest ${FEW}` : `Show all ${entries.length}`}
        </button>
      )}
    </div>
  )
}
