import type { Platform } from '../core/types.ts'
import { onActivity } from './activity.ts'
import { wakeAt } from './clock.ts'
import { onHide, onWake } from './page.ts'
import { createRecords } from './record.ts'
import { onReports } from './reports.ts'
import { createStorage, type Storage } from './storage.ts'
import { createTabs, randomId } from './tabs.ts'

/** The browser, as the core sees it. Nothing happens until it is used. */
export function createPlatform(
  name: string,
  storage: Storage,
  events: readonly string[],
  frames: readonly string[],
): Platform {
  const records = createRecords()
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    wakeAt,
    id: randomId,
    random: () => Math.random(),
    visible: () => document.visibilityState === 'visible',
    onWake: (listener) =>
      onWake(() => {
        records.retry()
        listener()
      }),
    onHide,
    onActivity(listener) {
      const offs = [onActivity(events, listener), onReports(frames, listener)]
      return () => {
        for (const off of offs) off()
      }
    },
    abortable() {
      const controller = new AbortController()
      return { signal: controller.signal, abort: () => controller.abort() }
    },
    ...createTabs(`stillhere:${name}`, records),
    ...createStorage(storage, name),
    readRecord: () => records.read(name),
    updateRecord: (change) => records.update(name, change),
    warn: (message) => console.warn(message),
    report: (error) => reportError(error),
  }
}
