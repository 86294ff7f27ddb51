import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A port of this machine that no one listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** A process whose output is kept. */
export type Running = {
  child: ChildProcess
  output: { stdout: string; stderr: string }
  /** The exit code, once it has ended. */
  ended: Promise<number | null>
  /** The output up to a text, once it is there; rejects if the process ends without it. */
  said: (text: string) => Promise<string>
}

/** Builds the command line for one test file, and runs it as often as wanted. */
export function buildCli() {
  // Inside node_modules, so that what stays outside of the bundle is found from there.
  const outdir = `node_modules/.stillhere-mock-${process.pid}`
  const { status, stderr } = spawnSync(process.execPath, ['.ci/bin.mjs', outdir], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const children = new Set<ChildProcess>()

  function run(args: readonly string[], env: Record<string, string> = {}): Running {
    const child = spawn(process.execPath, [`${root}/${outdir}/stillhere-mock.js`, ...args], {
      env: { ...process.env, NODE_ENV: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    const output = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text))
    const ended = once(child, 'close').then(([code]) => code as number | null)
    const said = (text: string) =>
      new Promise<string>((resolve, reject) => {
        const look = () => output.stdout.includes(text) && resolve(output.stdout)
        child.stdout.on('data', look)
        look()
        void ended.then(() => reject(new Error(`It ended without saying ${text}: ${output.stdout}${output.stderr}`)))
      })
    return { child, output, ended, said }
  }

  return {
    run,
    /** Runs it on a free port and gives its address once it listens. */
    async start(args: readonly string[], env?: Record<string, string>) {
      const running = run(['--port', '0', ...args], env)
      const [, url] = /on (http:\S+)/.exec(await running.said('not for production'))!
      return { ...running, url: url! }
    },
    /** Ends all that still runs and removes what was built. */
    async clean() {
      for (const child of children) child.kill('SIGKILL')
      rmSync(`${root}/${outdir}`, { recursive: true, force: true })
    },
  }
}
