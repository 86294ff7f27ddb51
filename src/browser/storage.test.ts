// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createStorage } from './storage.ts'

const text = (id: string) => JSON.stringify({ held: { id } })

afterEach(() => {
  vi.unstubAllGlobals()
  sessionStorage.clear()
  localStorage.clear()
})

describe.each(['session', 'local', 'memory'] as const)('%s storage', (kind) => {
  test('keeps a session and forgets it', () => {
    const storage = createStorage(kind, 'app')
    expect(storage.load()).toBe(null)
    storage.save(text('a'))
    expect(storage.load()).toBe(text('a'))
    storage.clear('a')
    expect(storage.load()).toBe(null)
  })
})

test('memory keeps a newer session when an older one is cleared', () => {
  const storage = createStorage('memory', 'app')
  storage.save(text('new'))
  storage.clear('old')
  expect(storage.load()).toBe(text('new'))
})

test('local storage keeps a newer session that another tab has put there', () => {
  const old = createStorage('local', 'app')
  old.save(text('a'))
  createStorage('local', 'app').save(text('b'))
  old.clear('a')
  expect(createStorage('local', 'app').load()).toBe(text('b'))
})

test('memory leaves nothing in the page’s storage', () => {
  createStorage('memory', 'app').save(text('a'))
  expect({ ...sessionStorage, ...localStorage }).toEqual({})
})

test('two names on one origin do not mix', () => {
  createStorage('session', 'one').save(text('a'))
  expect(createStorage('session', 'two').load()).toBe(null)
})

test('storage that throws is as good as none', () => {
  const forbidden = () => {
    throw new DOMException('forbidden', 'SecurityError')
  }
  vi.stubGlobal('sessionStorage', new Proxy({}, { get: forbidden }))
  const storage = createStorage('session', 'app')
  storage.save(text('a'))
  expect(storage.load()).toBe(null)
  storage.clear('a')
})

test('a host’s own two functions are given the text, and null to forget', () => {
  const own = { load: vi.fn(() => text('a')), save: vi.fn() }
  const storage = createStorage(own, 'app')
  expect(storage.load()).toBe(text('a'))
  storage.save(text('b'))
  storage.clear('b')
  expect(own.save.mock.calls).toEqual([[text('b')], [null]])
})

test('a host’s own storage is told to forget what it gave after a reload, and may fail', async () => {
  const own = { load: vi.fn(async () => text('a')), save: vi.fn() }
  const storage = createStorage(own, 'app')
  await storage.load()
  storage.clear('a')
  expect(own.save.mock.calls).toEqual([[null]])
  const broken = createStorage({ load: () => Promise.reject(new Error('disk')), save: () => {} }, 'app')
  expect(await broken.load()).toBe(null)
})
