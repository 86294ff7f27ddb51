import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { createMockBackend } from './index.ts'
import { serve } from './serve.ts'

const start = (port = 0) => serve(createMockBackend({ pbkdf2Iterations: 1 }), '127.0.0.1', port)

test('a stop waits no longer than it was told for a request that never ends', async () => {
  const { url, stop } = await start()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const closed = once(socket, 'close')
  socket.on('error', () => {})
  socket.write('POST /auth HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n')
  await once(socket, 'data')
  await stop(1)
  await closed
})

test('a connection kept alive after its answer does not keep a stop waiting', async () => {
  const { url, stop } = await start()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const closed = once(socket, 'close')
  socket.write('GET /feeds/ HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n')
  await once(socket, 'data')
  await stop(600_000)
  await closed
})

test('a port in use is told as such', async () => {
  const { url, stop } = await start()
  await expect(start(Number(new URL(url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await stop(1)
})
