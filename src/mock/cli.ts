import { readFileSync } from 'node:fs'
import { createMockBackend } from './backend.ts'
import { type Command, help, Misuse, readCommand } from './cli-options.ts'
import type { MockOptions } from './options.ts'
import { NOT_FOR_PRODUCTION } from './production.ts'
import { redisStore } from './redis.ts'
import { type Serving, serve } from './serve.ts'
import type { Store } from './store.ts'
import { whoSignsIn } from './users.ts'

type ServeCommand = Extract<Command, { task: 'serve' }>

// Longer than any answer takes without a fault on demand.
const STOP_GRACE_MS = 5000
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const

// The same from src/mock and from dist/bin.
const packageFile = new URL('../../package.json', import.meta.url)

const remedies: Record<string, string> = {
  EADDRINUSE: 'it is in use; end the program that listens there, or choose another port with --port',
  EACCES: 'it is not allowed; choose a port from 1024 on with --port',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with --host',
  ENOTFOUND: 'there is no such name; choose another with --host',
}

async function openRedis(url: string): Promise<Store> {
  const store = await redisStore({ url })
  try {
    await store.read('keys')
    return store
  } catch (error) {
    await store.close?.()
    const { cause } = error as Error
    const reason = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : cause
    throw new Error(`--redis ${withoutPassword(url)}: no answer (${reason}); start it, or correct the address`)
  }
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  if (parsed.password) parsed.password = '***'
  return parsed.href
}

function createBackend(options: MockOptions) {
  try {
    return createMockBackend(options)
  } catch (error) {
    throw new Error((error as Error).message.replace('pass allowProduction: true', 'give --allow-production'))
  }
}

async function listen(options: MockOptions, host: string, port: number) {
  const backend = createBackend(options)
  try {
    return { backend, ...(await serve(backend, host, port)) }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new Error(`can not listen on port ${port} of ${host}: ${remedies[code] ?? message}`)
  }
}

function announce({ url, backend }: Awaited<ReturnType<typeof listen>>, { options, redis }: ServeCommand): string {
  const lines = backend.systems.map(({ name, bases }) => {
    const urls = bases.map((base) => (base === '/' ? url : url + base))
    return `  ${name.padEnd(10)} ${urls.join('  ')}`
  })
  return [
    `Stillhere mock backend on ${url}`,
    ...lines,
    ...(redis === undefined ? [] : [`  sessions and keys are in ${withoutPassword(redis)}`]),
    `  ${whoSignsIn(options.users)}`,
    `  ${NOT_FOR_PRODUCTION}`,
  ].join('\n')
}

function stopOnSignals(serving: Pick<Serving, 'stop'>, store: Store | undefined): void {
  let stopping = false
  async function stop(signal: keyof typeof SIGNALS) {
    if (stopping) process.exit(128 + SIGNALS[signal])
    stopping = true
    await serving.stop(STOP_GRACE_MS)
    await store?.close?.()
    process.exit(0)
  }
  for (const signal of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]) process.on(signal, () => void stop(signal))
}

async function start(command: ServeCommand): Promise<void> {
  const { host, port, quiet, options, redis } = command
  const print = (line: string) => void (quiet || console.log(line))
  const store = redis === undefined ? undefined : await openRedis(redis)
  try {
    const serving = await listen(
      { ...options, ...(quiet ? {} : { log: print, printOutbox: print }), ...(store ? { store } : {}) },
      host,
      port,
    )
    stopOnSignals(serving, store)
    print(announce(serving, command))
  } catch (error) {
    await store?.close?.()
    throw error
  }
}

async function main(args: readonly string[]): Promise<void> {
  const command = await readCommand(args)
  if (command.task === 'serve') await start(command)
  else console.log(command.task === 'help' ? help : JSON.parse(readFileSync(packageFile, 'utf8')).version)
}

// Whoever reads our output may be gone before us.
process.stdout.on('error', () => {})

main(process.argv.slice(2)).catch((error: Error) => {
  const isMisuse = error instanceof Misuse
  console.error(`stillhere-mock: ${error.message}${isMisuse ? '\nType stillhere-mock --help for the options.' : ''}`)
  process.exitCode = isMisuse ? 2 : 1
})
