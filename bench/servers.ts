import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { build } from 'esbuild'

const FOLDER = 'bench/dist/servers'

export interface Ask {
  readonly task: 'cpu' | 'revoke'
  readonly count?: number
}

export interface Told {
  readonly url?: string
  /** Time that the process has computed for since it began: µs. */
  readonly cpu?: number
}

/** A server in a process of its own, so that who asks and who answers do not wait for each other's turn. */
export interface Server {
  readonly url: string
  /** Time that it has computed for since it began: µs. */
  cpu(): Promise<number>
  revoke(count: number): Promise<void>
  stop(): void
}

/** What the server says next; throws if it is gone instead. */
function told(child: ChildProcess): Promise<Told> {
  const done = new AbortController()
  const { signal } = done
  const gone = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A server ended by itself, with ${code}`)
  })
  return Promise.race([once(child, 'message', { signal }).then(([message]) => message as Told), gone]).finally(() => {
    gone.catch(() => {})
    done.abort()
  })
}

/** Starts the server of a file in bench/servers. */
export async function startServer(name: string): Promise<Server> {
  await build({
    entryPoints: [`bench/servers/${name}.ts`],
    outdir: FOLDER,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
  })
  const child = fork(`${FOLDER}/${name}.js`, { env: { ...process.env, NODE_ENV: 'test' }, execArgv: [] })
  const { url } = await told(child)
  const ask = (question: Ask) => {
    child.send(question)
    return told(child)
  }
  return {
    url: url!,
    cpu: async () => (await ask({ task: 'cpu' })).cpu!,
    revoke: async (count) => void (await ask({ task: 'revoke', count })),
    stop: () => child.kill(),
  }
}
