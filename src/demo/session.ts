import { createSession } from '../index.ts'
import { recordSession } from '../panel/index.ts'
import type { DemoSystem } from './desk.ts'
import { isLanguage, type LanguageId } from './languages.ts'
import { isSystem, SYSTEMS, type SystemId } from './systems.ts'

const query = new URLSearchParams(location.search)
const asked = { ttl: query.get('ttl'), system: query.get('system'), lang: query.get('lang') }

/** Seconds that `?ttl=90` asks the mock for, if it is a number that it takes; `null` leaves the system's own life. */
export const ttl = asked.ttl && /^[1-9]\d{0,3}$/.test(asked.ttl) && Number(asked.ttl) <= 1_800 ? asked.ttl : null

/** The system that `?system=eclipse` names. */
export const systemId: SystemId = isSystem(asked.system) ? asked.system : 'eclecticiq'
export const system: DemoSystem = SYSTEMS[systemId]

/** The language that `?lang=de` names. */
export const languageId: LanguageId = isLanguage(asked.lang) ? asked.lang : 'en'

/** What an end makes of the console, as `?gate=lock` says: gone, or kept under a dialog. */
export const gate = query.get('gate') === 'lock' ? 'lock' : 'login'

/** The address of the demo with another system, other lives or another language. */
export function addressOf(change: { system?: SystemId; ttl?: string | null; lang?: LanguageId }): string {
  const next = { system: systemId, ttl, lang: languageId, ...change }
  const search = new URLSearchParams()
  if (next.system !== 'eclecticiq') search.set('system', next.system)
  if (next.ttl) search.set('ttl', next.ttl)
  if (next.lang !== 'en') search.set('lang', next.lang)
  if (gate === 'lock') search.set('gate', gate)
  const isSame = next.system === systemId
  return `${location.pathname}${search.size ? `?${search}` : ''}${isSame ? location.hash : ''}`
}

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
