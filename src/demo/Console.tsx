import { type MouseEvent, useRef, useSyncExternalStore } from 'react'
import { useSession } from '../react/index.ts'
import { Brand } from './Brand.tsx'
import { Footer } from './Footer.tsx'
import { ItemList } from './ItemList.tsx'
import { ItemTable } from './ItemTable.tsx'
import { NoteForm } from './NoteForm.tsx'
import { SessionAside, useIsWide } from './SessionAside.tsx'
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
  const isWide = useIsWide()
  const work = useRef<HTMLElement>(null)
  const drawer = useRef<HTMLDialogElement>(null)

  function skip(event: MouseEvent): void {
    event.preventDefault()
    work.current!.focus()
  }
  return (
    <div className="console">
      {/* biome-ignore lint/a11y/useValidAnchor: it does go there; but the address says which entry is open. */}
      <a className="skip" href="#work" onClick={skip}>
        Skip to the content
      </a>
      <header className="bar">
        <Brand />
        <p className="who">{user?.name}</p>
        {!isWide && (
          <button type="button" aria-haspopup="dialog" onClick={() => drawer.current!.showModal()}>
            Session
          </button>
        )}
        <button type="button" onClick={session.signOut}>
          Sign out
        </button>
      </header>
      <div className="columns">
        <ItemList items={data} error={error} selected={id} />
        <main className="work" id="work" ref={work} tabIndex={-1}>
          {id && (
            <>
              <ItemTable id={id} key={id} />
              <NoteForm about={`${system.noun} ${id.slice(-12)}`} key={`note ${id}`} />
            </>
          )}
        </main>
        <SessionAside drawer={drawer} isWide={isWide} />
      </div>
      <Footer />
    </div>
  )
}
