import type { ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'

let root: Root | null = null

/** Renders into the page, in place of what was there. */
export function render(content: ReactNode): void {
  root?.unmount()
  const place = document.createElement('div')
  document.getElementById('root')!.replaceChildren(place)
  root = createRoot(place)
  root.render(content)
}

export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw Object.assign(new Error(`${path} answered ${response.status}`), { status: response.status })
  return response.json()
}
