import autocannon from 'autocannon'

export interface Load {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** How many requests. */
  readonly amount: number
  readonly connections: number
  readonly token?: string
  /** What each request is to be, by its number. */
  readonly each?: (i: number) => { readonly token?: string; readonly body?: unknown }
  readonly onBody?: (body: string) => void
}

const headersOf = (token?: string) => ({
  'content-type': 'application/json',
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
})

/** Sends requests, some at once on connections kept alive, and gives how long they took in ms; throws unless all succeed. */
export async function send(url: string, { method, path, amount, connections, token, each, onBody }: Load) {
  let count = 0
  const setupRequest = (request: autocannon.Request) => {
    const { token: own = token, body } = each!(count++)
    return { ...request, headers: headersOf(own), ...(body !== undefined && { body: JSON.stringify(body) }) }
  }
  const start = performance.now()
  let end = start
  const options: autocannon.Options = {
    url,
    amount,
    connections,
    // It looks no more often than this whether all have come.
    sampleInt: 20,
    requests: [
      {
        method,
        path,
        headers: headersOf(token),
        ...(each && { setupRequest }),
        ...(onBody && { onResponse: (_, body) => onBody(body) }),
      },
    ],
  }
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    autocannon(options, (error, result) => (error ? reject(error) : resolve(result))).on('response', () => {
      end = performance.now()
    })
  })
  const { '2xx': succeeded, errors, timeouts, non2xx } = result
  if (succeeded !== amount)
    throw new Error(
      `${method} ${path}: ${succeeded} of ${amount} succeeded, ${non2xx} refused, ${errors + timeouts} lost`,
    )
  return end - start
}
