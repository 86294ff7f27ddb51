async function control(path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`/__stillhere/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-stillhere-mock': '1', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}.`)
  return response.status === 204 ? undefined : response.json()
}

/** Where the pretend server is: its requests, its control endpoint, and whether all tabs share it. */
export const server: {
  readonly fetch: typeof fetch
  control(path: string, body?: unknown): Promise<unknown>
  readonly shared: boolean | null
} = { fetch: (...call) => fetch(...call), control, shared: true }
