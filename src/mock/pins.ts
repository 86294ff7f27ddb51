import { createThrottle } from './throttle.ts'

const PIN_LIFE_MS = 600_000
const TRIES_PER_PIN = 5
const PINS_PER_WINDOW = 3
const WINDOW_MS = 600_000

type PinState = { pin?: string | undefined; expiresAt: number; tries: number; askedAt: number[] }

/** What asking for a PIN comes to; `retryAfter` in whole seconds. */
export type PinAsked = { outcome: 'made'; pin: string } | { outcome: 'throttled'; retryAfter: number }

/** What trying a PIN comes to; `retryAfter` in whole seconds, `giveBack` for a PIN that could not be put to use. */
export type PinTried =
  | { outcome: 'right'; giveBack: () => void }
  | { outcome: 'wrong' }
  | { outcome: 'throttled'; retryAfter: number }

// Rejected above the last multiple of a million, so that no PIN is likelier than another.
const FAIR_BELOW = 4_294_000_000

/** Six random digits from the platform's CSPRNG. */
export function randomPin(): string {
  const [number] = crypto.getRandomValues(new Uint32Array(1))
  return number! < FAIR_BELOW ? String(number! % 1_000_000).padStart(6, '0') : randomPin()
}

/** Whether two texts are the same, compared without an early exit. */
function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % (b.length || 1))
  return difference === 0
}

/**
 * One-time PINs per account name, in the memory of this instance: ten minutes each, five tries each, the new one
 * replaces the old, three within ten minutes (NIST SP 800-63B-4 §3.1.3.2); names that no account has cost and answer the same.
 */
export function createPins(now: () => number, isAccount: (name: string) => boolean, maxUnknown = 10_000) {
  // Apart, so that a flood of made-up names can not push a real account's PIN out.
  const accounts = new Map<string, PinState>()
  const unknown = new Map<string, PinState>()
  // Without a hard stop, which would let anyone lock a person out: fifteen tries in ten minutes are few for six digits.
  const throttle = createThrottle(now, isAccount, { maxUnknown, hardStop: Number.POSITIVE_INFINITY })

  const place = (name: string) => (isAccount(name) ? accounts : unknown)

  return {
    /** Makes a new PIN for a name. */
    ask(name: string): PinAsked {
      const time = now()
      const askedAt = (place(name).get(name)?.askedAt ?? []).filter((at) => Math.abs(time - at) < WINDOW_MS)
      if (askedAt.length >= PINS_PER_WINDOW) {
        return { outcome: 'throttled', retryAfter: Math.max(1, Math.ceil((askedAt[0]! + WINDOW_MS - time) / 1000)) }
      }
      const pin = randomPin()
      place(name).set(name, { pin, expiresAt: time + PIN_LIFE_MS, tries: 0, askedAt: [...askedAt, time] })
      if (unknown.size > maxUnknown) unknown.delete(unknown.keys().next().value!)
      return { outcome: 'made', pin }
    },
    /** Tries a PIN, which works once; wrong, expired, spent, worn out and never sent are all `wrong`. */
    spend(name: string, pin: string): PinTried {
      const wait = throttle.wait(name)
      if (wait > 0) return { outcome: 'throttled', retryAfter: Math.ceil(wait / 1000) }
      const state = place(name).get(name) ?? { expiresAt: 0, tries: 0, askedAt: [] }
      const matches = isSame(pin, state.pin ?? '')
      const right = matches && state.pin !== undefined && now() < state.expiresAt && isAccount(name)
      state.tries++
      if (right || state.tries >= TRIES_PER_PIN) state.pin = undefined
      if (!right) {
        throttle.fail(name)
        return { outcome: 'wrong' }
      }
      throttle.clear(name)
      const giveBack = () => {
        state.pin = pin
        state.tries--
      }
      return { outcome: 'right', giveBack }
    },
    /** Forgets all PINs and tries. */
    reset() {
      accounts.clear()
      unknown.clear()
      throttle.reset()
    },
  }
}
