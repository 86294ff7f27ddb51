import { expect, onTestFinished, test } from 'vitest'
import { createMockBackend } from '../../mock/index.ts'
import { fetchOver, serveOver } from './wire.ts'

/** A mock at the far end of a port, and `fetch` at the near one. */
function connect(answer?: (request: Request) => Promise<Response>) {
  const mock = createMockBackend({ pbkdf2Iterations: 1 })
  const { port1, port2 } = new MessageChannel()
  serveOver(port1, answer ?? mock.fetch)
  onTestFinished(() => port1.close())
  return { mock, fetch: fetchOver(port2) }
}

const PAGE = 'https://pages.example/folder/'
const SIGN_IN = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ username: 'analyst@example.com', password: 'bug#1' }),
}

test('a call comes back as over a network: status, headers and body', async () => {
  const { fetch } = connect()
  const response = await fetch(`${PAGE}../api/auth`, SIGN_IN)
  expect(response.status).toBe(200)
  expect(response.headers.get('date')).toMatch(/GMT$/)
  const { token } = await response.json()
  const headers = { authorization: `Bearer ${token}` }
  const feeds = await fetch(new Request(`${PAGE}../api/feeds/?page=1`, { headers }))
  expect((await feeds.json()).data).not.toEqual([])
  const refused = await fetch(`${PAGE}../api/feeds/`)
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toContain('Bearer')
})

test('many calls at once each get their own answer, and bytes stay what they are', async () => {
  const { fetch } = connect(async (request) => {
    const bytes = await request.arrayBuffer()
    await new Promise((resolve) => setTimeout(resolve, bytes.byteLength % 3))
    return new Response(bytes, { headers: { method: request.method, where: request.url } })
  })
  const sent = Array.from({ length: 20 }, (_, n) => new Uint8Array(n).fill(200 + n))
  const got = await Promise.all(
    sent.map((body) => fetch(new Request(PAGE, { method: 'PUT', body, headers: { n: `${body.length}` } }))),
  )
  for (const [n, response] of got.entries()) {
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(sent[n])
    expect(response.headers.get('method')).toBe('PUT')
  }
})

test('an answer without a body has none, and how long to wait arrives', async () => {
  const { mock, fetch } = connect()
  const { token } = await (await fetch(`${PAGE}../api/auth`, SIGN_IN)).json()
  const out = await fetch(`${PAGE}../api/auth/logout/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  expect(out.ok).toBe(true)
  mock.setFaults({ status: 503, retryAfter: 7 })
  const busy = await fetch(`${PAGE}../api/feeds/`)
  expect(busy.status).toBe(503)
  expect(busy.headers.get('retry-after')).toBe('7')
  const nothing = connect(async () => new Response(null, { status: 204 }))
  expect((await nothing.fetch(PAGE)).body).toBeNull()
})

test('a dropped connection and a lost answer are errors of the network, and what was done is done', async () => {
  const { mock, fetch } = connect()
  mock.setFaults({ down: true })
  await expect(fetch(`${PAGE}../api/auth`, SIGN_IN)).rejects.toThrow(TypeError)
  expect(await mock.sessions()).toHaveLength(0)
  mock.setFaults({ loseAnswer: true })
  await expect(fetch(`${PAGE}../api/auth`, SIGN_IN)).rejects.toThrow(TypeError)
  expect(await mock.sessions()).toHaveLength(1)
})

test('an aborted call rejects at once with the reason, and leaves the next one alone', async () => {
  const answers: (() => void)[] = []
  const { fetch } = connect(() => new Promise((resolve) => answers.push(() => resolve(new Response('late')))))
  const controller = new AbortController()
  const call = fetch(PAGE, { signal: controller.signal })
  await expect.poll(() => answers).toHaveLength(1)
  controller.abort()
  await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  await expect(fetch(PAGE, { signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow('left')
  const next = fetch(PAGE)
  await expect.poll(() => answers).toHaveLength(2)
  for (const answer of answers) answer()
  expect(await (await next).text()).toBe('late')
})

test('a text is out before the call returns: a page that closes has no later', () => {
  const sent: unknown[] = []
  const port = { postMessage: (message: unknown) => sent.push(message) } as unknown as MessagePort
  void fetchOver(port)(PAGE, { method: 'POST', body: 'revoke me', keepalive: true })
  expect(sent).toMatchObject([{ method: 'POST', body: 'revoke me' }])
})
