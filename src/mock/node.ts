import { getRequestListener, RequestError } from '@hono/node-server'
import { isControlPath } from './control.ts'
import { isLoopbackAddress } from './loopback.ts'
import type { MockBackend } from './options.ts'
import { jsonRefusal, nothingHere } from './problem.ts'

/**
 * Serves a backend as a listener of a Node HTTP server; where `fetch` rejects, the connection is closed without an answer,
 * and the control endpoint is there for connections from this machine alone, whatever their headers say.
 */
export function createNodeListener(backend: Pick<MockBackend, 'fetch'>) {
  return getRequestListener(
    (request, { incoming }) => {
      const isNear = isLoopbackAddress(incoming.socket.remoteAddress)
      if (!isNear && isControlPath(new URL(request.url).pathname)) return jsonRefusal(nothingHere())
      return backend.fetch(request).catch((error) => {
        // A stream of HTTP/2 is closed alone: its socket carries the others too.
        if ('stream' in incoming) incoming.stream.close()
        else incoming.socket.destroy()
        throw error
      })
    },
    {
      overrideGlobalObjects: false,
      errorHandler: (error) => (error instanceof RequestError ? new Response(null, { status: 400 }) : undefined),
    },
  )
}
