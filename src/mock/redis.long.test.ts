import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import { hasRedis, makeRedis } from './fixture-redis.ts'
import { describeStore } from './fixture-store.ts'
import { redisStore } from './redis.ts'
import { StoreUnavailable } from './store.ts'

let redis: Awaited<ReturnType<typeof makeRedis>>
let made = 0
const opened: { close?: () => Promise<void> }[] = []

async function makeStore({ prefix = `test-${++made}[*]:`, timeout = 1000 } = {}) {
  const store = await redisStore({ url: redis.url, prefix, timeout })
  opened.push(store)
  return store
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

describe.skipIf(!hasRedis())('with a redis-server', () => {
  beforeAll(async () => {
    redis = await makeRedis()
  })

  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close?.()))
    await redis.stop()
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
    const client = createClient({ url: redis.url })
    await client.connect()
    const store = await redisStore({ client, prefix: 'own:' })
    await store.update('key', () => ({ value: 'mine', keepForMs: 60_000 }))
    await store.close?.()
    expect(await client.get('own:key')).toMatch(/^"mine"\n[0-9a-f]{32}$/)
    client.destroy()
  })

  test('what is kept has an end in Redis too, only the signing keys do not', async () => {
    const { createClient } = await import('redis')
    const prefix = `ends-${++made}:`
    const { token } = makeBackend({ store: await makeStore({ prefix }), now: Date.now })
    await token()
    const client = createClient({ url: redis.url })
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
    await redis.stop()
    const answers = await Promise.all([signIn(), call('GET', '/feeds/', { token: before }), signIn()])
    expect(answers.map(({ status, headers }) => [status, headers.get('Retry-After')])).toEqual(
      Array(3).fill([503, '1']),
    )
    expect((await signIn()).status).toBe(503)
    await redis.start()
    const after = await token()
    // It kept nothing on disk: a session it has forgotten is over.
    expect([await statusFor(after), await statusFor(before)]).toEqual([200, 401])
  })

  test('that hangs is given up in time, and used again when it answers again', async () => {
    const store = await makeStore({ prefix: 'hangs:', timeout: 200 })
    const { token, statusFor } = makeBackend({ store })
    const jwt = await token()
    redis.freeze()
    try {
      await expect(store.read('keys')).rejects.toBeInstanceOf(StoreUnavailable)
      expect(await Promise.all([statusFor(jwt), statusFor(jwt)])).toEqual([503, 503])
    } finally {
      redis.thaw()
    }
    await expect.poll(() => statusFor(jwt)).toBe(200)
  })

  test('not there yet, it is used as soon as it is', async () => {
    await redis.stop()
    const { signIn } = makeBackend({ store: await makeStore() })
    expect((await signIn()).status).toBe(503)
    await redis.start()
    expect((await signIn()).status).toBe(200)
  })
})

test.each(['localhost:6379', 'http://localhost:6379', ''])('%j is no address of a Redis', async (url) => {
  await expect(redisStore({ url })).rejects.toThrow(/url must look like redis:/)
})
