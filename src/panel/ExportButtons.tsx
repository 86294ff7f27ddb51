'use client'
import { useState } from 'react'
import type { RecordingExport } from './export.ts'
import { type Recordable, recordSession } from './recording.ts'

interface ExportButtonsProps {
  readonly session: Recordable
  readonly onExport: ((recording: RecordingExport) => void) | undefined
}

/** Takes the recording along: as a file, or to paste it. */
export function ExportButtons({ session, onExport }: ExportButtonsProps) {
  const [said, say] = useState('')
  const take = () => recordSession(session).toJSON()

  function save(): void {
    const recording = take()
    if (onExport) onExport(recording)
    else
      download(
        toText(recording),
        `stillhere-${new Date(recording.now).toISOString().slice(0, 19).replaceAll(':', '-')}.json`,
      )
  }

  function copy(): void {
    // Absent on plain http.
    const written = navigator.clipboard?.writeText(toText(take())) ?? Promise.reject(new Error('no clipboard'))
    written.then(
      () => say('Copied.'),
      () => say('The browser does not let it be copied.'),
    )
  }

  return (
    <div data-part="export">
      <button type="button" onClick={save}>
        Export JSON
      </button>
      <button type="button" onClick={copy}>
        Copy JSON
      </button>
      <p role="status">{said}</p>
      <p>No token, no password, nobody’s name in it.</p>
    </div>
  )
}

const toText = (recording: RecordingExport) => JSON.stringify(recording, null, 2)

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Not at once: the browser may not have begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
