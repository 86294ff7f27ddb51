'use client'
import { type RefObject, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Snapshot } from './history.ts'
import { type Recordable, recordSession } from './recording.ts'

const never = () => () => {}

/** Whether an element is on the screen, in a page that is: what nobody sees need not be drawn. */
function useIsOnScreen(ref: RefObject<Element | null>): boolean {
  const isShown = useSyncExternalStore(
    onVisibility,
    () => !document.hidden,
    () => true,
  )
  const [isInView, setInView] = useState(true)
  useEffect(() => {
    if (!ref.current || typeof IntersectionObserver === 'undefined') return
    const observer = new IntersectionObserver((entries) => setInView(entries.at(-1)!.isIntersecting))
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [ref])
  return isShown && isInView
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}

/** What a session's recording knows, once a second and when something happens, while the element is on screen; `null` on a server. */
export function useSnapshot(session: Recordable, ref: RefObject<Element | null>): Snapshot | null {
  const recording = useMemo(() => recordSession(session), [session])
  const isOnScreen = useIsOnScreen(ref)
  return useSyncExternalStore<Snapshot | null>(isOnScreen ? recording.subscribe : never, recording.get, () => null)
}

/** How wide an element is, in px; a guess until that is known. */
export function useWidth(ref: RefObject<Element | null>): number {
  const [width, setWidth] = useState(480)
  useEffect(() => {
    if (!ref.current || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver((entries) => {
      const { inlineSize = 0 } = entries.at(-1)!.contentBoxSize[0] ?? {}
      if (inlineSize) setWidth(Math.floor(inlineSize))
    })
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [ref])
  return width
}
