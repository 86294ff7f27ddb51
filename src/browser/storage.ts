import type { Platform } from '../core/types.ts'

/** Where the token rests between page loads; a host's own two functions get a text with the token in it, or `null` to forget it. */
export type Storage =
  | 'session'
  | 'local'
  | 'memory'
  | {
      /** The text last saved, or `null`. */
      load(): string | null | Promise<string | null>
      /** Keeps a text until the next; `null` forgets it. */
      save(text: string | null): void
    }

/** This tab's own store. Storage that is missing, full or forbidden is as good as none: nothing here throws. */
export function createStorage(storage: Storage, name: string): Pick<Platform, 'load' | 'save' | 'clear'> {
  const key = `stillhere:${name}`
  const web = (): globalThis.Storage => (storage === 'local' ? localStorage : sessionStorage)
  // A copy in memory: also what a later `clear` compares with.
  let kept: string | null = null

  function attempt<T>(work: () => T): T | null {
    try {
      return work()
    } catch {
      return null
    }
  }
  const isWeb = storage === 'session' || storage === 'local'
  const own = typeof storage === 'object' ? storage : null
  const remember = (text: string | null) => {
    kept = text
    return text
  }

  return {
    load() {
      if (isWeb) return attempt(() => web().getItem(key))
      const text = own ? attempt(() => own.load()) : kept
      return text instanceof Promise ? text.then(remember, () => null) : remember(text)
    },
    save(text) {
      kept = text
      attempt(() => (isWeb ? web().setItem(key, text) : own?.save(text)))
    },
    clear(sessionId) {
      const isOf = (text: string | null) => !!text?.includes(`"${sessionId}"`)
      // What lies in localStorage may by now be of a newer session, signed in by another tab.
      if (isWeb) attempt(() => isOf(web().getItem(key)) && web().removeItem(key))
      else if (isOf(kept)) attempt(() => own?.save(remember(null)))
      if (isOf(kept)) kept = null
    },
  }
}
