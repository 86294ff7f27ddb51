import { useData } from './useData.ts'

interface Block {
  readonly id: number
  readonly file_name: string
  readonly content_type: string
  readonly size: number
  readonly created_at: string
}

const size = (bytes: number) =>
  new Intl.NumberFormat('en', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 }).format(bytes / 1_000)
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** What one feed has given out: the call of the system's own document. */
export function ContentBlocks({ feedId }: { feedId: number }) {
  const { data, error } = useData<Block>(`/api/feeds/downloads/${feedId}`)
  return (
    <section aria-labelledby="blocks-title">
      <h1 id="blocks-title">Content blocks of feed {feedId}</h1>
      {error && <p role="alert">{error}</p>}
      {!data && !error && <p className="quiet">Loading …</p>}
      {data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className="scroll" tabIndex={0} aria-label="Content blocks, scrolls sideways">
          <table>
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">Type</th>
                <th scope="col" className="number">
                  Size
                </th>
                <th scope="col">Created</th>
              </tr>
            </thead>
            <tbody>
              {data.map((block) => (
                <tr key={block.id}>
                  <th scope="row">{block.file_name}</th>
                  <td>{block.content_type}</td>
                  <td className="number">{size(block.size)}</td>
                  <td>{moment.format(new Date(block.created_at))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}
