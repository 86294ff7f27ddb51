import { lazy, type RefObject, Suspense, useSyncExternalStore } from 'react'
import { Facts } from './Facts.tsx'
import { session } from './session.ts'
import { Tabs } from './Tabs.tsx'
import { TryIt } from './TryIt.tsx'

const SessionPanel = lazy(() => import('./Timeline.tsx'))

const WIDE = matchMedia('(width >= 68rem)')

/** Whether there is room for the session beside the console. */
export const useIsWide = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      WIDE.addEventListener('change', listener)
      return () => WIDE.removeEventListener('change', listener)
    },
    () => WIDE.matches,
  )

const timeline = (
  <Suspense fallback={<p className="quiet">Loading …</p>}>
    <SessionPanel session={session} />
  </Suspense>
)

const parts = (
  <>
    <Facts />
    <Tabs
      label="Session"
      tabs={[
        { label: 'Timeline', content: timeline },
        { label: 'Try it', content: <TryIt /> },
      ]}
    />
  </>
)

/** The session, beside the console or, where there is no room, in a drawer over it. */
export function SessionAside({ drawer, isWide }: { drawer: RefObject<HTMLDialogElement | null>; isWide: boolean }) {
  if (isWide) {
    return (
      <aside className="session" aria-labelledby="session-title">
        <h2 id="session-title">Session</h2>
        {parts}
      </aside>
    )
  }
  return (
    <dialog ref={drawer} className="session" aria-labelledby="session-title" closedby="any">
      <div className="drawer-head">
        <h2 id="session-title">Session</h2>
        <button type="button" onClick={() => drawer.current?.close()}>
          Close
        </button>
      </div>
      {parts}
    </dialog>
  )
}
