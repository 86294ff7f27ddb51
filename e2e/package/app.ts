import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What package.json says, and so what the tarball is called and which entries it has. */
export const manifest: { readonly version: string; readonly exports: Record<string, unknown> } = JSON.parse(
  await readFile(join(root, 'package.json'), 'utf8'),
)

/** What `npm pack` gave. */
export const TARBALL = join(root, 'dist', `stillhere-${manifest.version}.tgz`)

/** What a program wrote, and how it ended. */
export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

// As a newcomer has it: nothing of the programs around the tests goes along.
const environment = (extra: Record<string, string>) => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_ENV|NODE_OPTIONS|FORCE_COLOR)/.test(name)),
  ),
  NEXT_TELEMETRY_DISABLED: '1',
  NO_COLOR: '1',
  ...extra,
})

/** Runs a program in a folder until it ends; what does not end within five minutes is ended. */
export const run = (
  cwd: string,
  program: string,
  args: readonly string[] = [],
  extra: Record<string, string> = {},
): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(program, args, { cwd, env: environment(extra), timeout: 300_000 }, (error, out, err) =>
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : null) : 0, out, err }),
    )
  })

/** The same, and throws what was written if it did not go well. */
export async function runWell(...[cwd, program, args = [], extra]: Parameters<typeof run>): Promise<string> {
  const { code, out, err } = await run(cwd, program, args, extra)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${code}\n${out}\n${err}`)
  return out
}

/** A server that was started, and all it has said. */
export interface Served {
  readonly url: string
  readonly said: () => string
  stop(): Promise<void>
}

/** An app in a fresh folder, with the tarball installed as a newcomer does. */
export async function createApp(name: string) {
  const folder = await mkdtemp(join(tmpdir(), `stillhere-${name}-`))
  await cp(fileURLToPath(new URL(`apps/${name}`, import.meta.url)), folder, { recursive: true })
  await runWell(folder, 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', TARBALL])
  const bin = (program: string) => join(folder, 'node_modules', '.bin', program)

  return {
    folder,
    bin,
    run: (program: string, ...args: string[]) => run(folder, bin(program), args),
    runWell: (program: string, ...args: string[]) => runWell(folder, bin(program), args),
    build: (program: string, extra: Record<string, string> = {}) => runWell(folder, bin(program), ['build'], extra),
    node: (...args: string[]) => run(folder, process.execPath, args),

    /** The versions of every copy of a package in it. */
    async copies(of: string): Promise<string[]> {
      const paths = await readdir(join(folder, 'node_modules'), { recursive: true })
      const manifests = paths.filter((path) => `/node_modules/${path}`.endsWith(`/node_modules/${of}/package.json`))
      return Promise.all(
        manifests.map(async (path) => JSON.parse(await readFile(join(folder, 'node_modules', path), 'utf8')).version),
      )
    },

    /** Starts one of its programs, which is given a free port, and waits until it answers there. */
    async serve(program: string, args: readonly string[], extra: Record<string, string> = {}): Promise<Served> {
      const port = await freePort()
      const server = spawn(bin(program), [...args, '--port', String(port)], {
        cwd: folder,
        env: environment(extra),
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let said = ''
      for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (said += text))
      const url = `http://127.0.0.1:${port}`
      const until = Date.now() + 60_000
      // Any answer will do: a backend has nothing at its root.
      while (!(await fetch(url).catch(() => null))) {
        if (server.exitCode !== null || Date.now() > until) throw new Error(`${program} does not answer.\n${said}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      return { url, said: () => said, stop: () => ended(server) }
    },

    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}

export type App = Awaited<ReturnType<typeof createApp>>

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}
