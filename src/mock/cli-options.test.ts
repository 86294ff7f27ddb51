import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Misuse, readCommand } from './cli-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'stillhere-mock-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'users.json')

async function complaint(args: string[]): Promise<string> {
  try {
    await readCommand(args)
  } catch (error) {
    expect(error).toBeInstanceOf(Misuse)
    return (error as Error).message
  }
  return ''
}

test('without options it serves everything on loopback, port 4000', async () => {
  expect(await readCommand([])).toEqual({
    task: 'serve',
    host: '127.0.0.1',
    port: 4000,
    redis: undefined,
    quiet: false,
    options: { control: true },
  })
})

test('every option is heard', async () => {
  writeFileSync(file, '[{"userId": 0, "username": "ana", "password": "x", "phone": "+49 30 1"}]')
  const args =
    '--system eclipse --system=rest --port 0 --host 0.0.0.0 --allow-remote --ttl 120 --session-limit 3600 ' +
    '--refresh-grace 10 --origin https://app.example --origin http://a:1 --redis rediss://cache:6380 --control ' +
    `--allow-production --quiet --users ${file}`
  expect(await readCommand(args.split(' '))).toEqual({
    task: 'serve',
    host: '0.0.0.0',
    port: 0,
    redis: 'rediss://cache:6380',
    quiet: true,
    options: {
      systems: ['eclipse', 'rest'],
      users: [{ userId: 0, username: 'ana', password: 'x', phone: '+49 30 1' }],
      ttl: 120,
      sessionLimit: 3600,
      refreshGrace: 10,
      origins: ['https://app.example', 'http://a:1'],
      control: true,
      allowProduction: true,
    },
  })
})

test.each([
  [['--prot', '1'], /Unknown option '--prot'/],
  [['--port'], /--port <value>/],
  [['4000'], /Unexpected argument '4000'/],
  [['--quiet=yes'], /--quiet/],
  [['--port', 'http'], /--port http: give a whole number from 0 to 65535/],
  [['--port', '65536'], /--port 65536: .* 65535/],
  [['--port', '-1'], /--port/],
  [['--ttl', '0'], /--ttl 0: give a whole number from 1 /],
  [['--ttl', '1.5'], /--ttl 1\.5: /],
  [['--session-limit', ''], /--session-limit : /],
  [['--refresh-grace', '61'], /--refresh-grace 61: .* 60/],
  [['--system', 'auth0'], /--system auth0: .* there are eclecticiq, econnect, eclipse, datarhei, rest/],
  [['--origin', 'https://app.example/'], /--origin https:\/\/app\.example\/: give scheme, host and port alone/],
  [['--origin', '*'], /--origin \*: /],
  [['--host', '0.0.0.0'], /--host 0\.0\.0\.0 .* --allow-remote/],
  [['--host', ''], /--host .* --allow-remote/],
  [['--host', '::'], /--host :: .* --allow-remote/],
  [['--host', 'localhost.evil.example'], /--host localhost\.evil\.example /],
  [['--redis', 'localhost:6379'], /--redis: give an address such as redis:/],
])('%j is refused, naming the option and the remedy', async (args, words) => {
  expect(await complaint(args)).toMatch(words)
})

test.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('%s is loopback', async (host) => {
  expect(await readCommand(['--host', host])).toMatchObject({ host })
})

test('an address in brackets, as in a URL, is listened on without them', async () => {
  expect(await readCommand(['--host', '[::1]'])).toMatchObject({ host: '::1' })
})

describe('a users file', () => {
  const ana = { userId: 1, username: 'ana', password: 'pa55word' }
  test.each([
    ['{', /is not JSON; give a list such as/],
    ['{}', / must be a list of users$/],
    ['[]', / names no user$/],
    ['[7]', /: \[0\] must be an object$/],
    [[ana, { ...ana, userId: 2, username: 7 }], /: \[1\]\.username must be a text$/],
    [[{ username: 'ana', password: 'x' }], /: \[0\]\.userId is missing$/],
    [[{ ...ana, userId: 1.5 }], /: \[0\]\.userId must be a whole number$/],
    [[{ ...ana, password: '' }], /: \[0\]\.password must not be empty$/],
    [[{ ...ana, password: '🔑'.repeat(1025) }], /: \[0\]\.password is too long$/],
    [[{ ...ana, role: 'admin' }], /: \[0\]\.role is unknown$/],
    [[{ ...ana, roles: 'admin' }], /: \[0\]\.roles must be a list of texts$/],
    [[{ ...ana, roles: ['a', 1] }], /: \[0\]\.roles\[1\] must be a text$/],
    [[ana, { ...ana, userId: 2 }], /: \[1\]\.username is the same as \[0\]\.username; give each user another$/],
    [[ana, { ...ana, username: 'bob' }], /: \[1\]\.userId is the same as \[0\]\.userId/],
  ])('%j is refused, naming file, index and field', async (content, words) => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    const message = await complaint(['--users', file])
    expect(message.startsWith(`--users ${file}: `)).toBe(true)
    expect(message).toMatch(words)
    expect(message).not.toContain('pa55word')
  })

  test('may name several users with no more than the three fields', async () => {
    const users = [ana, { userId: 2, username: 'bob', password: 'pa55word' }]
    writeFileSync(file, JSON.stringify(users))
    expect(await readCommand(['--users', file])).toMatchObject({ options: { users } })
  })

  test('may have passwords as long as can be typed, and begin with a byte order mark', async () => {
    const users = [{ ...ana, password: '🔑'.repeat(1024) }]
    writeFileSync(file, `\uFEFF${JSON.stringify(users)}`)
    expect(await readCommand(['--users', file])).toMatchObject({ options: { users } })
  })

  test('that is not there is named', async () => {
    expect(await complaint(['--users', join(folder, 'nobody.json')])).toMatch(
      /nobody\.json: can not be read \(ENOENT\)/,
    )
  })
})
