import { createSession } from '../index.ts'
import { recordSession } from '../panel/index.ts'
import { getOptions, onOptions } from './address.ts'
import type { DemoSystem } from './desk.ts'
import { POLICIES } from './policies.ts'
import { SYSTEMS } from './systems.ts'

const { ttl, system: systemId } = getOptions()

/** The system that the address names. */
export const system: DemoSystem = SYSTEMS[systemId]

const withShortTokens: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers)
  headers.set('x-stillhere-mock-ttl', ttl!)
  return fetch(input, { ...init, headers })
}

export const session = createSession({
  backend: system.backend(ttl ? { fetch: withShortTokens } : undefined),
})

// From here on, so that the panel, which is loaded later, has the beginning too.
recordSession(session)

/** The policy that the address names, over the one that the session was made with. */
function applyPolicy(): void {
  const { policy, input } = getOptions()
  session.setPolicy({ ...POLICIES[policy].changes, activityDuringWarning: input })
}
applyPolicy()
onOptions(applyPolicy)
