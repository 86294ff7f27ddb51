import { useSyncExternalStore } from 'react'
import { keep, readKept } from './kept.ts'
import { isLanguage, type LanguageId } from './languages.ts'
import { isPolicy, type PolicyId } from './policies.ts'
import { isOffered, type SystemId } from './systems.ts'

/** What the address of the demo may say, after its `?`. */
export interface Options {
  readonly system: SystemId
  /** Seconds that `?ttl=90` asks the mock for, up to 1800; `null` leaves the system's own life. */
  readonly ttl: string | null
  readonly lang: LanguageId
  /** What an end makes of the console: gone, or kept under a dialog. */
  readonly gate: 'login' | 'lock'
  readonly policy: PolicyId
  /** What input does while the warning is open. */
  readonly input: 'ignore' | 'extend'
}

const DEFAULTS: Options = {
  system: 'eclecticiq',
  ttl: null,
  lang: 'en',
  gate: 'login',
  policy: 'own',
  input: 'ignore',
}

function read(search: string): Options {
  const query = new URLSearchParams(search)
  const [system, ttl, lang, policy] = [query.get('system'), query.get('ttl'), query.get('lang'), query.get('policy')]
  return {
    ...DEFAULTS,
    ...(isOffered(system) && { system }),
    ...(ttl && /^[1-9]\d{0,3}$/.test(ttl) && Number(ttl) <= 1_800 && { ttl }),
    ...(isLanguage(lang) && { lang }),
    ...(isPolicy(policy) && { policy }),
    ...(query.get('gate') === 'lock' && { gate: 'lock' }),
    ...(query.get('input') === 'extend' && { input: 'extend' }),
  }
}

let options = read(location.search)
const listeners = new Set<() => void>()

/** The options as they are now. */
export const getOptions = (): Options => options

/** Calls on every change of the options; returns the way out. */
export function onOptions(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The options as they are now, for a component. */
export const useOptions = (): Options => useSyncExternalStore(onOptions, getOptions)

/** The address of the demo with some options changed: of the same entry, unless it is another system's. */
export function addressOf(change: Partial<Options> = {}): string {
  const next = { ...options, ...change }
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(next)) {
    if (value !== null && value !== DEFAULTS[name as keyof Options]) search.set(name, value)
  }
  const hash = next.system === options.system ? location.hash : ''
  return `${location.pathname}${search.size ? `?${search}` : ''}${hash}`
}

/** Changes options at once, in the address too, so that a reload and a new tab have them. */
export function changeOptions(change: Partial<Options>): void {
  history.replaceState(history.state, '', addressOf(change))
  options = { ...options, ...change }
  for (const listener of listeners) listener()
}

const LEFT_AT = 'left at'

/** Goes to the page that has these options: for those that a page has from its beginning. `from` is the control that asked, for the focus. */
export function goTo(change: Partial<Options>, from?: string): void {
  if (from) keep(LEFT_AT, from)
  location.assign(addressOf(change))
}

/** Whether the last page was left by this control; true once. */
export function wasLeftAt(control: string): boolean {
  if (readKept(LEFT_AT) !== control) return false
  keep(LEFT_AT, null)
  return true
}
