import type { PolicyOptions } from '../../src/core/policy.ts'
import { ORIGIN, SYSTEMS as PLAIN, type SystemName } from '../../src/simulation/systems.ts'

export { ORIGIN }

const MIN = 60_000

/** Each system under a policy of its own. */
const POLICIES: Record<SystemName, PolicyOptions> = {
  eclecticiq: {},
  econnect: { idleTimeout: 15 * MIN },
  eclipse: { sessionLimit: 240 * MIN, activityDuringWarning: 'extend' },
  datarhei: { idleTimeout: 30 * MIN },
  rest: { idleTimeout: 30 * MIN, activityDuringWarning: 'extend' },
}

/** The four systems, and refresh tokens that work once. */
export const SYSTEMS = (Object.keys(PLAIN) as SystemName[]).map((name) => ({
  name,
  backend: PLAIN[name].make,
  policy: POLICIES[name],
  /** A protected path, for the polling of a page. */
  data: PLAIN[name].probe,
}))

export type SoakSystem = (typeof SYSTEMS)[number]
