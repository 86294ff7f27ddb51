/** Each kind of report counts at the most once in this time. */
const QUIET = 1_000

/** Says that someone is here when a frame of one of these origins, in this page, reports it by `stillhere/frame`. Returns the way out. */
export function onReports(origins: readonly string[], listener: (strong: boolean) => void): () => void {
  if (!origins.length) return () => {}
  const controller = new AbortController()
  const told = { true: 0, false: 0 }

  const hear = ({ isTrusted, origin, source, data }: MessageEvent) => {
    if (!isTrusted || !origins.includes(origin) || !isBelow(source)) return
    if (data?.stillhere !== 1 || data.kind !== 'active' || typeof data.strong !== 'boolean') return
    // It counts as of now: no time is taken from elsewhere.
    const now = Date.now()
    const kind = `${data.strong as boolean}` as const
    if ((now - told[kind]) >>> 0 < QUIET) return
    told[kind] = now
    listener(data.strong)
  }
  addEventListener('message', hear, { signal: controller.signal })
  return () => controller.abort()
}

/** Whether that is a frame in this page, at any depth: who is whose parent can be read from any origin. */
function isBelow(source: MessageEventSource | null): boolean {
  for (let at = source as Window | null; at?.parent && at !== at.parent; at = at.parent)
    if (at.parent === window) return true
  return false
}
