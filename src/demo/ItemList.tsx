import type { Item } from './desk.ts'
import { system } from './session.ts'

interface ItemListProps {
  readonly items: readonly Item[] | null
  readonly error: string | null
  readonly selected: string | undefined
}

/** What the console lists. */
export function ItemList({ items, error, selected }: ItemListProps) {
  return (
    <nav className="items" aria-labelledby="items-title">
      <h2 id="items-title">{system.list.title}</h2>
      {error && <p role="alert">{error}</p>}
      <ul aria-busy={!items}>
        {items?.map(({ id, name, note }) => (
          <li key={id}>
            <a href={`#/${system.noun}/${id}`} aria-current={id === selected ? 'page' : undefined}>
              <span>{name}</span>
              <small>{note}</small>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
