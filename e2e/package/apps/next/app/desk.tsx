'use client'
import { useEffect, useState } from 'react'
import { useSession } from 'stillhere/react'
import { session } from '../session'

interface Feed {
  readonly id: number
  readonly name: string
}

export function Desk() {
  const name = useSession((state) => state.user?.name)
  const [feeds, setFeeds] = useState<readonly Feed[]>([])

  useEffect(() => {
    const controller = new AbortController()
    session
      .fetch('/api/feeds/', { signal: controller.signal })
      .then((response) => (response.ok ? response.json() : { data: [] }))
      .then(({ data }) => setFeeds(data))
      // Over, or aborted: whoever signs in next asks again.
      .catch(() => {})
    return () => controller.abort()
  }, [])

  return (
    <main>
      <h1>Feeds of {name}</h1>
      <ul>
        {feeds.map(({ id, name }) => (
          <li key={id}>{name}</li>
        ))}
      </ul>
      <button type="button" onClick={() => session.signOut()}>
        Sign out
      </button>
    </main>
  )
}
