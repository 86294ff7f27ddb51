import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildCli } from './fixture-cli.ts'
import { dial, dialMany, isServed, SIGN_IN, wire } from './fixture-socket.ts'
import { createMockBackend, type MockBackend } from './index.ts'
import { type Patience, type Serving, serve } from './serve.ts'

const DECLARED = wire('POST', '/auth', ['Content-Length: 1000'])
const CHUNKED = wire('POST', '/auth', ['Transfer-Encoding: chunked'])
const READ = wire('GET', '/feeds/downloads/200', ['Authorization: Bearer demo-api-token-not-a-secret'])
const SLOW_REFUSAL = wire('POST', '/api/login', ['Content-Length: 2'], '{}')

describe('a server of little patience', () => {
  const serving: Serving[] = []
  let backend: MockBackend
  afterEach(async () => {
    await Promise.all(serving.splice(0).map(({ stop }) => stop(0)))
  })

  async function start(patience: Patience) {
    backend = createMockBackend({ pbkdf2Iterations: 1 })
    const started = await serve(backend, '127.0.0.1', 0, patience)
    serving.push(started)
    return started
  }

  const slow = {
    'headers that never end': (one: Awaited<ReturnType<typeof dial>>) => {
      one.socket.write('GET /feeds/ HTTP/1.1\r\n')
      one.drip('X-Header: and on and on\r\n')
    },
    'a request line that never ends': (one: Awaited<ReturnType<typeof dial>>) => {
      one.socket.write('GET /')
      one.drip('and/on/')
    },
    'a body that drips': (one: Awaited<ReturnType<typeof dial>>) => {
      one.socket.write(DECLARED)
      one.drip('{"username": ')
    },
    'chunks that never end': (one: Awaited<ReturnType<typeof dial>>) => {
      one.socket.write(CHUNKED)
      one.drip('1\r\n{\r\n')
    },
    'a body that stops': (one: Awaited<ReturnType<typeof dial>>) => one.socket.write(`${DECLARED}{"username": `),
    'headers that stop': (one: Awaited<ReturnType<typeof dial>>) =>
      one.socket.write('GET /feeds/ HTTP/1.1\r\nHost: loc'),
    'nothing at all': () => {},
  }

  test.each(Object.entries(slow))('hangs up on %s, and serves others meanwhile', async (_, send) => {
    const { url } = await start({ headersTimeout: 1000, requestTimeout: 1500, connectionsCheckingInterval: 100 })
    const many = await dialMany(url, 50)
    for (const one of many) send(one)
    expect(await isServed(url)).toBe(true)
    const answers = await Promise.all(many.map(({ closed }) => closed))
    expect(answers.filter((answer) => answer && !answer.startsWith('HTTP/1.1 408 '))).toEqual([])
    expect(await isServed(url)).toBe(true)
  })

  test('hangs up on clients that do not read what they asked for', async () => {
    const { url } = await start({ silence: 5000 })
    await Promise.all(Array.from({ length: 2000 }, () => backend.fetch('http://localhost/nowhere')))
    // Who does not read is not told of the end: the server's own side is looked at.
    const ends: Promise<void>[] = []
    const accepted = (message: unknown) => {
      const { socket } = message as { socket: Socket }
      ends.push(new Promise((resolve) => socket.once('close', () => resolve())))
    }
    subscribe('net.server.socket', accepted)
    const many = await dialMany(url, 2)
    await expect.poll(() => ends.length).toBe(2)
    unsubscribe('net.server.socket', accepted)
    for (const { socket } of many) {
      socket.pause()
      // Of the requests seen, far more than the buffers of both sides hold.
      socket.write(wire('GET', '/__stillhere/requests', ['x-stillhere-mock: 1']).repeat(90))
    }
    expect(await isServed(url)).toBe(true)
    await Promise.all(ends)
    for (const { socket } of many) socket.destroy()
    expect(await isServed(url)).toBe(true)
  })

  test('hangs up on clients that ask for more and more before an answer', async () => {
    const { url } = await start({})
    const many = await dialMany(url, 10)
    for (const { socket } of many) socket.write(READ.repeat(10_000))
    expect(await isServed(url)).toBe(true)
    const answers = await Promise.all(many.map(({ closed }) => closed))
    expect(answers.join('')).not.toContain('HTTP/1.1 5')
  })
})

describe('the command line', () => {
  let cli: ReturnType<typeof buildCli>
  let mock: Awaited<ReturnType<ReturnType<typeof buildCli>['start']>>

  beforeAll(async () => {
    cli = buildCli()
    mock = await cli.start([])
    await isServed(mock.url)
  })
  afterAll(() => cli.clean())
  // Whatever it met, it has nothing to complain about.
  afterEach(() => expect(mock.output.stderr).toBe(''))

  /** The most memory that the server has while something is done, in MiB beyond what it had before, on Linux. */
  async function memoryFor(what: string, act: () => Promise<void>): Promise<number> {
    const proc = `/proc/${mock.child.pid}`
    const peak = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`${proc}/status`, 'utf8'))![1]) / 1024
    // Forgets the peak so far.
    writeFileSync(`${proc}/clear_refs`, '5')
    const before = peak()
    await act()
    const after = peak()
    console.log(`memory: ${before.toFixed(0)} MiB before, at most ${after.toFixed(0)} MiB with ${what}`)
    return after - before
  }

  test('answers pipelined requests one by one, in their order', async () => {
    const one = await dial(mock.url)
    const signIn = wire('POST', '/rest/login', [`Content-Length: ${SIGN_IN.length}`], SIGN_IN)
    one.socket.write(`${signIn}${wire('GET', '/nowhere')}`.repeat(20) + wire('GET', '/rest/me', ['Connection: close']))
    await one.closed
    expect(one.statuses()).toEqual([...Array(20).fill([200, 404]).flat(), 401])
  })

  test('hangs up on a client that has closed its own side, as Node does', async () => {
    const one = await dial(mock.url)
    // The refusal of this sign-in takes its time: the end of the client's side comes before any answer.
    one.socket.end(SLOW_REFUSAL)
    expect(await one.closed).toBe('')
  })

  test.each([
    ['in its headers', 'GET /feeds/ HTTP/1.1\r\nHost: loc'],
    ['in its body', `${DECLARED}{"username": `],
    ['in a chunk', `${CHUNKED}20\r\n{"user`],
    ['in a form', `${wire('POST', '/rest/revoke', ['Content-Length: 1000'])}token=`],
    ['before its answer', `${READ}`],
    ['in the delay of a refusal', SLOW_REFUSAL],
  ])('thinks nothing of a request that breaks off %s', async (_, begun) => {
    const many = await dialMany(mock.url, 50)
    for (const { socket } of many) socket.write(begun)
    expect(await isServed(mock.url)).toBe(true)
    for (const { socket } of many) socket.resetAndDestroy()
    await Promise.all(many.map(({ closed }) => closed))
    expect(await isServed(mock.url)).toBe(true)
  })

  test.skipIf(process.platform !== 'linux')('holds no more of fifty bodies of 10 MB each than it reads', async () => {
    const piece = 'x'.repeat(100_000)
    const chunk = `${piece.length.toString(16)}\r\n${piece}\r\n`
    const more = await memoryFor('50 bodies of 10 MB at once', async () => {
      const many = await dialMany(mock.url, 50)
      const sent = many.map(async (one, i) => {
        // Half of them say beforehand how much it is; none stops when it is told.
        const [head, body] = i % 2 ? [CHUNKED, chunk] : [wire('POST', '/auth', ['Content-Length: 10000000']), piece]
        one.socket.write(head + body)
        await one.answered()
        expect(one.statuses()).toEqual([413])
        await one.pour(body, 99)
        one.socket.end()
        await one.closed
      })
      await Promise.all(sent)
    })
    expect(more).toBeLessThan(200)
  })

  test.skipIf(process.platform !== 'linux')('holds few answers for clients that do not read', async () => {
    const more = await memoryFor('400 000 requests whose answers nobody reads', async () => {
      const many = await dialMany(mock.url, 20)
      for (const { socket } of many) {
        socket.pause()
        for (let i = 0; i < 200; i++) socket.write(READ.repeat(100))
      }
      for (let i = 0; i < 20; i++) expect(await isServed(mock.url)).toBe(true)
      for (const { socket } of many) socket.destroy()
    })
    expect(more).toBeLessThan(400)
  })

  test.skipIf(process.platform !== 'linux')('serves others beside 200 that hang, and ends on time', async () => {
    const many = await dialMany(mock.url, 200)
    const more = await memoryFor('200 connections that hang', async () => {
      many.forEach(({ socket }, i) => {
        if (i % 4) socket.write([READ.slice(0, -4), DECLARED, CHUNKED][i % 3]!)
      })
      for (let i = 0; i < 5; i++) expect(await isServed(mock.url)).toBe(true)
    })
    expect(more).toBeLessThan(200)
    mock.child.kill('SIGTERM')
    expect(await mock.ended).toBe(0)
    await Promise.all(many.map(({ closed }) => closed))
  })
})
