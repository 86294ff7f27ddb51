import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeStore } from './contract.ts'
import { makeBackend } from './fixture.ts'
import { redisStore } from './redis.ts'
import { StoreUnavailable } from './store.ts'

const hasRedis = spawnSync('redis-server', ['--version']).status === 0
if (!hasRedis) console.warn('Skipped: there is no redis-server on this machine; type: apt-get install redis-server')

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

let port = 0
let redis: ChildProcess

async function startRedis(): Promise<void> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  redis = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const chunk of redis.stdout!) if (String(chunk).includes('Ready to accept connections')) break
  redis.stdout!.resume()
}

async function stopRedis(): Promise<void> {
  if (redis.exitCode !== null || redis.signalCode !== null) return
  redis.kill('SIGKILL')
  await once(redis, 'exit')
}

let made = 0
const opened: { close?: () => Promise<void> }[] = []

async function makeStore({ prefix = `test-${++made}[*]:`, timeout = 1000 } = {}) {
  const store = await redisStore({ url: `redis://127.0.0.1:${port}`, prefix, timeout })
  opened.push(store)
  return store
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

describe.skipIf(!hasRedis)('with a redis-server', () => {
  beforeAll(async () => {
    port = await freePort()
    await startRedis()
  })

  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close?.()))
    await stopRedis()
  })

  describeStore('in Redis', async () => ({ store: await makeStore(), pass: wait }))

  test('two prefixes are two stores, also if one begins with the other', async () => {
    const [one, two] = [await makeStore({ prefix: 'pre' }), await makeStore({ prefix: 'prefix:' })]
    await one.update('key', () => ({ value: 1, keepForMs: 60_000 }))
    await two.update('key', () => ({ value: 2, keepForMs: 60_000 }))
    expect([await one.read('key'), await two.read('key')]).toEqual([1, 2])
    await two.clear()
    expect([await one.read('key'), await two.read('key')]).toEqual([1, undefined])
  })

  test('a client of your own is used and left open', async () => {
    const { createClient } = await import('redis')
    const client = createClient({ url: `redis://127.0.0.1:${port}` })
    await client.connect()
    const store = await redisStore({ client, prefix: 'own:' })
    await store.update('key', () => ({ value: 'mine', keepForMs: 60_000 }))
    await store.close?.()
    expect(await client.get('own:key')).toBe('"mine"')
    client.destroy()
  })

  test('what is kept has an end in Redis too, only the signing keys do not', async () => {
    const { createClient } = await import('redis')
    const prefix = `ends-${++made}:`
    const { token } = makeBackend({ store: await makeStore({ prefix }), now: Date.now })
    await token()
    const client = createClient({ url: `redis://127.0.0.1:${port}` })
    await client.connect()
    const lives = Object.fromEntries(
      await Promise.all(
        (await client.keys(`${prefix}*`)).map(async (key) => [key.split(':')[1], await client.ttl(key)]),
      ),
    )
    client.destroy()
    expect(lives).toEqual({ keys: -1, session: expect.any(Number), token: expect.any(Number) })
    for (const name of ['session', 'token']) expect(lives[name]).toBeGreaterThan(1800)
  })

  test('away, every request is answered 503; back again, people can sign in', async () => {
    const store = await makeStore({ prefix: 'away:' })
    const { token, call, signIn, statusFor } = makeBackend({ store })
    const before = await token()
    await stopRedis()
    const answers = await Promise.all([signIn(), call('GET', '/feeds/', { token: before }), signIn()])
    expect(answers.map(({ status, headers }) => [status, headers.get('Retry-After')])).toEqual(
      Array(3).fill([503, '1']),
    )
    expect((await signIn()).status).toBe(503)
    await startRedis()
    const after = await token()
    // It kept nothing on disk: a session it has forgotten is over.
    expect([await statusFor(after), await statusFor(before)]).toEqual([200, 401])
  })

  test('that hangs is given up in time, and used again when it answers again', async () => {
    const store = await makeStore({ prefix: 'hangs:', timeout: 200 })
    const { token, statusFor } = makeBackend({ store })
    const jwt = await token()
    redis.kill('SIGSTOP')
    try {
      await expect(store.read('keys')).rejects.toBeInstanceOf(StoreUnavailable)
      expect(await Promise.all([statusFor(jwt), statusFor(jwt)])).toEqual([503, 503])
    } finally {
      redis.kill('SIGCONT')
    }
    await expect.poll(() => statusFor(jwt)).toBe(200)
  })

  test('not there yet, it is used as soon as it is', async () => {
    await stopRedis()
    const { signIn } = makeBackend({ store: await makeStore() })
    expect((await signIn()).status).toBe(503)
    await startRedis()
    expect((await signIn()).status).toBe(200)
  })
})

test.each(['localhost:6379', 'http://localhost:6379', ''])('%j is no address of a Redis', async (url) => {
  await expect(redisStore({ url })).rejects.toThrow(/url must look like redis:/)
})
