import { getRequestListener, RequestError } from '@hono/node-server'
import type { MockBackend } from './options.ts'

/** Serves a backend as a listener of a Node HTTP server; where `fetch` rejects, the connection is closed without an answer. */
export function createNodeListener(backend: Pick<MockBackend, 'fetch'>) {
  return getRequestListener(
    (request, { incoming }) =>
      backend.fetch(request).catch((error) => {
        // A stream of HTTP/2 is closed alone: its socket carries the others too.
        if ('stream' in incoming) incoming.stream.close()
        else incoming.socket.destroy()
        throw error
      }),
    {
      overrideGlobalObjects: false,
      errorHandler: (error) => (error instanceof RequestError ? new Response(null, { status: 400 }) : undefined),
    },
  )
}
