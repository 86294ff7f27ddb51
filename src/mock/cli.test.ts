import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCli, freePort } from './fixture-cli.ts'

let cli: ReturnType<typeof buildCli>
const folder = mkdtempSync(join(tmpdir(), 'stillhere-mock-'))

beforeAll(() => {
  cli = buildCli()
})

afterAll(async () => {
  await cli.clean()
  rmSync(folder, { recursive: true })
})

const signIn = (url: string, body: unknown) =>
  fetch(`${url}/rest/login`, { method: 'POST', body: JSON.stringify(body) })

const isRefused = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  )

/** A sign-in whose body is not sent to its end: under way until `finish`. */
async function beginSignIn(url: string) {
  const body = JSON.stringify({ username: 'analyst@example.com', password: 'bug#1' })
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  let answer = ''
  const closed = once(socket, 'close')
  socket.setEncoding('utf8').on('data', (text) => (answer += text))
  socket.write(
    `POST /rest/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  )
  await expect.poll(() => answer).toMatch(/^HTTP\/1\.1 100 /)
  return {
    async finish() {
      socket.write(body)
      await closed
      return answer
    },
  }
}

describe('stillhere-mock', () => {
  test('serves one system to the users of a file, with a log that has no secret', async () => {
    const file = join(folder, 'users.json')
    writeFileSync(file, JSON.stringify([{ userId: 1, username: 'ana', password: 'pa55word-of-ana', roles: ['BUYER'] }]))
    const { url, output, said, child, ended } = await cli.start(['--system', 'rest', '--ttl', '120', '--users', file])
    expect(output.stdout).toContain(`  rest       ${url}/rest\n  sign in as the configured user\n`)
    const { data } = await (await signIn(url, { username: 'ana', password: 'pa55word-of-ana' })).json()
    expect(data).toMatchObject({ expiresIn: expect.any(Number), user: { id: 1, name: 'Ana', roles: ['BUYER'] } })
    expect(data.expiresIn).toBeLessThanOrEqual(120_000)
    expect((await signIn(url, { username: 'analyst@example.com', password: 'bug#1' })).status).toBe(401)
    expect((await fetch(`${url}/auth`, { method: 'POST' })).status).toBe(404)
    await said('sign-in-refused user="(unknown)"')
    expect(output.stdout).toMatch(/Z sign-in user="ana" session=[0-9a-f]{12}\n/)
    for (const secret of ['pa55word-of-ana', 'bug#1', data.accessToken, data.refreshToken]) {
      expect(output.stdout + output.stderr).not.toContain(secret)
    }
    child.kill('SIGTERM')
    expect([await ended, output.stderr]).toEqual([0, ''])
  })

  test('speaks all systems by default, to the users of the documents, and has a control endpoint', async () => {
    const { url, output } = await cli.start([])
    expect(output.stdout).toContain('sign in as analyst@example.com with password bug#1')
    for (const line of [`eclecticiq ${url}  ${url}/api`, `eclipse    ${url}/eclipse-conductor/rest/v1`]) {
      expect(output.stdout).toContain(line)
    }
    const reset = () => fetch(`${url}/__stillhere/reset`, { method: 'POST', headers: { 'x-stillhere-mock': '1' } })
    expect((await reset()).status).toBe(204)
  })

  test('open to other machines, or told so, it has no control endpoint unless told', async () => {
    const reset = async (args: string[]) => {
      const { url } = await cli.start(args)
      const headers = { 'x-stillhere-mock': '1' }
      return (await fetch(`${url}/__stillhere/reset`, { method: 'POST', headers })).status
    }
    expect(
      await Promise.all([
        reset(['--no-control']),
        reset(['--allow-remote']),
        reset(['--allow-remote', '--control', '--host', '127.0.0.1']),
      ]),
    ).toEqual([404, 404, 204])
  })

  test('quiet, it serves and says nothing', async () => {
    const port = await freePort()
    const { output, child, ended } = cli.run(['--quiet', '--port', String(port)])
    await expect.poll(() => isRefused(`http://127.0.0.1:${port}/`), { timeout: 10_000 }).toBe(false)
    await signIn(`http://127.0.0.1:${port}`, { username: 'nobody', password: 'wrong' })
    child.kill('SIGINT')
    expect([await ended, output]).toEqual([0, { stdout: '', stderr: '' }])
  })

  test.each([
    [['--help'], /^Usage: stillhere-mock \[options\]\n/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('%j is answered, and nothing started', async (args, answer) => {
    const { output, ended } = cli.run(args)
    expect([await ended, output.stderr]).toEqual([0, ''])
    expect(output.stdout).toMatch(answer)
  })

  test('a command line that can not be meant so ends with 2, the name of the option and the remedy', async () => {
    const { output, ended } = cli.run(['--host', '0.0.0.0'])
    expect([await ended, output.stdout]).toEqual([2, ''])
    expect(output.stderr).toMatch(/^stillhere-mock: --host 0\.0\.0\.0 .*--allow-remote\nType stillhere-mock --help/)
  })

  test('a start that fails ends with 1 and the remedy', async () => {
    const { url } = await cli.start([])
    const failed = async (args: string[], env?: Record<string, string>) => {
      const { output, ended } = cli.run(args, env)
      return [await ended, output.stderr]
    }
    const { port } = new URL(url)
    expect(await failed(['--port', port])).toEqual([
      1,
      `stillhere-mock: can not listen on port ${port} of 127.0.0.1: it is in use; end the program that listens there, or choose another port with --port\n`,
    ])
    expect(await failed([], { NODE_ENV: 'production' })).toEqual([1, expect.stringContaining('--allow-production')])
    const [code, message] = await failed(['--redis', `redis://:secret@127.0.0.1:${await freePort()}`])
    expect([code, message]).toEqual([1, expect.stringMatching(/--redis redis:\/\/:\*\*\*@.*ECONNREFUSED/)])
  })
})

describe('told to stop', () => {
  test('it takes no more requests, finishes those under way and ends with 0', async () => {
    const { url, child, ended } = await cli.start(['--system', 'rest'])
    const underWay = await beginSignIn(url)
    child.kill('SIGTERM')
    await expect.poll(() => isRefused(url)).toBe(true)
    expect(await underWay.finish()).toMatch(/HTTP\/1\.1 200 OK\r\n[\s\S]*accessToken/)
    expect(await ended).toBe(0)
  })

  test('twice, it ends at once', async () => {
    const { url, child, ended } = await cli.start(['--system', 'rest'])
    await beginSignIn(url)
    child.kill('SIGTERM')
    await expect.poll(() => isRefused(url)).toBe(true)
    child.kill('SIGTERM')
    expect(await ended).toBe(143)
  })
})
