import { get, set } from 'idb-keyval'
import { post, render } from './_page.tsx'

const KINDS = ['mousemove', 'pointermove', 'keydown']

/** The least that can tell that someone is here, at most once a second: one number compared an event. */
export function activity(): void {
  render(<p>Here</p>)
  let until = 0
  const hear = () => {
    const now = Date.now()
    if (now < until) return
    until = now + 1_000
    localStorage.setItem('active', String(now))
  }
  for (const kind of KINDS) document.addEventListener(kind, hear, { capture: true, passive: true })
}

interface Kept {
  readonly accessToken: string
  readonly refreshToken: string
  /** Epoch ms. */
  readonly expires: number
}

async function keep(granted: Promise<{ accessToken: string; refreshToken: string; expiresIn: number }>): Promise<Kept> {
  const { accessToken, refreshToken, expiresIn } = await granted
  const kept = { accessToken, refreshToken, expires: Date.now() + expiresIn }
  await set('kept', kept)
  return kept
}

/** The least that refreshes once for all tabs: one Web Lock around a look into IndexedDB and the request. */
export const refreshing = {
  signIn: async (): Promise<void> => {
    await keep(post('/api/login'))
  },
  request: async (): Promise<number> => {
    const kept = await navigator.locks.request('refresh', async () => {
      const kept = (await get<Kept>('kept'))!
      return kept.expires <= Date.now() ? keep(post('/api/refresh', { refreshToken: kept.refreshToken })) : kept
    })
    const response = await fetch('/api/items', { headers: { authorization: `Bearer ${kept.accessToken}` } })
    return response.status
  },
  isSignedIn: async (): Promise<boolean> => Date.now() < ((await get<Kept>('kept'))?.expires ?? 0),
}
