import { useEffect, useState } from 'react'
import { useSession } from 'stillhere/react'
import { session } from './session.ts'

interface Order {
  readonly id: number
  readonly status: string
}

export function Desk() {
  const name = useSession((state) => state.user?.name)
  const [orders, setOrders] = useState<readonly Order[]>([])

  useEffect(() => {
    const controller = new AbortController()
    session
      .fetch('/rest/orders', { signal: controller.signal })
      .then((response) => (response.ok ? response.json() : { data: [] }))
      .then(({ data }) => setOrders(data))
      // Over, or aborted: whoever signs in next asks again.
      .catch(() => {})
    return () => controller.abort()
  }, [])

  return (
    <main>
      <h1>Orders for {name}</h1>
      <ul>
        {orders.map(({ id, status }) => (
          <li key={id}>
            Order {id}, {status}
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => session.signOut()}>
        Sign out
      </button>
    </main>
  )
}
