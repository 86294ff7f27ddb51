import { useSyncExternalStore } from 'react'

let said = ''
const listeners = new Set<() => void>()

/** Tells in a line what a switch has done. */
export function say(text: string): void {
  said = text
  for (const listener of listeners) listener()
}

/** What was told last. */
export const useSaid = (): string =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => said,
  )
