import type { Time } from './time.ts'

export type Network = ReturnType<typeof createNetwork>

/** The network of a pretend world, in which all servers are reached. */
export function createNetwork({ perform, now, wakeAt }: Time, owner: symbol) {
  const network = {
    /** Nobody is reached. */
    down: false,
    /** How long a request takes to reach its server, in ms. */
    latency: 0,
    /** Servers act, and their answers are lost. */
    loseAnswers: false,
  }
  const noAnswer = () => new TypeError('fetch failed')

  /** Calls after so many ms, whoever sleeps. */
  const after = (ms: number, work: () => void) => void wakeAt(owner, now() + ms, work)

  /** Has a server do something, if it can be reached; throws a `TypeError` as `fetch` does. */
  async function reach<T>(work: () => Promise<T>, signal?: { readonly aborted: boolean; readonly reason?: unknown }) {
    if (network.down) throw noAnswer()
    const { latency } = network
    if (latency) await new Promise<void>((resolve) => after(latency, resolve))
    if (signal?.aborted) throw signal.reason
    const answer = await work()
    if (network.loseAnswers || network.down) throw noAnswer()
    return answer
  }

  return {
    network,
    after,
    reach,
    /** Wraps a server's `fetch` in this network. */
    fetch:
      (server: (request: Request) => Promise<Response>): typeof fetch =>
      async (input, init) => {
        const request = new Request(input as Request, init)
        return reach(() => perform(() => server(request)), request.signal)
      },
  }
}
