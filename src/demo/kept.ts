// A page may be without storage: then nothing is kept, and all else works.

/** What this tab was told to keep, over a page that is loaded anew. */
export function readKept(name: string): string | null {
  try {
    return sessionStorage.getItem(`stillhere-demo ${name}`)
  } catch {
    return null
  }
}

/** Keeps a text for this tab; `null` forgets it. */
export function keep(name: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(`stillhere-demo ${name}`)
    else sessionStorage.setItem(`stillhere-demo ${name}`, text)
  } catch {
    // Nothing is kept.
  }
}
