import { type Env, Hono } from 'hono'
import { cors } from 'hono/cors'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { isAllowedOrigin } from './origins.ts'
import { jsonRefusal, nothingHere, Problem, toProblem } from './problem.ts'
import type { System } from './system.ts'
import { TTL_HEADER } from './ttl.ts'

type Bound = { Bindings: { instead?: Problem | undefined } }

/** Request headers that a page of another origin may send to any system that does not say otherwise. */
export const ALLOWED_HEADERS = ['Authorization', 'Content-Type', 'Accept', TTL_HEADER]

/** Answers errors and unknown routes of an app in the words that `refuse` finds for a path. */
export function withRefusals<E extends Env>(app: Hono<E>, refuse: (problem: Problem, pathname: string) => Response) {
  app.onError((error, c) => refuse(toProblem(error), c.req.path))
  app.notFound((c) => refuse(nothingHere(), c.req.path))
  return app
}

/** Answers errors and unknown routes of an app as plain JSON. */
export const withJsonErrors = <E extends Env>(app: Hono<E>) => withRefusals(app, (problem) => jsonRefusal(problem))

function crossOrigin({ crossOrigin = {} }: System, origins?: readonly string[]) {
  const { anyOrigin = false, ...rules } = crossOrigin
  const isAllowed = (origin: string) => (anyOrigin && !origins) || isAllowedOrigin(origin, origins)
  return cors({
    origin: (origin) => (isAllowed(origin) ? origin : null),
    allowMethods: ['GET', 'HEAD', 'POST'],
    allowHeaders: ALLOWED_HEADERS,
    exposeHeaders: ['WWW-Authenticate', 'Retry-After', 'Date'],
    maxAge: 600,
    ...rules,
  })
}

/**
 * One app over the routes of all systems: CORS by allow-list, 405 with Allow, errors in the words of the system whose
 * path it is; `instead` in a request's bindings is answered without acting.
 */
export function assemble(systems: readonly System[], origins?: readonly string[]) {
  const systemAt = (pathname: string) => systems.find(({ territory }) => territory.test(pathname)) ?? systems[0]!
  const corsOf = new Map(systems.map((system) => [system, crossOrigin(system, origins)]))
  // Left to choose, Hono falls back without a word, for one path that this router does not take, to one that costs a fifth of a request.
  const app = withRefusals(new Hono<Bound>({ router: new RegExpRouter() }), (problem, pathname) =>
    systemAt(pathname).refuse(problem),
  )
  app.use(async (c, next) => {
    // No page of another origin asks without naming it, and no preflight is a GET or a POST.
    if (c.req.method === 'OPTIONS' || c.req.header('origin') !== undefined) {
      return corsOf.get(systemAt(c.req.path))!(c, next)
    }
    await next()
    c.res.headers.append('Vary', 'Origin')
  })
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
  for (const { bases, routes } of systems) for (const base of bases) app.route(base, routes)
  return app
}

// The router takes a method for a key of its tables: a name that every object has breaks it.
const METHOD = /^[A-Z-]+$/

/** Answers a request by an app; 400 to a method that can be none. */
export const answerBy = (app: Hono<Bound>, request: Request, bindings: Bound['Bindings']) =>
  METHOD.test(request.method) ? app.fetch(request, bindings) : jsonRefusal(new Problem(400, 'There is no such method.'))

/** Whether an app has a route at a path, for any method or for one; HEAD goes where GET goes, and OPTIONS anywhere. */
export function hasRoute(app: Hono<Bound>, pathname: string, wanted = 'OPTIONS'): boolean {
  if (!METHOD.test(wanted)) return false
  const all = app.routes.map(({ method }) => method)
  const methods = new Set(wanted === 'OPTIONS' ? all : [wanted === 'HEAD' ? 'GET' : wanted])
  // Middleware is registered for ALL methods and matches every path.
  methods.delete('ALL')
  return [...methods].some((method) =>
    app.router.match(method, pathname)[0].some(([[, route]]) => route.method !== 'ALL'),
  )
}
