import { type Env, Hono } from 'hono'
import { cors } from 'hono/cors'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { Problem } from './problem.ts'
import { TTL_HEADER } from './ttl.ts'

type Bound = { Bindings: { instead?: Problem | undefined } }

const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/** Answers errors and unknown routes of an app as plain JSON. */
export function withJsonErrors<E extends Env>(app: Hono<E>): Hono<E> {
  app.onError((error, c) => {
    const known = error instanceof Problem
    if (!known) console.error(error)
    const problem = known ? error : new Problem(500, 'The mock backend failed.')
    return c.json(problem.toJSON(), problem.status, problem.headers)
  })
  app.notFound((c) => c.json(new Problem(404, 'There is nothing here.').toJSON(), 404))
  return app
}

/**
 * One app over the routes of all systems: CORS by allow-list, 405 with Allow, JSON errors; `instead` in a request's
 * bindings is answered without acting.
 */
export function assemble(mounts: readonly (readonly [base: string, routes: Hono])[], origins?: readonly string[]) {
  const app = withJsonErrors(new Hono<Bound>())
  app.use(
    cors({
      origin: (origin) => ((origins ? origins.includes(origin) : LOOPBACK_ORIGIN.test(origin)) ? origin : null),
      allowMethods: ['GET', 'HEAD', 'POST'],
      allowHeaders: ['Authorization', 'Content-Type', 'Accept', TTL_HEADER],
      exposeHeaders: ['WWW-Authenticate', 'Retry-After', 'Date'],
      maxAge: 600,
    }),
  )
  app.use(async (c, next) => {
    if (c.env.instead) throw c.env.instead
    await next()
  })
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed(_, methods) {
        throw new Problem(405, 'Method not allowed.', { headers: { Allow: methods.join(', ') } })
      },
    }),
  )
  for (const [base, routes] of mounts) app.route(base, routes)
  return app
}

/** Whether an app has a route at a path, for any method. */
export function hasRoute(app: Hono<Bound>, pathname: string): boolean {
  const methods = new Set(app.routes.map((route) => route.method))
  // Middleware is registered for ALL methods and matches every path.
  methods.delete('ALL')
  return [...methods].some((method) =>
    app.router.match(method, pathname)[0].some(([[, route]]) => route.method !== 'ALL'),
  )
}
