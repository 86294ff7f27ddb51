import { useEffect } from 'react'

/** Puts something before the page's title while mounted, and then puts back what was there. `null` shows nothing. */
export function useTitle(text: string | null): void {
  useEffect(() => {
    if (text === null) return
    const before = document.title
    const title = before ? `${text} – ${before}` : text
    document.title = title
    return () => {
      // Unless the host has set another meanwhile.
      if (document.title === title) document.title = before
    }
  }, [text])
}
