import type { SessionEvent } from 'stillhere'

/** What `Sentry.addBreadcrumb` takes. */
type AddBreadcrumb = (breadcrumb: {
  category: string
  message: string
  level: 'info' | 'warning'
  timestamp: number
  data: Record<string, unknown>
}) => void

/** One breadcrumb an event, so that an error report shows what became of the session before it. */
export const toSentry =
  (addBreadcrumb: AddBreadcrumb) =>
  ({ type, at, ...data }: SessionEvent): void =>
    addBreadcrumb({
      category: 'session',
      message: type,
      level: type === 'failed' ? 'warning' : 'info',
      timestamp: at / 1_000,
      data,
    })
