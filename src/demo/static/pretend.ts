import { createMockBackend } from '../../mock/index.ts'
import { databaseStore, openDatabase, sweep } from './database.ts'
import { createTold, type Told } from './told.ts'

/** Left alone for longer, it begins anew: who comes back another day meets no fault that they have forgotten. */
const FORGETS_AFTER = 60 * 60_000

/** The passwords are on the page, and telephones hash slowly. */
const pbkdf2Iterations = 10_000

/** A server within this page or worker. */
export interface PretendServer {
  answer(request: Request): Promise<Response>
  /** Whether sessions outlive it. */
  readonly keeps: boolean
}

/**
 * The mock backend within this page or worker. With IndexedDB it is one of any number of instances of one server: sessions,
 * keys, the clock and lasting faults are the same in all of them, and outlive them all.
 */
export async function openPretendServer(): Promise<PretendServer> {
  const database = await openDatabase()
  if (!database) return { answer: createMockBackend({ pbkdf2Iterations }).fetch, keeps: false }

  const told = createTold(database)
  // How far ahead the clock is by what all instances were told, and how far this one's mock has moved it by itself: ms.
  let ahead = 0
  let own = 0
  let version = ''
  const store = databaseStore(database, () => Date.now() + ahead)
  const backend = createMockBackend({ now: () => Date.now() + ahead - own, store, pbkdf2Iterations })
  if ((await told.silence()) > FORGETS_AFTER) await store.clear()
  else await sweep(database)

  function follow({ version: newer, ahead: now }: Told): boolean {
    const isNews = newer !== version
    version = newer
    ahead = now
    return isNews
  }

  /** Has all instances, later ones too, do what this one was just told; a fault for the next so many requests is its own. */
  async function passOn(order: string, request: Request): Promise<void> {
    if (order === 'reset') own = ahead = 0
    const by = order === 'clock' ? (await request.json()).advance : 0
    const next = await told.tell(
      by,
      backend.faults().filter(({ times }) => times === undefined),
    )
    own += by
    follow(next)
  }

  return {
    keeps: true,
    async answer(request) {
      const now = await told.read()
      if (follow(now)) backend.setFaults(now.faults)
      const order = request.method === 'POST' && /^\/__stillhere\/(.+)/.exec(new URL(request.url).pathname)?.[1]
      if (!order) return backend.fetch(request)
      const spare = request.clone()
      const response = await backend.fetch(request)
      if (response.ok) await passOn(order, spare)
      return response
    },
  }
}
