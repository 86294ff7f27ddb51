import { useSyncExternalStore } from 'react'
import { useSession } from '../react/index.ts'
import { ContentBlocks } from './ContentBlocks.tsx'
import { FeedList } from './FeedList.tsx'
import { NoteForm } from './NoteForm.tsx'
import { SessionPanel } from './SessionPanel.tsx'
import { session } from './session.ts'

const onHash = (listener: () => void) => {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

/** The feed that `#/feeds/200` names. */
const useFeedId = (): number =>
  useSyncExternalStore(onHash, () => Number(/^#\/feeds\/(\d+)/.exec(location.hash)?.[1] ?? 200))

/** The admin console: what only a signed-in person sees. */
export function Console() {
  const user = useSession((state) => state.user)
  const feedId = useFeedId()
  return (
    <div className="console">
      <header className="bar">
        <p className="brand">Threat desk</p>
        <p className="who">{user?.name}</p>
        <button type="button" onClick={session.signOut}>
          Sign out
        </button>
      </header>
      <div className="columns">
        <FeedList selected={feedId} />
        <main className="work" tabIndex={-1}>
          <ContentBlocks feedId={feedId} key={feedId} />
          <NoteForm feedId={feedId} key={`note ${feedId}`} />
        </main>
        <SessionPanel />
      </div>
    </div>
  )
}
