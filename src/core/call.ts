import { AuthError } from './errors.ts'
import type { Call, Platform } from './types.ts'

/** Time limits of one request, in ms. A refused sign-in may take 5 s; a refresh must leave its lock within 10 s. */
export const SIGN_IN = 20_000
export const REFRESH = 8_000
export const REVOKE = 10_000

export type Ask = ReturnType<typeof createCalls>['ask']

/** The calls to the backend: none takes longer than its limit, even where the adapter does not listen. */
export function createCalls(platform: Platform) {
  const open = new Set<() => void>()
  let closed = false

  return {
    /** Rejects with an `AuthError`, whatever the adapter throws; an answer that comes too late goes to `late`. */
    ask: <T>(limit: number, request: (call: Call) => Promise<T>, late?: (answer: T) => void): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        if (closed) throw new AuthError('unreachable', 'Nothing is sent any more: the session was disposed of')
        const departedAt = platform.now()
        const { signal, abort } = platform.abortable()
        let isLate = false
        const giveUp = () => {
          isLate = true
          abort()
          reject(new AuthError('unreachable', `No answer within ${limit / 1_000} s`))
        }
        const stop = platform.wakeAt(departedAt + limit, giveUp)
        open.add(giveUp)
        const send = async () => request({ departedAt, signal })
        send()
          .then(
            (answer) => (isLate ? late?.(answer) : resolve(answer)),
            // Its text stays out of ours: it may quote what it was given.
            (cause) =>
              reject(
                cause instanceof AuthError
                  ? cause
                  : new AuthError('malformed', `The adapter failed: ${cause?.name}`, { cause }),
              ),
          )
          .finally(() => {
            stop()
            open.delete(giveUp)
          })
      }),
    /** Breaks off every call under way. */
    dispose: () => {
      closed = true
      for (const giveUp of open) giveUp()
    },
  }
}
