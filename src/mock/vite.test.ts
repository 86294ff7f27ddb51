import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect } from 'node:net'
import { createLogger, createServer, type InlineConfig, preview } from 'vite'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { MockOptions } from './index.ts'
import { stillhereMock } from './vite.ts'

const open: { close: () => Promise<void> }[] = []

afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(open.splice(0).map((server) => server.close()))
})

function makeConfig(options: MockOptions, lines: string[]): InlineConfig {
  const customLogger = createLogger('info')
  customLogger.info = (line) => lines.push(line)
  const plugins = [stillhereMock({ pbkdf2Iterations: 1, ...options })]
  return { configFile: false, root: import.meta.dirname, customLogger, plugins, optimizeDeps: { noDiscovery: true } }
}

async function startDev(options: MockOptions = {}) {
  const lines: string[] = []
  const server = await createServer({
    ...makeConfig(options, lines),
    server: { host: '127.0.0.1', port: 0, ws: false },
  })
  open.push(server)
  await server.listen()
  const { port } = server.httpServer!.address() as { port: number }
  return { port, base: `http://127.0.0.1:${port}`, lines }
}

/** A dev server told to listen on a host, which it does not: its middleware is served on loopback. */
async function startOpen(host: string | boolean, options: MockOptions = {}) {
  const config = makeConfig(options, [])
  const vite = await createServer({ ...config, server: { host, middlewareMode: true, ws: false } })
  const server = createHttpServer(vite.middlewares).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(vite, { close: async () => void server.close() })
  return { base: `http://127.0.0.1:${(server.address() as { port: number }).port}` }
}

async function startPreview(host: string | boolean) {
  const lines: string[] = []
  const server = await preview({ ...makeConfig({}, lines), preview: { host, port: 0 } })
  open.push(server)
  const { port } = server.httpServer.address() as { port: number }
  return { base: `http://127.0.0.1:${port}`, lines }
}

const signIn = (base: string, headers: Record<string, string> = {}) =>
  fetch(`${base}/auth`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: '{"username": "analyst@example.com", "password": "bug#1"}',
  })

const controlled = (base: string, operation: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${base}/__stillhere/${operation}`, {
    method: 'POST',
    headers: { 'x-stillhere-mock': '1', ...headers },
    body: JSON.stringify(body),
  })

/** Sends bytes as they are and gives all that comes back. */
const raw = (port: number, text: string) =>
  new Promise<string>((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (data) => (answer += data)).on('error', reject)
    socket.on('close', () => resolve(answer))
  })

test('the dev server answers the calls of the document, down to the missing space after the colon', async () => {
  const { base, port } = await startDev()
  const { token } = await (await signIn(base)).json()
  const answer = await raw(
    port,
    `GET /feeds/downloads/200 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nAuthorization:Bearer ${token}\r\nConnection: close\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).toContain('"feed_id":200')
})

describe('what is left to Vite', () => {
  const PAGE = 'text/html,application/xhtml+xml,*/*;q=0.8'

  test('is what the mock has no route for, whole paths and single methods', async () => {
    const { base } = await startDev()
    const text = async (path: string, init?: RequestInit) => (await fetch(base + path, init)).text()
    expect(await text('/index.ts')).toContain('createMockBackend')
    expect(await text('/auth', { method: 'GET' })).not.toContain('"status"')
    expect(await text('/auth', { method: 'PUT' })).not.toContain('"status"')
    expect(await text('/auth', { method: 'POST' })).toContain('"status":400')
  })

  test.each([
    ['a navigation', { 'Sec-Fetch-Mode': 'navigate' }],
    ['a request for a page', { Accept: PAGE }],
  ])('is %s to a path that both the mock and the app have', async (_, headers) => {
    const { port } = await startDev()
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const get = (path: string) =>
      raw(port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}Connection: close\r\n\r\n`)
    for (const path of ['/feeds/', '/rest/orders', '/api', '/identities/api/v1/sites']) {
      expect(await get(path)).not.toMatch(/application\/(problem\+)?json/)
    }
  })

  test('is no call by token whatever it accepts, and none by curl', async () => {
    const { base } = await startDev()
    const { token } = await (await signIn(base)).json()
    const authorized = { Accept: PAGE, Authorization: `Bearer ${token}` }
    expect((await fetch(`${base}/feeds/`, { headers: authorized })).status).toBe(200)
    expect((await fetch(`${base}/feeds/`, { headers: { Accept: '*/*' } })).status).toBe(401)
  })
})

describe('open to the network', () => {
  test.each([true, '', '0.0.0.0', 'devbox.example'])('with host %j it has no control endpoint', async (host) => {
    const { base } = await startOpen(host)
    expect((await controlled(base, 'faults', { status: 503 })).status).toBe(404)
    expect((await fetch(`${base}/__stillhere/outbox`, { headers: { 'x-stillhere-mock': '1' } })).status).toBe(404)
    expect((await signIn(base)).status).toBe(200)
  })

  test('it has one if told so, and on loopback', async () => {
    for (const { base } of [await startOpen(true, { control: true }), await startOpen('::1'), await startOpen(false)]) {
      expect((await controlled(base, 'faults', {})).status).toBe(200)
    }
  })
})

test('it says who may sign in and that it is a mock', async () => {
  const { lines } = await startDev()
  expect(lines.join('\n')).toMatch(/analyst@example\.com.*bug#1.*not for production/)
})

test('it prints the one-time PINs that would have gone to phones', async () => {
  const { base, lines } = await startDev()
  const path = '/eclipse-conductor/rest/v1/global/identities/analyst@example.com/password-change-init'
  const response = await fetch(base + path, { method: 'POST', body: '{"type": "OTP"}' })
  expect([response.status, lines.at(-1)]).toEqual([204, expect.stringMatching(/^ {2}SMS to \+\d+ .*: \d{6} is your/)])
})

test('a dropped answer closes the connection', async () => {
  const { base, port } = await startDev()
  await controlled(base, 'faults', { down: true })
  expect(await raw(port, `GET /feeds/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)).toBe('')
  await controlled(base, 'faults', {})
  expect((await signIn(base)).status).toBe(200)
})

test('a body that is too large is answered before the connection closes, sent in one piece or in chunks', async () => {
  const { base } = await startDev()
  const piece = 'x'.repeat(50_000)
  const chunks = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 10; i++) controller.enqueue(new TextEncoder().encode(piece))
      controller.close()
    },
  })
  const init = { method: 'POST', body: chunks, duplex: 'half' } as RequestInit
  expect((await fetch(`${base}/auth`, init)).status).toBe(413)
  expect((await fetch(`${base}/auth`, { method: 'POST', body: piece + piece })).status).toBe(413)
})

test('a request for another host name, or of another origin, does not reach the control endpoint', async () => {
  const { base, port } = await startDev()
  const body = '{"status":503}'
  const request = `POST /__stillhere/faults HTTP/1.1\r\nHost: mock.localhost:${port}\r\nX-Stillhere-Mock: 1\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
  expect(await raw(port, request)).toMatch(/^HTTP\/1\.1 404 /)
  const foreign = await controlled(base, 'faults', { status: 503 }, { Origin: 'http://localhost:9' })
  expect([foreign.status, foreign.headers.get('Access-Control-Allow-Origin')]).toEqual([404, null])
  expect((await signIn(base)).status).toBe(200)
})

test('the list of origins holds inside Vite, whose own CORS allows loopback', async () => {
  const { base } = await startDev({ origins: [] })
  const response = await signIn(base, { Origin: 'http://localhost:5173' })
  expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([200, null])
})

test('a preview on loopback is served although Vite calls it production; one open to the network is refused', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const { base, lines } = await startPreview('127.0.0.1')
  expect((await signIn(base)).status).toBe(200)
  expect(lines.join('\n')).toContain('not for production')
  for (const host of [true, '']) await expect(startPreview(host)).rejects.toThrow(/not for production/)
  await expect(startDev()).rejects.toThrow(/not for production/)
})
