import type { Platform, Question } from '../core/types.ts'
import { wakeAt } from './clock.ts'
import { createLeases } from './lease.ts'
import type { Records } from './record.ts'

/** No tab holds a turn longer, even where the request it holds it for hangs. */
const HOLD = 10_000
const ANSWER = 1_000

type Tabs = Pick<Platform, 'post' | 'onMessage' | 'ask' | 'onAsk' | 'exclusive' | 'dispose'>

interface Asked {
  readonly ask: Question
  readonly reply: string
}

/** An unguessable id; `crypto.randomUUID` is missing on plain http. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The other tabs of this origin: a channel to speak on, and turns to take. */
export function createTabs(name: string, records: Records): Tabs {
  const heard = new Set<(message: unknown) => void>()
  const waiting = new Set<AbortController>()
  const asking = new Set<() => void>()
  let disposed = false
  const leased = createLeases({
    now: () => Date.now(),
    wakeAt,
    id: randomId,
    update: records.update,
    isOver: () => disposed,
  })
  let channel: BroadcastChannel | null = null
  let away: AbortController | null = null

  function open(): BroadcastChannel | null {
    try {
      channel ??= new BroadcastChannel(name)
      channel.onmessage = ({ data }) => {
        for (const listener of heard) listener(data)
      }
    } catch {
      // No channel here: the record tells what the messages would have told.
    }
    return channel
  }

  function close(): void {
    channel?.close()
    channel = null
  }

  function listen(listener: (message: unknown) => void): () => void {
    heard.add(listener)
    open()
    if (!away) {
      // An open channel keeps a page out of the back-forward cache, or throws it out.
      away = new AbortController()
      const { signal } = away
      addEventListener('pagehide', close, { signal })
      addEventListener('pageshow', open, { signal })
    }
    return () => {
      heard.delete(listener)
      if (!heard.size) stop()
    }
  }

  function stop(): void {
    close()
    away?.abort()
    away = null
  }

  function post(message: unknown): void {
    // Speaking opens no lasting channel: only listening does.
    const isListening = channel !== null
    open()?.postMessage(message)
    if (!isListening) close()
  }

  return {
    post,
    onMessage: listen,

    ask: (question) =>
      new Promise((resolve) => {
        let replies: BroadcastChannel | undefined
        const done = (answer: string | null) => {
          asking.delete(giveUp)
          cancel()
          replies?.close()
          resolve(answer)
        }
        const giveUp = () => done(null)
        const cancel = wakeAt(Date.now() + ANSWER, giveUp)
        asking.add(giveUp)
        try {
          const reply = `${name}/${randomId()}`
          // Of its own, so that what a sibling answers is not read to everyone.
          replies = new BroadcastChannel(reply)
          replies.onmessage = ({ data }) => {
            if (typeof data === 'string') done(data)
          }
          post({ ask: question, reply } satisfies Asked)
        } catch {
          done(null)
        }
      }),
    onAsk: (answer) =>
      listen((message) => {
        const { ask, reply } = (message ?? {}) as Partial<Asked>
        if (!ask || typeof reply !== 'string' || !reply.startsWith(`${name}/`)) return
        const text = answer(ask)
        if (text === null) return
        const replies = new BroadcastChannel(reply)
        replies.postMessage(text)
        replies.close()
      }),

    exclusive(turn, patience, work) {
      const key = `${name}:${turn}`
      if (!navigator.locks) return leased(key, patience, work)
      return new Promise((resolve, reject) => {
        const controller = new AbortController()
        const { signal } = controller
        const cancel = wakeAt(Date.now() + patience, () => controller.abort())
        waiting.add(controller)
        const begin = (): Promise<unknown> => {
          cancel()
          waiting.delete(controller)
          const result = work()
          result.then(resolve, reject)
          return new Promise<void>((release) => {
            const letGo = wakeAt(Date.now() + HOLD, release)
            void result
              .catch(() => {})
              .then(() => {
                letGo()
                release()
              })
          })
        }
        navigator.locks.request(key, { signal }, begin).catch(() => {
          cancel()
          // Our own patience, or a page that may take no locks now, such as one that is being put away.
          if (signal.aborted) resolve(null)
          else if (waiting.has(controller)) void begin()
        })
      })
    },

    dispose() {
      disposed = true
      stop()
      for (const controller of waiting) controller.abort()
      for (const giveUp of asking) giveUp()
    },
  }
}
