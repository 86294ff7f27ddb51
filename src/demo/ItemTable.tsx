import { useSession } from '../react/index.ts'
import { system } from './session.ts'
import { useData } from './useData.ts'

/** What there is to see of one entry: a protected call of the system. */
export function ItemTable({ id }: { id: string }) {
  const claims = useSession((state) => state.claims)
  const { title, path, rows, columns } = system.table
  const { data, error } = useData(path(id, claims), (body) => rows(body, id))
  return (
    <section aria-labelledby="table-title">
      <h1 id="table-title">{title(id)}</h1>
      {error && <p role="alert">{error}</p>}
      {!data && !error && <p className="quiet">Loading …</p>}
      {data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className="scroll" tabIndex={0} aria-label={`${title(id)}, scrolls sideways`}>
          <table>
            <thead>
              <tr>
                {columns.map(({ head, isNumber }) => (
                  <th key={head} scope="col" className={isNumber ? 'number' : undefined}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.map((row) => (
                <tr key={JSON.stringify(row)}>
                  {columns.map(({ head, cell, isNumber }, column) =>
                    column === 0 ? (
                      <th key={head} scope="row">
                        {cell(row)}
                      </th>
                    ) : (
                      <td key={head} className={isNumber ? 'number' : undefined}>
                        {cell(row)}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}
