import type { Hono } from 'hono'
import type { Problem } from './problem.ts'

/** The systems that the mock speaks. */
export const systemNames = ['eclecticiq', 'econnect', 'eclipse', 'datarhei', 'rest'] as const

/** A system that the mock backend speaks; `rest` is of no system in particular. */
export type SystemName = (typeof systemNames)[number]

/** What a system allows across origins, where it differs from the mock's own rules. */
export type CrossOrigin = {
  /** Any origin, unless the option `origins` names some. */
  anyOrigin?: boolean
  credentials?: boolean
  allowMethods?: string[]
  allowHeaders?: string[]
  exposeHeaders?: string[]
  /** Seconds for which a preflight is remembered. */
  maxAge?: number
}

/** One system's server side. */
export type System = {
  name: SystemName
  routes: Hono
  /** The bases below which its routes answer. */
  bases: readonly string[]
  /** The paths that are its own whether a route is there or not; on all others the first system mounted answers. */
  territory: RegExp
  /** A refusal in the words of the system. */
  refuse: (problem: Problem) => Response
  crossOrigin?: CrossOrigin
  /** Forgets what it keeps for itself. */
  reset?: () => void
}

/** The systems named, in the order of `all`; throws if a name is unknown or none is left. */
export function chooseSystems(all: readonly System[], names: readonly SystemName[] = systemNames): System[] {
  for (const name of names) {
    if (!systemNames.includes(name)) {
      throw new Error(`systems: there is no system ${JSON.stringify(name)}; there are ${systemNames.join(', ')}`)
    }
  }
  const chosen = all.filter(({ name }) => names.includes(name))
  if (chosen.length === 0) throw new Error(`systems: name at least one of ${systemNames.join(', ')}`)
  return chosen
}
