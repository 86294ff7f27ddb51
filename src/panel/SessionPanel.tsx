'use client'
import { useId, useRef } from 'react'
import { Claims } from './Claims.tsx'
import { ExportButtons } from './ExportButtons.tsx'
import type { RecordingExport } from './export.ts'
import { Facts } from './Facts.tsx'
import type { SpanName } from './frame.ts'
import { Happened } from './Happened.tsx'
import type { Recordable } from './recording.ts'
import { Timeline } from './Timeline.tsx'
import { useSnapshot } from './use-snapshot.ts'

/** What `<SessionPanel>` is given. */
export interface SessionPanelProps {
  /** The session manager to show. */
  readonly session: Recordable
  /** How much the timeline shows at first: 5 minutes by default. */
  readonly span?: SpanName
  /** Added to the panel's element. */
  readonly className?: string
  /** Given what is exported, in place of the download. */
  readonly onExport?: (recording: RecordingExport) => void
}

/** A session drawn over time, with what it does and why in words: a developer's tool, in English. It records from its first render on, or from where `recordSession` began. */
export function SessionPanel({ session, span = '5 min', className, onExport }: SessionPanelProps) {
  const id = useId()
  const ref = useRef<HTMLElement>(null)
  const snapshot = useSnapshot(session, ref)
  return (
    <section data-stillhere="panel" className={className} aria-labelledby={id} ref={ref}>
      <h2 id={id} data-part="title">
        Session
      </h2>
      {snapshot && (
        <>
          <Facts snapshot={snapshot} />
          <Timeline snapshot={snapshot} span={span} />
          <Happened snapshot={snapshot} />
          <Claims snapshot={snapshot} />
          <ExportButtons session={session} onExport={onExport} />
        </>
      )}
    </section>
  )
}
