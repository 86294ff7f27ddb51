import type { IncomingMessage } from 'node:http'
import type { Connect, Plugin, PreviewServer, ViteDevServer } from 'vite'
import { buildBackend, createMockBackend } from './backend.ts'
import { isControlPath } from './control.ts'
import { isLoopbackName } from './loopback.ts'
import { createNodeListener } from './node.ts'
import type { MockBackend, MockOptions } from './options.ts'
import { NOT_FOR_PRODUCTION } from './production.ts'
import { whoSignsIn } from './users.ts'

type Server = Pick<ViteDevServer | PreviewServer, 'middlewares' | 'config' | 'httpServer'>

// Vite listens on localhost where it is told no host, or not to be open.
const isLoopback = (host: string | boolean | undefined) =>
  host === undefined || host === false || (typeof host === 'string' && isLoopbackName(host))

/** Whether a request asks for a page, which is the app's to answer. */
function isNavigation({ method, headers }: IncomingMessage): boolean {
  if (headers['sec-fetch-mode'] === 'navigate') return true
  return method === 'GET' && headers.authorization === undefined && /\btext\/html\b/.test(headers.accept ?? '')
}

function middleware(backend: MockBackend): Connect.NextHandleFunction {
  const listener = createNodeListener(backend)
  return (request, response, next) => {
    const pathname = request.url?.split('?', 1)[0] ?? ''
    // A control endpoint that is switched off is 404 all the same: the app's page in its place would pass for an answer.
    const isOurs = isControlPath(pathname) || (!isNavigation(request) && backend.owns(pathname, request.method))
    if (!isOurs) return next()
    // Vite's own CORS ran first; on these paths the backend's allow-list alone decides who may read.
    response.removeHeader('Access-Control-Allow-Origin')
    void listener(request, response)
  }
}

const announcement = ({ users }: MockOptions) => `  Stillhere mock backend: ${whoSignsIn(users)}. ${NOT_FOR_PRODUCTION}`

/**
 * Serves the mock backend inside `vite` and `vite preview`, on the paths and methods it has routes for; a page that the
 * browser navigates to is the app's. Open to the network, there is no control endpoint unless `control` says so, and then
 * from this machine alone. Vite sets NODE_ENV=production for a preview by itself, so a preview that listens on loopback
 * only is not refused. Preflights are answered by Vite's own `server.cors`, which allows loopback origins: `origins` beyond
 * those are to be named there too. One-time PINs are printed by Vite's logger, unless `printOutbox` is given.
 */
export function stillhereMock(options: MockOptions = {}): Plugin {
  const completed = ({ config }: Server, host: string | boolean | undefined): MockOptions => ({
    printOutbox: (line) => config.logger.info(`  ${line}`),
    control: isLoopback(host),
    ...options,
  })
  function serve(server: Server, backend: MockBackend) {
    server.middlewares.use(middleware(backend))
    const announce = () => server.config.logger.info(announcement(options))
    if (server.httpServer) server.httpServer.once('listening', announce)
    else announce()
  }
  return {
    name: 'stillhere-mock',
    apply: 'serve',
    configureServer: (server) => serve(server, createMockBackend(completed(server, server.config.server.host))),
    configurePreviewServer(server) {
      const { host } = server.config.preview
      serve(server, (isLoopback(host) ? buildBackend : createMockBackend)(completed(server, host)))
    },
  }
}
