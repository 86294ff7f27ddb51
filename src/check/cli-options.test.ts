import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Backend } from '../core/types.ts'
import { type Command, help, Misuse, readCommand } from './cli-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'stillhere-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

const written = (name: string, content: unknown) => {
  const file = join(folder, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const config = written('rest.json', { signIn: { path: '/login' }, answer: { token: 'token' } })
const URL_ = ['--url', 'https://auth.example']
const WHO = ['--user', 'ana']
const env = { STILLHERE_PASSWORD: 'from-env' }

async function read(...args: string[]): Promise<Extract<Command, { task: 'check' }> & { backend: Backend }> {
  const command = await readCommand(args, { env })
  if (command.task !== 'check') throw new Error(`It was taken for ${command.task}`)
  const { subject } = command
  return { ...command, backend: typeof subject === 'function' ? subject(fetch) : subject }
}

describe('a command line', () => {
  test.each([
    ['eclecticiq', 'EclecticIQ Intelligence Center', '/feeds/'],
    ['econnect', 'eConnect Identities', '/api/v1/renewToken'],
    ['eclipse', 'Eclipse Conductor', '/eclipse-conductor/rest/v1/tenants/{tenantId}/customers/{uid}'],
    ['datarhei', 'datarhei Core', '/api/v3/process'],
  ])('for %s needs no more than an address and a person', async (system, name, probe) => {
    const { backend, options, json } = await read('--system', system, ...URL_, ...WHO)
    expect([backend.system, backend.baseUrl, options.probe, json]).toEqual([name, 'https://auth.example', probe, false])
    expect(options.credentials).toEqual({ username: 'ana', password: 'from-env' })
    expect(options.wrongPassword).toBeUndefined()
  })

  test('for rest needs its options in a file, and a protected path', async () => {
    const { backend, options } = await read('--system', 'rest', ...URL_, ...WHO, '--config', config, '--probe', '/me')
    expect([backend.system, backend.renewsWith, options.probe]).toEqual(['REST API', 'nothing', '/me'])
  })

  test('takes the address from the file of rest, unless it is given', async () => {
    const file = written('base.json', {
      baseUrl: 'https://api.example',
      signIn: { path: '/in' },
      answer: { token: 't' },
    })
    const args = ['--system', 'rest', ...WHO, '--config', file, '--probe', '/me']
    expect((await read(...args)).backend.baseUrl).toBe('https://api.example')
    expect((await read(...args, ...URL_)).backend.baseUrl).toBe('https://auth.example')
  })

  test('sets every option that a check has', async () => {
    const all = [
      '--origin',
      'https://app.test',
      '--wait-for-expiry',
      '90',
      '--no-wrong-password',
      '--json',
      '--insecure-http',
    ]
    const { options, json } = await read('--system', 'eclipse', '--url', 'http://auth.example', ...WHO, ...all)
    expect(options).toMatchObject({
      origin: 'https://app.test',
      waitForExpiry: 90_000,
      wrongPassword: false,
      allowPlainHttp: true,
    })
    expect(json).toBe(true)
  })

  test.each([
    ['eclecticiq', { apiToken: 'abc' }],
    ['datarhei', { externalToken: 'abc' }],
  ])('signs in to %s with a token', async (system, credentials) => {
    const { options } = await read('--system', system, ...URL_, '--token', 'abc')
    expect(options.credentials).toEqual(credentials)
  })
})

test('the headers in the file of rest are secrets', async () => {
  const file = written('headers.json', {
    headers: { 'x-api-key': 'key-of-the-app' },
    signIn: { path: '/in' },
    answer: { token: 't' },
  })
  const { options } = await read('--system', 'rest', ...URL_, ...WHO, '--config', file, '--probe', '/me')
  expect(options.secrets).toEqual(['key-of-the-app'])
})

describe('the token', () => {
  const sources = { env: { STILLHERE_TOKEN: 'token-from-env', STILLHERE_PASSWORD: 'from-env' } }
  const credentialsOf = async (...args: string[]) => {
    const command = await readCommand([...args, ...URL_], sources)
    return command.task === 'check' && command.options.credentials
  }

  test('comes from the option, else from the environment where nobody is named', async () => {
    expect(await credentialsOf('--system', 'eclecticiq', '--token', 'given')).toEqual({ apiToken: 'given' })
    expect(await credentialsOf('--system', 'eclecticiq')).toEqual({ apiToken: 'token-from-env' })
    expect(await credentialsOf('--system', 'eclecticiq', ...WHO)).toEqual({ username: 'ana', password: 'from-env' })
  })

  test('from the environment is not for systems that take none', async () => {
    await expect(credentialsOf('--system', 'econnect')).rejects.toThrow(/^--user is missing/)
  })

  test('from the environment is named by the help', () => {
    expect(help).toContain('STILLHERE_TOKEN')
  })
})

describe('the password', () => {
  const args = ['--system', 'econnect', ...URL_, ...WHO]
  const passwordOf = async (more: string[], sources: Parameters<typeof readCommand>[1]) => {
    const command = await readCommand([...args, ...more], sources)
    return command.task === 'check' && command.options.credentials.password
  }
  const ask = async (question: string) => `answer to ${question}`

  test('comes from the option, else from the environment, else it is asked for', async () => {
    expect(await passwordOf(['--password', 'given'], { env, ask })).toBe('given')
    expect(await passwordOf([], { env, ask })).toBe('from-env')
    expect(await passwordOf([], { env: {}, ask })).toBe('answer to Password of ana: ')
  })

  test('is missing where nobody can be asked', async () => {
    await expect(passwordOf([], { env: {} })).rejects.toThrow(/^no password: set STILLHERE_PASSWORD/)
    await expect(passwordOf([], { env: {}, ask: async () => '' })).rejects.toThrow(/^no password/)
  })
})

describe('a command line that can not be meant so is refused, with the option and the remedy', () => {
  const econnect = ['--system', 'econnect', ...URL_, ...WHO]
  const rest = ['--system', 'rest', ...URL_, ...WHO, '--probe', '/me']
  test.each<[string[], RegExp]>([
    [[], /^--system is missing; there are eclecticiq, econnect, eclipse, datarhei, rest$/],
    [['--system', 'toString'], /^--system toString: there is no such system/],
    [['--sistem', 'rest'], /^Unknown option '--sistem'$/],
    [[...econnect, 'my-secret'], /^there is a word that belongs to no option/],
    [['--system', 'econnect', ...WHO], /^--url is missing: name where the API begins/],
    [['--system', 'econnect', ...WHO, '--url', '/api'], /^--url must be a whole URL/],
    [['--system', 'econnect', ...WHO, '--url', 'https://a:b@auth.example'], /^--url must have no user name/],
    [['--system', 'eclipse', ...WHO, '--url', 'http://auth.example'], /^--url: .* or add --insecure-http\.$/],
    [['--system', 'econnect', ...URL_], /^--user is missing/],
    [[...econnect, '--token', 'abc'], /^--token: econnect takes none/],
    [['--system', 'datarhei', ...URL_, ...WHO, '--token', 'abc'], /^--token takes the place of --user/],
    [[...econnect, '--probe', 'me'], /^--probe: begin it with "\/"/],
    [
      [...econnect, '--probe', 'https://ana:my-secret@auth.example/'],
      /^--probe must have no user name and no password/,
    ],
    [[...econnect, '--probe', 'ana:my-secret@auth.example'], /^--probe: begin it with "\/"/],
    [[...rest, '--config', written('key.json', '{"headers": {"x-api-key": my-secret}}')], /key\.json: is not JSON$/],
    [[...econnect, '--origin', 'https://app.test/'], /^--origin https:\/\/app\.test\/: give scheme/],
    [[...econnect, '--wait-for-expiry', '1.5'], /^--wait-for-expiry 1\.5: give whole seconds/],
    [[...econnect, '--config', config], /^--config describes an API to rest alone/],
    [rest, /^--config is missing/],
    [[...rest, '--config', join(folder, 'none.json')], /none\.json: there is no such file$/],
    [[...rest, '--config', written('half.json', '{')], /half\.json: is not JSON$/],
    [[...rest, '--config', written('list.json', [])], /list\.json: must be one object/],
    [[...rest, '--config', written('odd.json', { signin: {} })], /odd\.json: there is no option "signin"; there are/],
    [[...rest, '--config', written('no-sign-in.json', { answer: { token: 't' } })], /signIn is missing/],
    [[...rest, '--config', written('no-answer.json', { signIn: { path: '/in' } })], /answer\.token is missing/],
    [
      [...rest, '--config', written('path.json', { signIn: { path: 'in' }, answer: { token: 't' } })],
      /path\.json: REST API: the endpoint "in" must have a path that begins with one "\/"/,
    ],
    [['--system', 'rest', ...URL_, ...WHO, '--config', config], /^--probe is missing/],
  ])('%j', async (args, message) => {
    const error = await readCommand(args, { env }).catch((error) => error)
    expect(error).toBeInstanceOf(Misuse)
    expect(error.message).toMatch(message)
    expect(error.message).not.toMatch(/my-secret|from-env/)
  })
})

test('help names every option', () => {
  const options = ['system', 'url', 'user', 'password', 'token', 'config', 'probe', 'origin', 'wait-for-expiry']
  for (const name of [...options, 'no-wrong-password', 'insecure-http', 'json', 'version', 'help']) {
    expect(help).toContain(`--${name}`)
  }
  expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
})
