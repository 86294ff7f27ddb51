import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createNodeListener } from './node.ts'
import type { MockBackend } from './options.ts'

/** A backend that listens. */
export type Serving = {
  /** Its address, `http://127.0.0.1:4000`. */
  url: string
  /** Stops listening, finishes what is under way for at most so many milliseconds, then cuts it off. */
  stop: (graceMs: number) => Promise<void>
}

/** Serves a backend over HTTP; rejects with the error of `listen`, such as EADDRINUSE. */
export async function serve(backend: MockBackend, host: string, port: number): Promise<Serving> {
  const server = createServer(createNodeListener(backend))
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
