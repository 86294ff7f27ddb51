import { createServer, type ServerOptions } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createNodeListener } from './node.ts'
import type { MockBackend } from './options.ts'

/** A backend that listens. */
export type Serving = {
  /** Its address, `http://127.0.0.1:4000`. */
  url: string
  /** Stops listening, finishes what is under way for at most so many milliseconds, then cuts it off. */
  stop: (graceMs: number) => Promise<void>
}

/** How long a slow client may take, in milliseconds: Node's own limits for headers and bodies, and how long nothing at all may pass. */
export type Patience = Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'connectionsCheckingInterval'> & {
  silence?: number
}

// Longer than any latency on demand: what is cut off then is a client that does not read its answer.
const SILENCE_MS = 900_000

// Node takes on as many requests of a connection as it is sent while none is answered yet; browsers send one at a time.
const MAX_PIPELINED = 100

/** Serves a backend over HTTP, in a process that does nothing else; rejects with the error of `listen`, such as EADDRINUSE. */
export async function serve(
  backend: MockBackend,
  host: string,
  port: number,
  { silence = SILENCE_MS, ...patience }: Patience = {},
): Promise<Serving> {
  const listener = createNodeListener(backend, { overrideGlobalObjects: true })
  const waiting = new WeakMap<Socket, number>()
  const server = createServer(patience, (request, response) => {
    const { socket } = request
    const count = (change: number) => waiting.set(socket, (waiting.get(socket) ?? 0) + change).get(socket)!
    response.on('close', () => count(-1))
    if (count(1) > MAX_PIPELINED) socket.destroy()
    else void listener(request, response)
  })
  server.timeout = silence
  let stopping = false
  // A connection kept alive would otherwise keep a server that stops until it falls idle by itself.
  server.on('request', (_, response) => response.on('close', () => stopping && server.closeIdleConnections()))

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address

  return {
    url: `http://${name}:${address.port}`,
    stop(graceMs) {
      stopping = true
      return new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      })
    },
  }
}
