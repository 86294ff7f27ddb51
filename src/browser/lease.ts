import type { Platform } from '../core/types.ts'

/** How long a turn is a tab's own, even if the tab is gone, and how soon the next one looks again, in ms. */
const LEASE = 15_000
const LOOK_AGAIN = 200

export interface LeaseRoom extends Pick<Platform, 'now' | 'wakeAt' | 'id'> {
  /** Changes a value that all tabs share in one transaction; `undefined` where that can not be. */
  update(key: string, change: (value: unknown) => unknown): Promise<unknown>
  /** Whether nothing shall begin any more. */
  isOver(): boolean
}

/** Turns without Web Locks (plain http): a lease in the shared store, taken in one transaction. */
export function createLeases({ now, wakeAt, id, update, isOver }: LeaseRoom) {
  const pause = (ms: number) => new Promise<void>((resolve) => wakeAt(now() + ms, resolve))

  return async function leased<T>(key: string, patience: number, work: () => Promise<T>): Promise<T | null> {
    const by = id()
    const until = now() + patience
    for (;;) {
      let isMine = false
      let lasts = 0
      const kept = await update(key, (found) => {
        const left = ((found as { until: number } | null)?.until ?? 0) - now()
        // Further ahead than any tab's clock can be, it was written before the clock was set back.
        isMine = !(left > 0 && left < 2 * LEASE)
        if (isMine) lasts = now() + LEASE
        return isMine ? { by, until: lasts } : found
      })
      // Whoever slept since it was taken may have it no more.
      if ((isMine && now() < lasts) || kept === undefined) break
      if (isOver() || now() >= until) return null
      await pause(LOOK_AGAIN)
    }
    if (isOver()) return null
    try {
      return await work()
    } finally {
      void update(key, (found) => ((found as { by?: string } | null)?.by === by ? null : found))
    }
  }
}
