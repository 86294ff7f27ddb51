import type { SessionEvent } from 'stillhere'

/** Lists of events for a server of your own: at most one request every so many ms, and what is left as the page is put away. */
export function toServer(url: string, every = 10_000) {
  let events: SessionEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (!events.length) return
    const body = JSON.stringify(events)
    events = []
    const headers = { 'content-type': 'application/json' }
    // A list that does not arrive is not worth an error: the session goes on without it.
    fetch(url, { method: 'POST', headers, body, keepalive: true }).catch(() => {})
  }

  if (typeof document !== 'undefined') addEventListener('pagehide', flush)
  return (event: SessionEvent): void => {
    events.push(event)
    timer ??= setTimeout(flush, every)
  }
}
