import { fetchOver, serveOver } from './wire.ts'
import address from './worker.ts?sharedworker&url'

/** How the page reaches its server, and what that is like. */
export interface Started {
  readonly fetch: typeof fetch
  /** Whether one server answers all tabs. */
  readonly shared: boolean
  /** Whether it knows its sessions after a reload. */
  readonly keeps: boolean
}

/** A worker that has not said a word by then is blocked, of which not every browser tells each tab: ms. */
const PATIENCE = 4_000

// Where browsers know it, it lives on while its only tab reloads, and hears what a closing page still sends.
const OPTIONS: WorkerOptions & { extendedLifetime: boolean } = { name: 'stillhere-demo-server', extendedLifetime: true }

/** The one script address that the page's Trusted Types policy lets through, whatever it is asked for. */
interface Types {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(asked: string): string }
}

function trusted(address: string): string {
  const types = (globalThis as { trustedTypes?: Types }).trustedTypes
  return types?.createPolicy('stillhere-demo-server', { createScriptURL: () => address }).createScriptURL('') ?? address
}

/** The server in a worker that all tabs share, or `null` where that does not run. */
function startInWorker(): Promise<Started | null> {
  return new Promise((resolve) => {
    const none = () => resolve(null)
    try {
      const worker = new SharedWorker(trusted(address), OPTIONS)
      worker.onerror = none
      worker.port.onmessage = ({ data }) => resolve({ fetch: fetchOver(worker.port), shared: true, keeps: data.keeps })
      setTimeout(none, PATIENCE)
    } catch {
      none()
    }
  })
}

/** The server in this page. */
async function startHere(): Promise<Started> {
  const { openPretendServer } = await import('./pretend.ts')
  const { answer, keeps } = await openPretendServer()
  const { port1, port2 } = new MessageChannel()
  serveOver(port1, answer)
  return { fetch: fetchOver(port2), shared: false, keeps }
}

/** Starts the server within the browser; throws where that can not be, in words for the page. */
export async function startServer(): Promise<Started> {
  // Web Crypto, by which it signs and hashes, is for secure contexts alone.
  if (!isSecureContext) throw new Error('it needs https.')
  return (await startInWorker()) ?? startHere()
}
