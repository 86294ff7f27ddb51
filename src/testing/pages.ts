import type { Question } from '../core/types.ts'

export interface Siblings {
  readonly messages: Set<(message: unknown) => void>
  readonly answers: Set<(question: Question) => string | null>
}

export type Pages = ReturnType<typeof createPages>

/** The tabs that are open, and which of them are put away: nothing of those runs. */
export function createPages() {
  const tabs = new Map<symbol, Siblings>()
  // What waits for a page that is put away.
  const frozen = new Map<symbol, (() => void)[]>()
  // Of those, the ones that hear nothing until they are back.
  const deaf = new Set<symbol>()

  /** Runs something that comes from outside, once this tab may run again; never, if it is gone. */
  function when(tab: symbol, work: () => void): void {
    const parked = frozen.get(tab)
    if (parked) parked.push(work)
    else if (tabs.has(tab)) work()
  }

  return {
    tabs,
    when,
    isOpen: (tab: symbol): boolean => tabs.has(tab),
    isFrozen: (tab: symbol): boolean => frozen.has(tab),
    /** As `when`, but what is said to a deaf page is lost. */
    hear(tab: symbol, work: () => void): void {
      if (!deaf.has(tab)) when(tab, work)
    },
    freeze(tab: symbol): void {
      frozen.set(tab, [])
    },
    deafen(tab: symbol): void {
      deaf.add(tab)
    },
    /** It may run again; returns what waits for it. */
    thaw(tab: symbol): (() => void)[] {
      const parked = frozen.get(tab) ?? []
      deaf.delete(tab)
      frozen.delete(tab)
      return parked
    },
    close(tab: symbol): void {
      tabs.delete(tab)
      frozen.set(tab, [])
    },
  }
}
