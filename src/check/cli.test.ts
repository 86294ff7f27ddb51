import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMockBackend, type MockBackend } from '../mock/index.ts'
import { type Serving, serve } from '../mock/serve.ts'
import { ANALYST, inCookie } from './fixture.ts'
import type { Report } from './index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Inside node_modules, so that what stays outside of the bundle is found from there.
const outdir = `${root}/node_modules/.stillhere-check-${process.pid}`
const config = `${outdir}/rest.json`

let mock: MockBackend
let serving: Serving

beforeAll(async () => {
  const { status, stderr } = spawnSync(process.execPath, ['.ci/bin.mjs', outdir], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  writeFileSync(config, JSON.stringify(inCookie))
  mock = createMockBackend({ pbkdf2Iterations: 1, refusalDelay: 0 })
  serving = await serve(mock, '127.0.0.1', 0)
})

afterAll(async () => {
  await serving.stop(0)
  rmSync(outdir, { recursive: true, force: true })
})

/** Runs the command as a process of its own, without a terminal. */
async function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [`${outdir}/stillhere-check.js`, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text))
  const [code] = await once(child, 'close')
  return { code, ...output }
}

const password = { STILLHERE_PASSWORD: ANALYST.password }
const at = (system: string, path = '') => ['--system', system, '--url', serving.url + path, '--user', ANALYST.username]
const secrets = /bug#1|eyJ|not-the-password/

describe('stillhere-check', () => {
  test('prints a report card and ends with 0 where nothing failed', async () => {
    const { code, stdout, stderr } = await run(at('eclecticiq', '/api'), password)
    expect(stdout).toMatch(/^EclecticIQ Intelligence Center at http:\/\/127\.0\.0\.1:\d+\/api\n/)
    expect(stdout).toMatch(/\n {2}✓ pass {2}Signs in /)
    expect(stdout).toMatch(/\n✓ Nothing failed\. \d+ passed, 0 failed, 4 warnings, .*\n$/)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).not.toMatch(secrets)
    expect(stdout).not.toContain('\u001b')
  })

  test.each([
    ['econnect', '/identities', []],
    ['eclipse', '', []],
    ['datarhei', '', []],
    ['rest', '/rest/cookie', ['--config', config, '--probe', '/../me', '--origin', 'http://localhost:5173']],
  ])('passes %s over a real connection, with a report in JSON', async (system, path, more) => {
    const { code, stdout } = await run([...at(system, path), '--json', ...more], password)
    const report: Report = JSON.parse(stdout)
    expect(report.lines.filter(({ outcome }) => outcome === 'fail')).toEqual([])
    expect([code, report.failed, report.complete]).toEqual([0, 0, true])
    expect(stdout).not.toMatch(secrets)
  })

  test('signs in with a token', async () => {
    const args = ['--system', 'eclecticiq', '--url', serving.url, '--token', 'demo-api-token-not-a-secret']
    const { code, stdout } = await run(args)
    expect(code).toBe(0)
    expect(stdout).not.toContain('demo-api-token')
  })

  test('ends with 1 and says why where something failed', async () => {
    const { code, stdout } = await run([...at('eclecticiq'), '--password', 'bug#2', '--no-wrong-password'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ FAIL {2}Signs in\n {12}POST \/auth answered 401 .*: refused\n {12}→ Check user name/)
    expect(stdout).toMatch(/\n✗ FAILED: 1 of \d+ lines\./)
    expect(stdout).not.toContain('bug#2')
  })

  test('ends with 1 where nobody answers', async () => {
    const closed = await serve(mock, '127.0.0.1', 0)
    await closed.stop(0)
    const { code, stdout } = await run(['--system', 'econnect', '--url', closed.url, '--user', 'ana'], password)
    expect(code).toBe(1)
    expect(stdout).toMatch(/got no answer \(connect ECONNREFUSED/)
  })

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends as %s asks, with %i', async (signal, expected) => {
    let child: ChildProcess | undefined
    const server = createServer((request, response) => {
      // Answered once it has said that it is stopping.
      child?.stderr?.once('data', () => response.writeHead(503).end())
      request.resume()
      child?.kill(signal)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const args = ['--system', 'econnect', '--url', `http://127.0.0.1:${port}`, '--user', 'ana']
    child = spawn(process.execPath, [`${outdir}/stillhere-check.js`, ...args], {
      env: { ...process.env, ...password },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const [code] = await once(child, 'close')
    server.close()
    expect(code).toBe(expected)
  })

  test('ends with 2 where the command line can not be meant so, or there is no password', async () => {
    const odd = await run(['--system', 'nothing'])
    expect(odd).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^stillhere-check: --system nothing: .*\nType stillhere-check --help for the options\.\n$/,
      ),
    })
    const { code, stderr } = await run(at('econnect'), { STILLHERE_PASSWORD: '' })
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^stillhere-check: no password: set STILLHERE_PASSWORD/)])
  })

  test('says what it can do, and its version', async () => {
    const help = await run(['--help'])
    expect([help.code, help.stderr]).toEqual([0, ''])
    expect(help.stdout).toMatch(/^Usage: stillhere-check --system <name> --url <base URL> --user <name>/)
    const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})
