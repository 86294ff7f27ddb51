import { createStore, get, type UseStore, update } from 'idb-keyval'
import { wakeAt } from './clock.ts'

/** A browser that does not answer within twice this time counts as one without IndexedDB, for a while. */
const PATIENCE = 500
const WITHOUT = 10_000

/** What all tabs of this origin share, in IndexedDB: the one store whose transactions reach every process in order. */
export function createRecords() {
  let store: UseStore | undefined
  let withoutUntil = 0

  function open(): UseStore {
    const opened = createStore('stillhere', 'records')
    return (mode, work) =>
      opened(mode, (records) => {
        const { db } = records.transaction
        // Someone deletes or upgrades the database: whoever opens it anew, in any tab, would wait for this connection.
        db.onversionchange = () => {
          db.close()
          store = undefined
        }
        return work(records)
      })
  }

  // What answers after all would stay open for nobody.
  const closeLate = async (late?: UseStore) => late?.('readonly', ({ transaction }) => transaction.db.close())

  /** The result, or `undefined` where the browser throws, refuses or does not answer. */
  function bounded<T>(work: (store: UseStore) => Promise<T>): Promise<T | undefined> {
    if (Date.now() < withoutUntil) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const giveUp = () => {
        withoutUntil = Date.now() + WITHOUT
        closeLate(store).catch(() => {})
        store = undefined
        resolve(undefined)
      }
      // In two halves: a sleep may eat the first, and must not pass for a browser that does not answer.
      let stop = wakeAt(Date.now() + PATIENCE, () => {
        stop = wakeAt(Date.now() + PATIENCE, giveUp)
      })
      const done = (result: T | undefined) => {
        stop()
        resolve(result)
      }
      try {
        store ??= open()
        work(store).then(done, () => {
          stop()
          giveUp()
        })
      } catch {
        stop()
        giveUp()
      }
    })
  }

  return {
    /** The page was away: what did not answer before may answer now. */
    retry: (): void => {
      withoutUntil = 0
    },

    /** `null` where nothing is stored, `undefined` where nothing can be. */
    read: (key: string): Promise<unknown> => bounded(async (store) => (await get(key, store)) ?? null),

    /** Changes a value in one transaction, and returns it as it then is. */
    update: (key: string, change: (value: unknown) => unknown): Promise<unknown> =>
      bounded(async (store) => {
        let next: unknown
        await update(
          key,
          (value) => {
            next = change(value ?? null)
            return next
          },
          store,
        )
        return next
      }),
  }
}

export type Records = ReturnType<typeof createRecords>
