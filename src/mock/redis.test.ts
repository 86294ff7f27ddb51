import { expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import { type RedisClient, redisStore } from './redis.ts'
import { StoreUnavailable } from './store.ts'

/** A Redis of two commands, whose answer to a write can be lost, with the write sent again by the client or overtaken by another's. */
function makeRedis() {
  const entries = new Map<string, string>()
  let trouble: 'lost' | 'sent again' | 'overtaken' | undefined
  const run = ([command, first, , key, before, next]: string[]) => {
    if (command === 'GET') return entries.get(first!) ?? null
    if (command !== 'EVAL') throw new Error(`there is no ${command} here`)
    if ((entries.get(key!) ?? '') !== before) return 0
    entries.set(key!, next!)
    return 1
  }
  const client: RedisClient = {
    async sendCommand(args) {
      if (args[0] !== 'EVAL' || !trouble) return run(args)
      const happened = trouble
      trouble = undefined
      run(happened === 'overtaken' ? args.with(5, args[5]!.replace(/\w+$/, 'another')) : args)
      if (happened === 'sent again') return run(args)
      throw new Error('the socket closed')
    },
  }
  return { client, trouble: (what: typeof trouble) => void (trouble = what) }
}

const increase = (count = 0) => ({ value: count + 1, keepForMs: 60_000 })

test.each(['lost', 'sent again'] as const)('a write whose answer is %s has happened once', async (what) => {
  const { client, trouble } = makeRedis()
  const store = await redisStore({ client })
  await store.update('count', increase)
  trouble(what)
  expect(await store.update('count', increase)).toBe(2)
  expect(await store.read('count')).toBe(2)
})

test('a write that never arrived is refused, and not taken for one of the same value by someone else', async () => {
  const { client, trouble } = makeRedis()
  const store = await redisStore({ client })
  trouble('overtaken')
  await expect(store.update('count', increase)).rejects.toBeInstanceOf(StoreUnavailable)
  expect(await store.read('count')).toBe(1)
})

test('two who write the same value at the same time both count', async () => {
  const { client } = makeRedis()
  const stores = [await redisStore({ client }), await redisStore({ client })]
  await Promise.all(stores.map((store) => store.update('count', increase)))
  expect(await stores[0]!.read('count')).toBe(2)
})

test('a refresh whose write was acknowledged to no one is answered all the same', async () => {
  const { client, trouble } = makeRedis()
  const { call } = makeBackend({ store: await redisStore({ client }) })
  const body = { username: 'analyst@example.com', password: 'bug#1' }
  const { refreshToken } = (await (await call('POST', '/rest/login', { body })).json()).data
  trouble('lost')
  const refreshed = await call('POST', '/rest/refresh', { body: { refreshToken } })
  const { data } = await refreshed.json()
  expect((await call('POST', '/rest/refresh', { body: { refreshToken: data.refreshToken } })).status).toBe(200)
})
