import { useEffect, useState } from 'react'

interface Props {
  /** `fetch` with the token on. */
  readonly load: (path: string) => Promise<Response>
  readonly leave: () => unknown
}

/** A page of the host's app, the same before and after: it asks the server again every half minute, as consoles do. */
export function Orders({ load, leave }: Props) {
  const [count, setCount] = useState<number | null>(null)
  useEffect(() => {
    const look = async () => {
      const response = await load('/rest/orders').catch(() => null)
      if (response?.ok) setCount((await response.json()).data.length)
    }
    void look()
    const timer = setInterval(look, 30_000)
    return () => clearInterval(timer)
  }, [load])
  return (
    <main>
      <h1>{count === null ? 'Orders' : `${count} orders`}</h1>
      <button type="button" onClick={() => leave()}>
        Sign out
      </button>
    </main>
  )
}
