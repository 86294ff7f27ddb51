import { useSyncExternalStore } from 'react'
import { languageOn } from './locale.ts'
import { useCarried } from './SessionProvider.tsx'

const never = () => () => {}

/** `lang` and `dir` for an element that holds labels, where they are in another language than the page. WCAG 3.1.2. */
export function useLanguage(): ReturnType<typeof languageOn> {
  const { locale } = useCarried().labels
  const page = useSyncExternalStore(
    never,
    () => document.documentElement.lang,
    // A server knows of no page: nothing is said until there is one.
    () => locale,
  )
  return languageOn(page, locale)
}
