import { expect, test } from 'vitest'
import { createLeases } from './lease.ts'

test('a lease that ran out before its taker could go on is taken again, and not used beside the next one', async () => {
  let now = 0
  let stored: unknown = null
  let wake = () => {}
  let answer: (() => void) | null = null
  let isSlow = true
  let ids = 0
  const leased = createLeases({
    now: () => now,
    wakeAt: (_, work) => {
      wake = work
      return () => {}
    },
    id: () => `id-${++ids}`,
    isOver: () => false,
    async update(_, change) {
      stored = change(stored)
      const found = stored
      if (isSlow) {
        isSlow = false
        await new Promise<void>((resolve) => {
          answer = resolve
        })
      }
      return found
    },
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const working: string[] = []
  const done: Record<string, () => void> = {}
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      working.push(name)
      done[name] = resolve
    })

  const one = leased('turn', 12_000, work('one'))
  await settle()
  now = 16_000
  const two = leased('turn', 12_000, work('two'))
  await settle()
  answer!()
  await settle()
  expect(working).toEqual(['two'])
  done.two!()
  await two
  now = 16_200
  wake()
  await settle()
  // It waited longer than it had the patience for.
  expect(await one).toBe(null)
  expect(working).toEqual(['two'])
})
