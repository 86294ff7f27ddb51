import { createSession } from '../index.ts'
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

/** The policy that the address names, over the one that the session was made with. */
function applyPolicy(): void {
  const { policy, input } = getOptions()
  session.setPolicy({ ...POLICIES[policy].changes, activityDuringWarning: input })
}
applyPolicy()
onOptions(applyPolicy)
