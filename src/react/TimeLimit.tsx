'use client'
import { useSession } from './hooks.ts'
import { useLanguage } from './language.ts'
import { useCarried } from './SessionProvider.tsx'

/** What the end of a session makes of work that is not saved. */
export type Unsaved = 'lost' | 'kept'

/** What is told besides. */
export interface TimeLimitProps {
  /** What the end makes of work that is not saved; says nothing of it by default. */
  readonly unsaved?: Unsaved
}

/** Tells once, where a task begins, after how long without activity one is signed out, as the policy has it now. WCAG 2.2.6. */
export function TimeLimit({ unsaved }: TimeLimitProps) {
  const { session, labels } = useCarried()
  const language = useLanguage()
  // Another grant or policy has other lengths, and moves the deadline.
  useSession(({ deadline }) => deadline)
  const lengths = session.inspect().lengths
  if (!lengths || Number.isNaN(lengths.idle)) return null
  // Rounded down: nobody may be told that there is more time than there is.
  const time = (ms: number) => labels.time(ms > 60_000 ? Math.floor(ms / 60_000) * 60 : Math.floor(ms / 1_000))
  return (
    <p data-stillhere="time-limit" {...language}>
      {labels.timeLimit(time(lengths.idle))} {labels.timeLimitWarning(time(lengths.lead))}
      {unsaved && <> {unsaved === 'kept' ? labels.willBeKept : labels.willBeLost}</>}
    </p>
  )
}
