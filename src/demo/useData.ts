import { useEffect, useState } from 'react'
import { SessionOverError } from '../index.ts'
import { session } from './session.ts'

export interface Loaded<T> {
  readonly data: T | null
  readonly error: string | null
}

/** Loads through `session.fetch` what `read` makes of the answer, and again every `pollEvery` ms: polling never keeps anyone signed in. */
export function useData<T>(path: string, read: (body: never) => T, pollEvery?: number): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ data: null, error: null })

  // biome-ignore lint/correctness/useExhaustiveDependencies: how an answer is read belongs to its path.
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    let isLoading = false
    const load = async () => {
      if (isLoading) return
      isLoading = true
      try {
        const response = await session.fetch(path, { signal })
        if (!response.ok) throw new Error(`The server answered ${response.status}.`)
        const data = read((await response.json()) as never)
        if (!signal.aborted) setLoaded({ data, error: null })
      } catch (error) {
        if (signal.aborted || error instanceof SessionOverError) return
        setLoaded((before) => ({
          ...before,
          error: error instanceof TypeError ? 'The server can not be reached.' : (error as Error).message,
        }))
      } finally {
        isLoading = false
      }
    }
    void load()
    const timer = pollEvery && setInterval(load, pollEvery)
    return () => {
      controller.abort()
      if (timer) clearInterval(timer)
    }
  }, [path, pollEvery])

  return loaded
}
