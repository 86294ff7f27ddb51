import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
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
  /** Where the server itself is reached. */
  readonly url: string
  readonly system: System
  /** Where pages find it: the same, unless there is another name or something else in between. */
  readonly site: string

  constructor(url: string, system: SystemId = 'eclecticiq', site = url) {
    this.url = url
    this.system = SYSTEMS[system]
    this.site = site
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
    return `${this.site}${address.startsWith('?') && path.includes('?') ? `${path}&${address.slice(1)}` : path + address}`
  }
}

/** A name of this machine's that is no loopback name: pages of it are no secure context. */
export const PLAIN_HOST = 'app.test'

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

/** The built demo and its mock backend, in a process of their own. */
export async function serveDemo(port?: number) {
  port ??= await freePort()
  const server = spawn(process.execPath, [vite, 'preview', '--port', String(port), '--strictPort'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: PLAIN_HOST },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  await answers(url, server)
  return {
    url,
    port,
    /** Kills it, and with it all it knows. */
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return
      server.kill('SIGKILL')
      await once(server, 'exit')
    },
  }
}

/** A way to a server that can be cut and mended: connections are refused meanwhile, and the server notices nothing. */
export async function proxyTo(target: string) {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as { port: number }).port
  }
  const own = await listen(0)
  return {
    url: `http://127.0.0.1:${own}`,
    /** Nobody gets through from here on, nor does what is under way. */
    async cut() {
      if (!server.listening) return
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
    mend: () => listen(own),
  }
}
