import type { SessionEvent } from 'stillhere'

type Value = string | number | boolean

/** What `logs.getLogger('session')` of `@opentelemetry/api-logs` gives. */
interface Logger {
  emit(record: {
    eventName: string
    timestamp: number
    severityNumber: number
    attributes: Record<string, Value>
  }): void
}

/** One log record an event; severity 13 is WARN, 9 is INFO. */
export const toOpenTelemetry =
  (logger: Logger) =>
  ({ type, at, sessionId, ...told }: SessionEvent): void => {
    const attributes: Record<string, Value> = {}
    for (const [name, value] of Object.entries<Value | null>({ 'session.id': sessionId, ...told }))
      if (value !== null) attributes[name] = value
    logger.emit({
      eventName: `stillhere.${type}`,
      timestamp: at,
      severityNumber: type === 'failed' ? 13 : 9,
      attributes,
    })
  }
