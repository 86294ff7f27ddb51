import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'

/** One request, as a server got it. */
export interface Got {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

type Answer = (got: Got, response: ServerResponse, request: IncomingMessage) => unknown

/** A server on a port of its own, and so an origin of its own, that keeps all it gets. */
export async function listen(answer: Answer) {
  const got: Got[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    const one = { method, url, headers, body: await text(request) }
    got.push(one)
    await answer(one, response, request)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    /** All it got, as text to look for something in. */
    all: () => JSON.stringify(got),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** An answer that lets a page of any origin send what it likes and read all of it. */
export function welcome({ headers }: Got, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', headers.origin ?? '*')
  response.setHeader('access-control-allow-credentials', 'true')
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE')
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '*')
}

/** Passes a request on to another server, and its answer back. */
export const passOn =
  (target: string): Answer =>
  async ({ method, url, headers, body }, response) => {
    const onward = send(new URL(url, target), { method, headers })
    onward.end(body)
    try {
      const [answer] = (await once(onward, 'response')) as [IncomingMessage]
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    } catch {
      // No answer there is no answer here.
      response.destroy()
    }
  }

export const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const bundles = new Map<string, Promise<string>>()

/** What a module gives out, as one script that makes it global under a name. */
export function bundleOf(globalName: string, contents: string): Promise<string> {
  const found = bundles.get(contents)
  if (found) return found
  const made = build({
    stdin: { contents, resolveDir: new URL('..', import.meta.url).pathname },
    bundle: true,
    write: false,
    format: 'iife',
    globalName,
    define: { 'process.env.NODE_ENV': '"development"', 'import.meta.env': '{"MODE":"development"}' },
  }).then(({ outputFiles }) => outputFiles[0]!.text)
  bundles.set(contents, made)
  return made
}

/** The library as one script, which a page may use as `stillhere`. */
export const bundle = (): Promise<string> =>
  bundleOf(
    'stillhere',
    `export * from './src/index.ts'
    export * from './src/react/index.ts'
    export { createElement, StrictMode } from 'react'
    export { createRoot } from 'react-dom/client'
    export { createStore } from 'zustand/vanilla'
    export { devtools } from 'zustand/middleware'`,
  )
