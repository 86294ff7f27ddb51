import { useSyncExternalStore } from 'react'
import { useSession } from '../react/index.ts'
import { ItemList } from './ItemList.tsx'
import { ItemTable } from './ItemTable.tsx'
import { NoteForm } from './NoteForm.tsx'
import { SessionPanel } from './SessionPanel.tsx'
import { session, system } from './session.ts'
import { useData } from './useData.ts'

const onHash = (listener: () => void) => {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

/** What `#/feed/200` names. */
const useSelected = (): string | undefined =>
  useSyncExternalStore(onHash, () => new RegExp(`^#/${system.noun}/(.+)`).exec(location.hash)?.[1])

/** The admin console: what only a signed-in person sees. It looks for news every 15 seconds, as consoles do. */
export function Console() {
  const user = useSession((state) => state.user)
  const claims = useSession((state) => state.claims)
  const { data, error } = useData(system.list.path(claims), system.list.items, 15_000)
  const id = useSelected() ?? data?.[0]?.id
  return (
    <div className="console">
      <header className="bar">
        <p className="brand">{system.desk}</p>
        <p className="who">{user?.name}</p>
        <button type="button" onClick={session.signOut}>
          Sign out
        </button>
      </header>
      <div className="columns">
        <ItemList items={data} error={error} selected={id} />
        <main className="work" tabIndex={-1}>
          {id && (
            <>
              <ItemTable id={id} key={id} />
              <NoteForm about={`${system.noun} ${id.slice(-12)}`} key={`note ${id}`} />
            </>
          )}
        </main>
        <SessionPanel />
      </div>
    </div>
  )
}
