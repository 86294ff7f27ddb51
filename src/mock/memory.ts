import type { Change, Store } from './store.ts'

type Entry = { value: unknown; until: number }

// Each write looks at more entries than it adds, so that old ones can not pile up, and no request pays for a whole sweep.
const SWEPT_PER_WRITE = 4

/** A store that is gone with its process. */
export type MemoryStore = Store & {
  /** How many entries it holds, those included whose time is over and which are not yet swept away. */
  size: () => number
}

/** A store in memory, whose times go by `now` in epoch milliseconds; several backends of one process may share it. */
export function memoryStore({ now = Date.now }: { now?: () => number } = {}): MemoryStore {
  const entries = new Map<string, Entry>()
  let cursor = entries.entries()

  function find(key: string): Entry | undefined {
    const entry = entries.get(key)
    return entry && entry.until > now() ? entry : undefined
  }

  function sweep() {
    for (let i = 0; i < SWEPT_PER_WRITE; i++) {
      const { done, value } = cursor.next()
      if (done) cursor = entries.entries()
      else if (value[1].until <= now()) entries.delete(value[0])
    }
  }

  return {
    async read<Value>(key: string) {
      return find(key)?.value as Value | undefined
    },
    async update<Value>(key: string, change: Change<Value>) {
      const next = change(find(key)?.value as Value | undefined)
      if (!next) return undefined
      entries.set(key, { value: next.value, until: now() + next.keepForMs })
      sweep()
      return next.value
    },
    async list<Value>(prefix: string) {
      const found: [string, Value][] = []
      for (const [key, { value, until }] of entries) {
        if (key.startsWith(prefix) && until > now()) found.push([key, value as Value])
      }
      return found
    },
    async clear() {
      entries.clear()
      cursor = entries.entries()
    },
    size: () => entries.size,
  }
}
