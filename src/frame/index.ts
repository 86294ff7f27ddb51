import { ACTIVITY_EVENTS, onActivity } from '../browser/activity.ts'
import { checkOrigins } from '../browser/origins.ts'

/** Who is told, and of what. */
export interface ReportOptions {
  /** The origin of the page that keeps the session, as `https://host`: nobody else is told anything. */
  readonly to: string
  /** What counts as someone being here: names of events on `window`. */
  readonly activityEvents?: readonly string[]
}

/** From inside a frame, tells the page around it that someone is active here, at most once a second and kind; returns stop. Throws a `TypeError` for what is no origin. */
export function reportActivity({ to, activityEvents = ACTIVITY_EVENTS }: ReportOptions): () => void {
  checkOrigins('to', [to])
  if (typeof window === 'undefined' || parent === window) return () => {}
  return onActivity(activityEvents, (strong) => {
    // The page may be further up; the browser gives it to that origin alone.
    for (let at: Window = window; at !== at.parent; ) {
      at = at.parent
      at.postMessage({ stillhere: 1, kind: 'active', strong }, to)
    }
  })
}
