import { useEffect } from 'react'

/** Puts something before the page's title while mounted, and then puts back what was there. `null` shows nothing. */
export function useTitle(text: string | null): void {
  useEffect(() => {
    if (text === null) return
    const before = document.title
    document.title = before ? `${text} – ${before}` : text
    // As the browser has it: spaces come out as one.
    const title = document.title
    return () => {
      // Out of what the host has made of it meanwhile, such as a count before it; of another title nothing is taken.
      if (document.title.includes(title)) document.title = document.title.replace(title, () => before)
    }
  }, [text])
}
