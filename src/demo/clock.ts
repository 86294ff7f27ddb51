import { server } from './server.ts'

const KEY = 'stillhere-demo: ahead'

/** How far this clock may be from the server's before it is set right, in ms. */
const NEAR = 5_000

const Real = Date
let ahead = 0

/** From here on everything in this page takes the time from a clock that is ahead of the real one. */
function shiftTo(ms: number): void {
  ahead = ms
  // A page that never slept keeps the browser's own.
  if (!ms || globalThis.Date !== Real) return
  const now = () => Real.now() + ahead
  globalThis.Date = new Proxy(Real, {
    apply: () => new Real(now()).toString(),
    construct: (_, given: [number], made) => Reflect.construct(Real, given.length ? given : [now()], made),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
}

/** What all tabs of the demo agree on; 0 where nothing can be stored. */
function stored(): number {
  try {
    return Math.max(0, Number(localStorage.getItem(KEY)) || 0)
  } catch {
    return 0
  }
}

function store(ms: number): void {
  try {
    if (ms) localStorage.setItem(KEY, String(ms))
    else localStorage.removeItem(KEY)
  } catch {
    // This tab sleeps by itself.
  }
}

/** What a browser tells a page when the lid is opened. */
const wake = () => document.dispatchEvent(new Event('visibilitychange'))

/** The server's clock, as it would be were it not wrong on demand. */
async function serverNow(): Promise<number> {
  const [{ now }, faults] = (await Promise.all([
    server.control('clock', { advance: 0 }),
    server.control('faults'),
  ])) as [{ now: number }, { clockSkew?: number }[]]
  return now - (faults.find(({ clockSkew }) => clockSkew)?.clockSkew ?? 0)
}

/** Sleeps for some ms: the clocks of the server and of all tabs are ahead at once, and nothing has run meanwhile. Throws what the control endpoint says. */
export async function sleep(ms: number): Promise<void> {
  const before = await serverNow()
  shiftTo(ahead + ms)
  try {
    // A server that lives in this page sleeps with it.
    const slept = (await serverNow()) - before
    if (slept < ms / 2) await server.control('clock', { advance: ms })
  } catch (error) {
    shiftTo(ahead - ms)
    throw error
  }
  store(ahead)
  wake()
}

/** Goes back to the true time, in all tabs; the server's clock is its own affair. */
export function wakeForGood(): void {
  store(0)
  shiftTo(0)
}

/** The other tabs sleep and wake with this one. */
export function sleepTogether(): void {
  addEventListener('storage', ({ key }) => {
    // What else is stored, or cleared, wakes nobody.
    if ((key !== KEY && key !== null) || stored() === ahead) return
    shiftTo(stored())
    wake()
  })
}

/** Begins where the other tabs are; says whether the server's clock was elsewhere, as after its restart, and this one was set by it. */
export async function beginAhead(): Promise<boolean> {
  const kept = stored()
  if (!kept) return false
  shiftTo(kept)
  const drift = await serverNow().then(
    (now) => now - Date.now(),
    () => 0,
  )
  if (Math.abs(drift) < NEAR) return false
  shiftTo(Math.max(0, kept + drift))
  store(ahead)
  return true
}

/** How far this page's clock is ahead of the real one, in ms. */
export const aheadBy = (): number => ahead
