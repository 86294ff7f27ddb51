import { clear, createStore, delMany, entries, get, type UseStore, update } from 'idb-keyval'
import { type Store, StoreUnavailable } from '../../mock/index.ts'

interface Entry {
  readonly value: unknown
  /** Epoch ms. */
  readonly until: number
}

/** A browser that does not open it within this time counts as one without IndexedDB: ms. */
const PATIENCE = 2_000

/** The pretend server's database, in IndexedDB; `null` where there is none. */
export async function openDatabase(): Promise<UseStore | null> {
  try {
    const database = createStore('stillhere-demo-server', 'entries')
    const late = new Promise<never>((_, reject) => setTimeout(reject, PATIENCE))
    await Promise.race([get('', database), late])
    return database
  } catch {
    return null
  }
}

/** What the mock keeps, for all its instances in this browser, whose clock is `now`: a reload of the page is no end to it. */
export function databaseStore(database: UseStore, now: () => number): Store {
  const fresh = (entry: Entry | undefined) => (entry && entry.until > now() ? entry.value : undefined)
  const unavailable = (cause: unknown): never => {
    throw new StoreUnavailable(cause)
  }
  return {
    read: async <Value>(key: string) => fresh(await get<Entry>(key, database).catch(unavailable)) as Value | undefined,
    async update(key, change) {
      let next: ReturnType<typeof change>
      await update<Entry | undefined>(
        key,
        (entry) => {
          next = change(fresh(entry) as Parameters<typeof change>[0])
          return next ? { value: next.value, until: now() + next.keepForMs } : entry
        },
        database,
      ).catch(unavailable)
      return next?.value
    },
    async list<Value>(prefix: string) {
      const all = await entries<string, Entry>(database).catch(unavailable)
      return all
        .filter(([key, entry]) => key.startsWith(prefix) && fresh(entry) !== undefined)
        .map(([key, entry]) => [key, entry.value as Value] as [string, Value])
    },
    clear: () => clear(database).catch(unavailable),
  }
}

/** Deletes what is over by any clock: nobody else does. */
export async function sweep(database: UseStore): Promise<void> {
  const all = await entries<string, Partial<Entry> | undefined>(database)
  const isOver = (entry: Partial<Entry> | undefined) => !entry || (entry.until ?? Infinity) < Date.now()
  await delMany(
    all.filter(([, entry]) => isOver(entry)).map(([key]) => key),
    database,
  )
}
