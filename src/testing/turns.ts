/** How long a browser tab holds a turn at the most, in ms. */
const HOLD = 10_000

interface Turn {
  readonly tab: symbol
  begin(): void
  /** Gives up waiting. */
  abandon(): void
}

type WakeIn = (tab: symbol, ms: number, wake: () => void) => () => void

/** Turns that tabs take, as Web Locks give them: first come, first served. */
export function createTurns(wakeIn: WakeIn, carry: (deliver: () => void) => void) {
  const queues = new Map<string, Turn[]>()
  const queueOf = (name: string) => queues.get(name) ?? []

  function call(name: string): void {
    const first = queueOf(name)[0]
    if (!first) return
    carry(() => {
      if (queueOf(name)[0] === first) first.begin()
    })
  }

  function leave(name: string, turn: Turn): void {
    const queue = queueOf(name)
    queues.set(
      name,
      queue.filter((other) => other !== turn),
    )
    if (queue[0] === turn) call(name)
  }

  return {
    count: () => [...queues.values()].reduce((n, queue) => n + queue.length, 0),

    exclusive: <T>(tab: symbol, name: string, patience: number, work: () => Promise<T>): Promise<T | null> =>
      new Promise((resolve, reject) => {
        let hasBegun = false
        const turn: Turn = {
          tab,
          begin() {
            if (hasBegun) return
            hasBegun = true
            giveUp()
            const release = () => leave(name, turn)
            const letGo = wakeIn(tab, HOLD, release)
            work()
              .then(resolve, reject)
              .finally(() => {
                letGo()
                release()
              })
          },
          abandon() {
            if (hasBegun) return
            giveUp()
            leave(name, turn)
            resolve(null)
          },
        }
        const giveUp = wakeIn(tab, patience, turn.abandon)
        const isFirst = !queueOf(name).length
        queues.set(name, [...queueOf(name), turn])
        if (isFirst) call(name)
      }),

    /** A tab is gone: its turns are free. */
    leaveAll(tab: symbol): void {
      for (const [name, queue] of queues) for (const turn of queue) if (turn.tab === tab) leave(name, turn)
    },
    /** A tab waits for no turn any more; one that it has, it keeps until its work is done. */
    abandonAll(tab: symbol): void {
      for (const queue of queues.values()) for (const turn of queue) if (turn.tab === tab) turn.abandon()
    },
  }
}
