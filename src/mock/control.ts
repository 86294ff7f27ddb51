import { Hono } from 'hono'
import * as v from 'valibot'
import { readAnyJson, readJson } from './body.ts'
import type { Faults } from './faults.ts'
import { isLoopbackHost } from './loopback.ts'
import type { MockBackend } from './options.ts'
import { Problem } from './problem.ts'

type Controls = Pick<
  MockBackend,
  'reset' | 'advance' | 'setFaults' | 'faults' | 'requests' | 'outbox' | 'revokeAll' | 'rotateKeys'
>

/** Where the control endpoint lives; no system's route begins like this. */
export const CONTROL_BASE = '/__stillhere'

/** Whether a path is of the control endpoint. */
export const isControlPath = (pathname: string): boolean => pathname.startsWith(`${CONTROL_BASE}/`)

// A page of another origin may have got past a preflight answered by the server around us.
const isSameOrigin = (origin: string | null, host: string) =>
  origin === null || origin.replace(/^https?:\/\//, '') === host

function isTrusted({ headers, url }: Request): boolean {
  // A request target with a host in it counts for more than the header (RFC 9112 §3.2.2), so that both must be of this machine.
  const named = new URL(url).host
  const host = headers.get('host') ?? named
  const isNear = isLoopbackHost(host) && isLoopbackHost(named)
  return isNear && headers.get('x-stillhere-mock') === '1' && isSameOrigin(headers.get('origin'), host)
}

const clockBody = v.strictObject({ advance: v.pipe(v.number(), v.minValue(0)) })
const rotateBody = v.nullish(v.strictObject({ keepOld: v.optional(v.boolean()) }), {})
const revokeBody = v.nullish(v.strictObject({ user: v.optional(v.string()) }), {})

/**
 * The control endpoint for tests and the demo: 404 for a request that names another host than this machine, comes from a
 * page of another origin or lacks the header `x-stillhere-mock: 1`. Headers can be made up: that a request comes from this
 * machine is for the listener to know.
 */
export function control(controls: Controls, now: () => number): Hono {
  const app = new Hono().basePath(CONTROL_BASE)

  app.use(async (c, next) => {
    if (!isTrusted(c.req.raw)) return c.notFound()
    return next()
  })

  app.post('/reset', async (c) => {
    await controls.reset()
    return c.body(null, 204)
  })

  app.post('/clock', async (c) => {
    const { advance } = await readJson(c.req.raw, clockBody)
    try {
      controls.advance(advance)
    } catch (error) {
      throw new Problem(400, (error as RangeError).message, { field: 'advance' })
    }
    return c.json({ now: now() })
  })

  app.post('/faults', async (c) => {
    const faults = await readAnyJson(c.req.raw)
    try {
      controls.setFaults(faults as Faults)
    } catch (error) {
      throw new Problem(400, (error as TypeError).message)
    }
    return c.json(controls.faults())
  })

  app.get('/faults', (c) => c.json(controls.faults()))

  app.get('/requests', (c) => c.json(controls.requests()))

  app.get('/outbox', (c) => c.json(controls.outbox()))

  app.post('/revoke-all', async (c) => {
    const { user } = await readJson(c.req.raw, revokeBody)
    return c.json({ ended: await controls.revokeAll(user) })
  })

  app.post('/rotate-key', async (c) => {
    await controls.rotateKeys(await readJson(c.req.raw, rotateBody))
    return c.body(null, 204)
  })

  return app
}
