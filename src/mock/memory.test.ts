import { expect, test } from 'vitest'
import { describeStore } from './fixture-store.ts'
import { memoryStore } from './index.ts'

function makeStore() {
  let time = 0
  return { store: memoryStore({ now: () => time }), pass: (ms: number) => void (time += ms) }
}

describeStore('in memory', makeStore)

test('a million entries that come and go leave no more behind than are alive', async () => {
  const { store, pass } = makeStore()
  let most = 0
  for (let i = 0; i < 1_000_000; i++) {
    await store.update(`token:${i}`, () => ({ value: i, keepForMs: 1000 }))
    pass(1)
    most = Math.max(most, store.size())
  }
  expect(most).toBeLessThan(2000)
})

test('entries written again and again do not keep the sweep from the others', async () => {
  const { store, pass } = makeStore()
  for (let i = 0; i < 1000; i++) await store.update(`token:${i}`, () => ({ value: i, keepForMs: 1000 }))
  pass(1000)
  for (let i = 0; i < 300; i++) await store.update('busy', () => ({ value: i, keepForMs: 1000 }))
  expect(store.size()).toBe(1)
})
