import { expect, test } from 'vitest'
import { createTraffic } from './traffic.ts'

function makeTraffic() {
  const traffic = createTraffic(() => 0)
  const note = (path: string, token?: string) =>
    traffic.note(
      new Request(`http://localhost${path}`, token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
      path,
    )
  return { ...traffic, note }
}

test('the last 20 000 requests are listed, and no more than twice as many are held', () => {
  const { note, list, size } = makeTraffic()
  let most = 0
  for (let i = 0; i < 60_000; i++) {
    note(`/${i}`)
    most = Math.max(most, size())
  }
  expect(list().map(({ path }) => path)).toEqual(Array.from({ length: 20_000 }, (_, i) => `/${40_000 + i}`))
  expect(most).toBeLessThan(40_000)
})

test('a path is cut after 512 characters', () => {
  const { note, list } = makeTraffic()
  note(`/${'x'.repeat(15_000)}`)
  note(`/${'y'.repeat(511)}`)
  expect(list().map(({ path }) => path)).toEqual([`/${'x'.repeat(511)}`, `/${'y'.repeat(511)}`])
})

test('of 5000 tokens each has a label of its own, and the one seen first is forgotten for one more', () => {
  const { note } = makeTraffic()
  const label = (i: number) => note('/', `token-${i}`).token
  const labels = Array.from({ length: 5000 }, (_, i) => label(i))
  expect(labels).toEqual(Array.from({ length: 5000 }, (_, i) => `t${i + 1}`))
  expect([label(0), label(4999), label(5000), label(0), label(4999)]).toEqual([
    't1',
    't5000',
    't5001',
    't5002',
    't5000',
  ])
})
