import { limits } from './policy.ts'
import type { Backend, Grant, Platform, Policy } from './types.ts'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

const told = new Set<string>()

/** Tells the developer, once and in development builds only, of a policy that can not be kept as it stands. */
export function advise(backend: Backend, platform: Platform, policy: Policy, grant: Grant): void {
  try {
    // Bundlers put a word in place of the whole expression, and drop what follows from it in a build for production.
    if (process.env.NODE_ENV !== 'production') look(backend, platform, policy, grant)
  } catch {
    // No bundler, no `process`: no development build.
  }
}

function look(backend: Backend, platform: Platform, policy: Policy, grant: Grant): void {
  const say = (message: string) => {
    if (!told.has(message)) platform.warn(`Stillhere: ${message}`)
    told.add(message)
  }
  const { idle, life } = limits(grant, policy)
  if (idle < 60_000) say(`an idle limit of ${Math.round(idle / 1_000)} s can not meet WCAG 2.2.1 (Timing Adjustable).`)
  if (policy.idleTimeout !== null && policy.idleTimeout > life && backend.renewsWith === 'token') {
    say(
      `${backend.system} renews only a live token: a sleep longer than ${Math.round(life / 1_000)} s ends the session before idleTimeout does.`,
    )
  }
}
