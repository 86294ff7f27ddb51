import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { RestOptions } from '../backends/rest.ts'
import type { Credentials } from '../core/types.ts'
import { type KnownSystem, knownSystems } from './systems.ts'
import type { CheckOptions, Subject } from './types.ts'

/** A command line that can not be meant so; the message names the option and the remedy. */
export class Misuse extends Error {
  override name = 'Misuse'
}

/** Where a password comes from that is not on the command line. */
export interface Sources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Asks for it on the terminal; left out where there is none. */
  readonly ask?: ((question: string) => Promise<string>) | undefined
}

/** What a command line asks for. */
export type Command =
  | { readonly task: 'help' | 'version' }
  | { readonly task: 'check'; readonly subject: Subject; readonly options: CheckOptions; readonly json: boolean }

const names = [...knownSystems.keys()]

const probes = [...knownSystems].flatMap(([name, { probe }]) =>
  probe ? [`${' '.repeat(29)}${name.padEnd(10)} ${probe}`] : [],
)

/** What `--help` prints. */
export const help = `Usage: stillhere-check --system <name> --url <base URL> --user <name> [options]

Runs an adapter of Stillhere against a live server, and says line by line what an app can rely on. It signs in up
to six times, and once with a wrong password, and signs out of what it opened. What it prints has no secret in it.

  --system <name>          ${names.join(', ')}
  --url <base URL>         where its API begins, as the option baseUrl of the adapter
  --user <name>            who signs in
  --password <password>    better: leave it out, and set STILLHERE_PASSWORD or be asked for it
  --token <token>          instead of --user and a password: an API token of eclecticiq, an Auth0 token for datarhei;
                           better: leave it out, and set STILLHERE_TOKEN
  --config <file>          for rest: its options as JSON, {"signIn": …, "answer": …}; --url wins over their baseUrl
  --probe <path>           a path whose GET needs a token and which this person may see; {name} in it is filled in
                           from the claims of the token. By default:
${probes.join('\n')}
  --origin <origin>        the origin of the pages that are to use it, https://app.example by default
  --wait-for-expiry <s>    wait for the end of a token, if it comes within so many seconds; 0 by default
  --no-wrong-password      do not try a wrong password
  --insecure-http          allow plain http to another machine: anyone on the way can read password and tokens
  --json                   print the report as JSON
  --version, --help

Exit code: 0 nothing failed (there may be warnings), 1 something failed, 2 the command line can not be meant so.
`

const flags = {
  system: { type: 'string' },
  url: { type: 'string' },
  user: { type: 'string' },
  password: { type: 'string' },
  token: { type: 'string' },
  config: { type: 'string' },
  probe: { type: 'string' },
  origin: { type: 'string' },
  'wait-for-expiry': { type: 'string' },
  'no-wrong-password': { type: 'boolean', default: false },
  'insecure-http': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  version: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags }).values
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // The message would repeat what may be a password.
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
      throw new Misuse('there is a word that belongs to no option; put "…" around what has spaces')
    throw new Misuse(message.split('. ')[0])
  }
}

type Values = ReturnType<typeof parse>

/** What a command line asks for, with its files read and the password fetched; throws Misuse. */
export async function readCommand(args: readonly string[], sources: Sources): Promise<Command> {
  const values = parse(args)
  if (values.help) return { task: 'help' }
  if (values.version) return { task: 'version' }

  const system = knownSystems.get(values.system ?? '')
  if (!system) {
    const said =
      values.system === undefined ? '--system is missing' : `--system ${values.system}: there is no such system`
    throw new Misuse(`${said}; there are ${names.join(', ')}`)
  }
  const config = readConfig(values)
  const handedOver = readToken(values, system, sources)
  const subject = readSubject(values, system, config, handedOver !== undefined)
  const probe = values.probe ?? system.probe
  if (!probe) throw new Misuse('--probe is missing: name a path whose GET needs a token, such as /me')
  if (!/^(\/|https?:\/\/)/.test(probe)) throw new Misuse('--probe: begin it with "/", or give a whole URL')
  if (URL.canParse(probe) && (new URL(probe).username || new URL(probe).password))
    throw new Misuse('--probe must have no user name and no password in it: the token is sent in a header')
  const credentials = await readCredentials(values, system, sources, handedOver)
  const origin = readOrigin(values.origin)

  return {
    task: 'check',
    subject,
    json: values.json,
    options: {
      credentials,
      probe,
      allowPlainHttp: values['insecure-http'],
      secrets: Object.values(config?.headers ?? {}).map(String),
      waitForExpiry: readSeconds(values['wait-for-expiry']) * 1_000,
      ...(origin !== undefined && { origin }),
      ...(values['no-wrong-password'] && { wrongPassword: false }),
    },
  }
}

const KEYS = ['system', 'baseUrl', 'signIn', 'refresh', 'signOut', 'answer', 'header', 'headers']

function readConfig({ system, config }: Values): RestOptions | undefined {
  if (system !== 'rest') {
    if (config === undefined) return undefined
    throw new Misuse(`--config describes an API to rest alone: leave it out, or say --system rest`)
  }
  if (config === undefined) throw new Misuse('--config is missing: name a file with the options of rest() as JSON')
  let options: unknown
  try {
    options = JSON.parse(readFileSync(config, 'utf8'))
  } catch (error) {
    // The message of JSON.parse would quote the file, and with it what may be a key.
    if (error instanceof SyntaxError) throw new Misuse(`--config ${config}: is not JSON`)
    const { code, message } = error as NodeJS.ErrnoException
    throw new Misuse(`--config ${config}: ${code === 'ENOENT' ? 'there is no such file' : message}`)
  }
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject(options)) throw new Misuse(`--config ${config}: must be one object, {"signIn": …, "answer": …}`)
  const unknown = Object.keys(options as object).find((key) => !KEYS.includes(key))
  if (unknown) throw new Misuse(`--config ${config}: there is no option "${unknown}"; there are ${KEYS.join(', ')}`)
  const { signIn, answer } = options as Partial<RestOptions>
  if (!isObject(signIn)) throw new Misuse(`--config ${config}: signIn is missing, such as {"path": "/login"}`)
  if (!isObject(answer) || typeof answer!.token !== 'string')
    throw new Misuse(`--config ${config}: answer.token is missing, the field of the answer that has the token`)
  return options as RestOptions
}

function readSubject(values: Values, { make }: KnownSystem, config: RestOptions | undefined, byToken: boolean) {
  const baseUrl = values.url ?? config?.baseUrl
  if (baseUrl === undefined)
    throw new Misuse('--url is missing: name where the API begins, such as https://example.com/api')
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl))
    throw new Misuse('--url must be a whole URL, such as https://example.com/api')
  if (new URL(baseUrl).username || new URL(baseUrl).password)
    throw new Misuse('--url must have no user name and no password in it: give them by --user and STILLHERE_PASSWORD')
  const allowPlainHttp = values['insecure-http']
  const subject = (fetch: typeof globalThis.fetch) => make({ baseUrl, fetch, allowPlainHttp, byToken, config })
  try {
    subject(fetch)
  } catch (error) {
    const hint = values.system === 'rest' ? `--config ${values.config}: ` : '--url: '
    throw new Misuse(hint + (error as Error).message.replace('say allowPlainHttp: true', 'add --insecure-http'))
  }
  return subject
}

/** The token handed over instead of a password; from the environment only where nobody is named. */
function readToken({ token, user, password }: Values, system: KnownSystem, { env }: Sources): string | undefined {
  if (token !== undefined) return token
  const isWanted = system.token && user === undefined && password === undefined
  return isWanted ? env.STILLHERE_TOKEN || undefined : undefined
}

async function readCredentials(
  values: Values,
  system: KnownSystem,
  { env, ask }: Sources,
  token: string | undefined,
): Promise<Credentials> {
  const { user: username } = values
  if (token !== undefined) {
    if (!system.token) throw new Misuse(`--token: ${values.system} takes none; give --user and a password`)
    if (username !== undefined || values.password !== undefined)
      throw new Misuse('--token takes the place of --user and --password: leave those out')
    return { [system.token]: token }
  }
  if (!username) throw new Misuse('--user is missing: name who signs in')
  const password = values.password ?? env.STILLHERE_PASSWORD ?? (await ask?.(`Password of ${username}: `))
  if (!password) throw new Misuse('no password: set STILLHERE_PASSWORD, or run it on a terminal to be asked for it')
  return { username, password }
}

function readOrigin(origin: string | undefined): string | undefined {
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).origin === origin)) return origin
  throw new Misuse(`--origin ${origin}: give scheme, host and port alone, such as https://app.example:8443`)
}

function readSeconds(text = '0'): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new Misuse(`--wait-for-expiry ${text}: give whole seconds, 0 to 999999`)
}
