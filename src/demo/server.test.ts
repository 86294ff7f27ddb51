// @vitest-environment happy-dom
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createMockBackend } from '../mock/index.ts'
import { server, takeTheNetworksPlace } from './server.ts'

const { fetch } = globalThis
const elsewhere: unknown[] = []
const mock = createMockBackend({ pbkdf2Iterations: 1 })

beforeEach(() => {
  const answer: typeof fetch = (input, init) =>
    mock.fetch(input instanceof Request ? input : new URL(input, 'http://localhost'), init)
  globalThis.fetch = async (input) => {
    elsewhere.push(input)
    return new Response()
  }
  takeTheNetworksPlace(answer, { shared: true, keeps: false })
  onTestFinished(() => {
    globalThis.fetch = fetch
  })
})

test('the control endpoint is told and asked', async () => {
  expect(await server.control('faults', { down: true, match: '/feeds' })).toEqual([{ down: true, match: '/feeds' }])
  expect(await server.control('faults')).toHaveLength(1)
  expect(await server.control('reset', {})).toBeUndefined()
  expect(await server.control('faults')).toEqual([])
})

test('what it does not like rejects with its words', async () => {
  await expect(server.control('faults', { dwon: true })).rejects.toThrow('faults.dwon: there is no such fault')
  await expect(server.control('nowhere', {})).rejects.toThrow('There is nothing here.')
})

test('what goes to the page’s own origin is answered here, and nothing else is', async () => {
  const response = await server.fetch(new URL('/api/feeds/', document.baseURI))
  expect(response.status).toBe(401)
  expect(elsewhere).toEqual([])
  await server.fetch('https://other.example/api/feeds/')
  expect(elsewhere).toEqual(['https://other.example/api/feeds/'])
  expect(server).toMatchObject({ shared: true, keeps: false })
})
