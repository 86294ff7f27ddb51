import { get, type UseStore, update } from 'idb-keyval'
import type { Faults } from '../../mock/index.ts'

/** What the control endpoint was told, for all instances of the server in this browser. */
export interface Told {
  /** Another one with each change. */
  readonly version: string
  /** How far the server's clock is ahead: ms. */
  readonly ahead: number
  readonly faults: readonly Faults[]
  /** When a request last came, within a minute: epoch ms. */
  readonly seenAt: number
}

const KEY = 'told'
const MINUTE = 60_000

const create = (): Told => ({ version: crypto.randomUUID(), ahead: 0, faults: [], seenAt: Date.now() })

/** What the server was told, beside what it keeps: a reset forgets both. */
export function createTold(database: UseStore) {
  async function write(change: (told: Told) => Told): Promise<Told> {
    let next = create()
    await update<Told>(KEY, (told) => (next = change(told ?? next)), database)
    return next
  }

  return {
    /** What it is told now; that it was asked for is noted. */
    async read(): Promise<Told> {
      const told = await get<Told>(KEY, database)
      if (told && Date.now() - told.seenAt < MINUTE) return told
      return write((now) => ({ ...now, seenAt: Date.now() }))
    },
    /** Tells all instances that the clock was moved by so many ms, or which faults there are. */
    tell: (by: number, faults: readonly Faults[]): Promise<Told> =>
      write(({ ahead }) => ({ ...create(), ahead: ahead + by, faults })),
    /** For how long no request has come: ms. */
    async silence(): Promise<number> {
      const told = await get<Told>(KEY, database)
      return told ? Date.now() - told.seenAt : 0
    },
  }
}
