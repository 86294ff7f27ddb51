import { getRequestListener, RequestError } from '@hono/node-server'
import { isControlPath } from './control.ts'
import { isLoopbackAddress } from './loopback.ts'
import type { MockBackend } from './options.ts'
import { jsonRefusal, nothingHere } from './problem.ts'

/**
 * Serves a backend as a listener of a Node HTTP server; where `fetch` rejects, the connection is closed without an answer,
 * and the control endpoint is there for connections from this machine alone, whatever their headers say. A process that does
 * nothing else may have Request and Response overridden with lighter ones.
 */
export function createNodeListener(backend: Pick<MockBackend, 'fetch'>, { overrideGlobalObjects = false } = {}) {
  return getRequestListener(
    (request, { incoming }) => {
      const isNear = isLoopbackAddress(incoming.socket.remoteAddress)
      if (!isNear && isControlPath(new URL(request.url).pathname)) return jsonRefusal(nothingHere())
      // Where the connection is gone nobody waits for an answer: to watch for that would be a fifth of all that a request costs.
      Object.defineProperty(request, 'signal', { value: null })
      return backend.fetch(request).catch((error) => {
        // A stream of HTTP/2 is closed alone: its socket carries the others too.
        if ('stream' in incoming) incoming.stream.close()
        else incoming.socket.destroy()
        throw error
      })
    },
    {
      overrideGlobalObjects,
      errorHandler: (error) => (error instanceof RequestError ? new Response(null, { status: 400 }) : undefined),
    },
  )
}
