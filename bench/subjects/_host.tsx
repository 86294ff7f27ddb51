import { useEffect } from 'react'

const POLL_EVERY = 15_000
const ROWS = Array.from({ length: 200 }, (_, number) => number)

const counted = globalThis as unknown as { rowRenders: number }
counted.rowRenders = 0

function Row({ number }: { number: number }) {
  counted.rowRenders++
  return (
    <tr>
      <td>{number}</td>
      <td>Order {number}</td>
      <td>{number * 3} pieces</td>
    </tr>
  )
}

export const Rows = () => (
  <table id="rows">
    <tbody>
      {ROWS.map((number) => (
        <Row key={number} number={number} />
      ))}
    </tbody>
  </table>
)

export interface HostProps {
  /** A request of the app, made as the subject's users make one. */
  readonly load: (path: string) => Promise<Response>
}

/** An app as many are: a table, a search, a button that loads anew, and a poll for as long as it is there. */
export function Host({ load }: HostProps) {
  // What a request brings is no matter here, and one that fails is counted at the server.
  const reload = () =>
    load('/api/items')
      .then((response) => response.text())
      .catch(() => {})
  // biome-ignore lint/correctness/useExhaustiveDependencies: reload is load.
  useEffect(() => {
    const timer = setInterval(reload, POLL_EVERY)
    return () => clearInterval(timer)
  }, [load])
  return (
    <main id="protected">
      <button type="button" onClick={reload}>
        Load
      </button>
      <input aria-label="Search" />
      <Rows />
    </main>
  )
}
