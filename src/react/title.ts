import { useEffect } from 'react'

/** Shows a title for the page while mounted, and puts back the one that was there. `null` shows none. */
export function useTitle(title: string | null): void {
  useEffect(() => {
    if (title === null) return
    const before = document.title
    document.title = title
    return () => {
      // Unless the host has set another meanwhile.
      if (document.title === title) document.title = before
    }
  }, [title])
}
