import { expect, test } from 'vitest'
import { isLoopbackAddress, isLoopbackHost, isLoopbackName, isLoopbackOrigin } from './loopback.ts'

const others = ['', '0.0.0.0', '::', '128.0.0.1', '127.0.0.256', '127.0.0.1.evil.example', 'localhost.evil.example']

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.0.0.2', '127.255.255.255', '::1', '[::1]'])(
  'to listen on %j lets no other machine in',
  (name) => expect(isLoopbackName(name)).toBe(true),
)

test.each(['localhost', 'localhost:5173', '127.0.0.1:80', '127.0.0.2', '[::1]', '[::1]:3000'])(
  '%s is a host of this machine, and so are the origins with it',
  (host) => {
    expect([isLoopbackHost(host), isLoopbackOrigin(`http://${host}`), isLoopbackOrigin(`https://${host}`)]).toEqual([
      true,
      true,
      true,
    ])
  },
)

test.each(['127.0.0.1', '127.0.0.2', '::1', '::ffff:127.0.0.1'])('%s is the near end of the line', (address) => {
  expect(isLoopbackAddress(address)).toBe(true)
})

test.each(others)('%j is none of these', (other) => {
  const origins = [`http://${other}`, `https://${other}`, `file://${other}`]
  expect([isLoopbackName, isLoopbackHost, isLoopbackAddress].map((is) => is(other))).toEqual([false, false, false])
  expect(origins.map(isLoopbackOrigin)).toEqual([false, false, false])
})

test.each([
  'localhost:',
  'localhost:5173/',
  'user@localhost',
  'localhost:5173@evil.example',
  'ftp://localhost',
  'null',
])('%j is no origin of this machine', (text) =>
  expect([isLoopbackOrigin(text), isLoopbackOrigin(`http://${text}`)]).toEqual([false, false]),
)

test('a socket without a far end is of no machine', () => {
  expect(isLoopbackAddress(undefined)).toBe(false)
})
