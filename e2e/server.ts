import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { SYSTEMS, type System, type SystemId } from './systems.ts'

interface Seen {
  readonly method: string
  readonly path: string
  readonly status: number | null
  readonly authorized: boolean
  readonly token?: string
}

/** The demo's server, and what it can be asked and told by its control endpoint. */
export class Server {
  readonly url: string
  readonly system: System

  constructor(url: string, system: SystemId = 'eclecticiq') {
    this.url = url
    this.system = SYSTEMS[system]
  }

  /** The refreshes that the server has seen. */
  refreshes = () => this.sent(this.system.refresh)
  /** The sign-ins that the server has seen. */
  signIns = async () => (await this.sent(this.system.signIn)).filter(({ path }) => path === this.system.signIn)

  async control(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/__stillhere/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-stillhere-mock': '1', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? undefined : response.json()
  }

  /** What goes wrong at the server from now on; `{}` for nothing. */
  faults = (faults: Record<string, unknown>) => this.control('faults', faults)

  /** The requests the server has seen whose path contains `part`. */
  async sent(part: string): Promise<Seen[]> {
    const all = (await this.control('requests')) as Seen[]
    return all.filter((request) => request.path.includes(part))
  }

  /** The demo, at an address below this system's own. */
  urlOf = (address = '') => {
    const path = this.system.path
    return `${this.url}${address.startsWith('?') && path.includes('?') ? `${path}&${address.slice(1)}` : path + address}`
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

/** Resolves as soon as a server that has just been started answers there; throws if it ends instead. */
export async function answers(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`The server for ${url} ended with ${server.exitCode}.`)
    const response = await fetch(url).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Serves the built demo with its mock backend, on a free port of this machine. */
export async function serve(): Promise<{ url: string; stop(): void }> {
  const port = await freePort()
  const server = spawn(process.execPath, [vite, 'preview', '--port', String(port), '--strictPort'], {
    cwd: root,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  await answers(url, server)
  return { url, stop: () => server.kill() }
}
