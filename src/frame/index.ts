import { ACTIVITY_EVENTS, onActivity } from '../browser/activity.ts'

/** Who is told, and of what. */
export interface ReportOptions {
  /** The origin of the page that keeps the session, as `https://host`: nobody else is told anything. */
  readonly to: string
  /** What counts as someone being here: names of events on `window`. */
  readonly activityEvents?: readonly string[]
}

/** From inside a frame, tells the page around it that someone is active here, at most once a second; returns stop. */
export function reportActivity({ to, activityEvents = ACTIVITY_EVENTS }: ReportOptions): () => void {
  if (typeof window === 'undefined' || parent === window) return () => {}
  return onActivity(activityEvents, (strong) => {
    parent.postMessage({ stillhere: 1, kind: 'active', strong }, to)
  })
}
