import { useData } from './useData.ts'

interface Feed {
  readonly id: number
  readonly name: string
  readonly is_active: boolean
  readonly content_blocks: number
}

/** The outgoing feeds, looked at again every 15 seconds as consoles do. */
export function FeedList({ selected }: { selected: number }) {
  const { data, error } = useData<Feed>('/api/feeds/', 15_000)
  return (
    <nav className="feeds" aria-labelledby="feeds-title">
      <h2 id="feeds-title">Outgoing feeds</h2>
      {error && <p role="alert">{error}</p>}
      <ul aria-busy={!data}>
        {data?.map((feed) => (
          <li key={feed.id}>
            <a href={`#/feeds/${feed.id}`} aria-current={feed.id === selected ? 'page' : undefined}>
              <span>{feed.name}</span>
              <small>
                {feed.content_blocks} blocks{feed.is_active ? '' : ', paused'}
              </small>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
