import { describe, expect, test } from 'vitest'
import type { Store } from './store.ts'

type Counter = { count: number }

type Place = {
  store: Store
  /** Lets so many milliseconds go by for the store. */
  pass: (ms: number) => void | Promise<void>
}

const MINUTE = 60_000

const keeping = <Value>(value: Value, keepForMs = MINUTE) => ({ value, keepForMs })

/** What every store does, as tests; `make` gives an empty one. */
export function describeStore(name: string, make: () => Place | Promise<Place>): void {
  describe(`a store ${name}`, () => {
    test('has what was written, as it was written, and nothing else', async () => {
      const { store } = await make()
      const value = { text: 'ü "\u0000" 🔑', list: [1, null, { deep: true }], none: {} }
      expect(await store.read('one')).toBeUndefined()
      expect(await store.update('one', () => keeping(value))).toEqual(value)
      expect(await store.read('one')).toEqual(value)
      expect(await store.read('two')).toBeUndefined()
    })

    test('shows a change the present value, and leaves it alone if the change says so', async () => {
      const { store } = await make()
      const seen: unknown[] = []
      const add = (current?: Counter) => {
        seen.push(current)
        return keeping({ count: (current?.count ?? 0) + 1 })
      }
      await store.update('counter', add)
      await store.update('counter', add)
      expect(await store.update('counter', () => undefined)).toBeUndefined()
      expect(await store.update('absent', () => undefined)).toBeUndefined()
      expect(seen).toEqual([undefined, { count: 1 }])
      expect(await store.read('counter')).toEqual({ count: 2 })
      expect(await store.read('absent')).toBeUndefined()
    })

    test('loses no change among many at the same time', async () => {
      const { store } = await make()
      const add = () => store.update<Counter>('counter', (current) => keeping({ count: (current?.count ?? 0) + 1 }))
      const written = await Promise.all(Array.from({ length: 40 }, add))
      expect(await store.read('counter')).toEqual({ count: 40 })
      expect(new Set(written.map((value) => value?.count)).size).toBe(40)
    })

    test('has one first writer among many', async () => {
      const { store } = await make()
      const claim = (me: number) => store.update<number>('first', (current) => (current ? undefined : keeping(me)))
      const written = await Promise.all(Array.from({ length: 20 }, (_, i) => claim(i + 1)))
      const winners = written.filter((value) => value !== undefined)
      expect(winners).toEqual([await store.read('first')])
    })

    test('forgets an entry when its time is over, and counts anew from each write', async () => {
      const { store, pass } = await make()
      for (const key of ['short', 'renewed']) await store.update(key, () => keeping('value', 300))
      await store.update('kept', () => keeping('value', Number.POSITIVE_INFINITY))
      await store.update('renewed', () => keeping('value', MINUTE))
      await pass(300)
      expect(await store.read('short')).toBeUndefined()
      expect((await store.list('')).map(([key]) => key).sort()).toEqual(['kept', 'renewed'])
      let found: unknown = 'not asked'
      await store.update('short', (current) => {
        found = current
        return keeping('again')
      })
      expect([found, await store.read('short')]).toEqual([undefined, 'again'])
    })

    test('lists by the beginning of keys, whatever characters they have', async () => {
      const { store } = await make()
      for (const key of ['a:1', 'a:2', 'ab:3', 'b:a:4', 'a*:5', 'a?:6', '[a]:7', 'a\\:8']) {
        await store.update(key, () => keeping(key))
      }
      const listed = async (prefix: string) => (await store.list(prefix)).sort(([a], [b]) => (a < b ? -1 : 1))
      expect(await listed('a:')).toEqual([
        ['a:1', 'a:1'],
        ['a:2', 'a:2'],
      ])
      expect(await listed('a*')).toEqual([['a*:5', 'a*:5']])
      expect(await listed('a?')).toEqual([['a?:6', 'a?:6']])
      expect(await listed('[a]')).toEqual([['[a]:7', '[a]:7']])
      expect(await listed('a\\')).toEqual([['a\\:8', 'a\\:8']])
      expect(await listed('')).toHaveLength(8)
      expect(await listed('c')).toEqual([])
    })

    test('forgets everything at once when told to', async () => {
      const { store } = await make()
      for (let i = 0; i < 300; i++) await store.update(`key:${i}`, () => keeping(i))
      await store.clear()
      expect(await store.list('')).toEqual([])
      expect(await store.read('key:7')).toBeUndefined()
      await store.update('key:7', () => keeping('new'))
      expect(await store.read('key:7')).toBe('new')
    })
  })
}
