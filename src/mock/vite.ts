import type { Connect, Plugin, PreviewServer, ViteDevServer } from 'vite'
import { buildBackend, createMockBackend } from './backend.ts'
import { createNodeListener } from './node.ts'
import type { MockBackend, MockOptions } from './options.ts'
import { NOT_FOR_PRODUCTION } from './production.ts'
import { whoSignsIn } from './users.ts'

type Server = Pick<ViteDevServer | PreviewServer, 'middlewares' | 'config' | 'httpServer'>

const isLoopback = (host: string | boolean | undefined) =>
  !host || (typeof host === 'string' && ['localhost', '127.0.0.1', '::1'].includes(host))

function middleware(backend: MockBackend): Connect.NextHandleFunction {
  const listener = createNodeListener(backend)
  return (request, response, next) => {
    const pathname = request.url?.split('?', 1)[0] ?? ''
    if (!backend.owns(pathname)) return next()
    // Vite's own CORS ran first; on these paths the backend's allow-list alone decides who may read.
    response.removeHeader('Access-Control-Allow-Origin')
    void listener(request, response)
  }
}

const announcement = ({ users }: MockOptions) => `  Stillhere mock backend: ${whoSignsIn(users)}. ${NOT_FOR_PRODUCTION}`

/**
 * Serves the mock backend inside `vite` and `vite preview`, on the paths it has routes for. Vite sets NODE_ENV=production
 * for a preview by itself, so a preview that listens on loopback only is not refused. Preflights are answered by Vite's own
 * `server.cors`, which allows loopback origins: `origins` beyond those are to be named there too. One-time PINs are
 * printed by Vite's logger, unless `printOutbox` is given.
 */
export function stillhereMock(options: MockOptions = {}): Plugin {
  const printing = ({ config }: Server): MockOptions => ({
    printOutbox: (line) => config.logger.info(`  ${line}`),
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
    configureServer: (server) => serve(server, createMockBackend(printing(server))),
    configurePreviewServer(server) {
      const { host } = server.config.preview
      serve(server, isLoopback(host) ? buildBackend(printing(server)) : createMockBackend(printing(server)))
    },
  }
}
