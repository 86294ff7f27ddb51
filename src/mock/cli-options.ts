import { parseArgs } from 'node:util'
import { isLoopbackName } from './loopback.ts'
import type { MockOptions } from './options.ts'
import { type SystemName, systemNames } from './system.ts'
import { readUsers } from './users-file.ts'

/** A command line that can not be meant so; the message names the option and the remedy. */
export class Misuse extends Error {
  override name = 'Misuse'
}

/** What a command line asks for. */
export type Command =
  | { task: 'help' | 'version' }
  | { task: 'serve'; host: string; port: number; redis: string | undefined; quiet: boolean; options: MockOptions }

/** What `--help` prints. */
export const help = `Usage: stillhere-mock [options]

A pretend server of the systems that Stillhere speaks, for development and tests. Not for production.

  --system <name>         speak this system alone: ${systemNames.join(', ')};
                          may be given several times; all by default
  --port <number>         port to listen on, 4000 by default; 0 for any free one
  --host <name>           address to listen on, 127.0.0.1 by default; others than loopback need --allow-remote
  --allow-remote          let other machines in, who can then sign in with well-known passwords
  --users <file>          who may sign in: JSON, a list of {"userId": 1, "username": "ana", "password": "…"}
                          with optional displayName, roles, phone, customerId and tenantId
  --ttl <seconds>         life of access tokens, by default as each system documents it; at datarhei never more
                          than its 600
  --session-limit <s>     absolute life of a session in seconds, none by default
  --refresh-grace <s>     seconds in which a spent refresh token of the rest routes works once more, 0 by default
  --origin <origin>       allow pages of this origin, such as https://app.example; may be given several times;
                          any loopback origin by default
  --redis <url>           keep sessions and keys in Redis or Valkey, so that several processes are one server
  --no-control            no control endpoint for tests; with --allow-remote there is none unless --control
  --control               the control endpoint in spite of --allow-remote, from this machine alone
  --allow-production      half of what it takes with NODE_ENV=production
  --quiet                 print nothing but errors
  --version, --help
`

const flags = {
  system: { type: 'string', multiple: true },
  port: { type: 'string' },
  host: { type: 'string' },
  'allow-remote': { type: 'boolean' },
  users: { type: 'string' },
  ttl: { type: 'string' },
  'session-limit': { type: 'string' },
  'refresh-grace': { type: 'string' },
  origin: { type: 'string', multiple: true },
  redis: { type: 'string' },
  control: { type: 'boolean' },
  'allow-production': { type: 'boolean' },
  quiet: { type: 'boolean' },
  version: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowNegative: true }).values
  } catch (error) {
    throw new Misuse((error as Error).message.split('. ')[0])
  }
}

function wholeNumber(option: string, text: string | undefined, [least, most]: readonly [number, number]) {
  if (text === undefined) return undefined
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new Misuse(`--${option} ${text}: give a whole number from ${least} to ${most}`)
}

function readSystems(names: readonly string[] | undefined): readonly SystemName[] | undefined {
  for (const name of names ?? []) {
    if (!(systemNames as readonly string[]).includes(name)) {
      throw new Misuse(`--system ${name}: there is no such system; there are ${systemNames.join(', ')}`)
    }
  }
  return names as readonly SystemName[] | undefined
}

function readOrigins(origins: readonly string[] | undefined): readonly string[] | undefined {
  for (const origin of origins ?? []) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new Misuse(`--origin ${origin}: give scheme, host and port alone, such as https://app.example:8443`)
    }
  }
  return origins
}

function readHost(host: string, allowRemote: boolean): string {
  // As addresses write it; to listen there goes without the brackets.
  if (allowRemote || isLoopbackName(host)) return host.replace(/^\[(.*)\]$/, '$1')
  throw new Misuse(
    `--host ${host} lets other machines in: leave it out or, if that is what you want, add --allow-remote`,
  )
}

function readRedis(url: string | undefined): string | undefined {
  if (url === undefined || /^rediss?:\/\/\S+$/.test(url)) return url
  throw new Misuse(`--redis: give an address such as redis://127.0.0.1:6379`)
}

// With exactOptionalPropertyTypes an option left out must not be there.
const present = <T extends object>(options: T) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

const A_YEAR = 31_536_000

/** What a command line asks for, its users file read; throws Misuse. */
export async function readCommand(args: readonly string[]): Promise<Command> {
  const values = parse(args)
  if (values.help) return { task: 'help' }
  if (values.version) return { task: 'version' }
  const remote = values['allow-remote'] ?? false
  const users = values.users === undefined ? undefined : await readUsers(values.users)
  if (typeof users === 'string') throw new Misuse(`--users ${users}`)
  return {
    task: 'serve',
    host: readHost(values.host ?? '127.0.0.1', remote),
    port: wholeNumber('port', values.port, [0, 65_535]) ?? 4000,
    redis: readRedis(values.redis),
    quiet: values.quiet ?? false,
    options: present({
      systems: readSystems(values.system),
      users,
      ttl: wholeNumber('ttl', values.ttl, [1, A_YEAR]),
      sessionLimit: wholeNumber('session-limit', values['session-limit'], [1, A_YEAR]),
      refreshGrace: wholeNumber('refresh-grace', values['refresh-grace'], [0, 60]),
      origins: readOrigins(values.origin),
      control: values.control ?? !remote,
      allowProduction: values['allow-production'],
    }),
  }
}
