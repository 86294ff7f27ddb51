import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createMockBackend } from './index.ts'
import { createNodeListener } from './node.ts'

const open: { close: () => void }[] = []

afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

/** A server whose connections seem to come from an address. */
async function serveTo(address: string) {
  const backend = createMockBackend({ pbkdf2Iterations: 1 })
  const server = createServer(createNodeListener(backend) as RequestListener)
  server.on('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: address }))
  open.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const headers = { 'x-stillhere-mock': '1', Connection: 'close' }
  return async (path: string) => {
    const response = await fetch(base + path, { headers })
    return [response.status, await response.text()]
  }
}

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('the control endpoint is there for %s', async (address) => {
  expect(await (await serveTo(address))('/__stillhere/outbox')).toEqual([200, '[]'])
})

test.each(['192.168.0.9', '::ffff:10.0.0.9', 'fe80::9'])(
  'it is not there for %s, though Host and header are what they should be, and the rest is',
  async (address) => {
    const get = await serveTo(address)
    expect(await get('/__stillhere/outbox')).toEqual(await get('/nowhere'))
    expect((await get('/auth0/.well-known/jwks.json'))[0]).toBe(200)
  },
)
