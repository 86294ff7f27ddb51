/** A promise that rejects with the signal's reason as soon as it aborts, as `fetch` does, if there is one; what was begun goes on. */
export function abortable<T>(signal: AbortSignal | null, work: () => Promise<T>): Promise<T> {
  if (!signal) return work()
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
