import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { wakeAt } from './clock.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const DAY = 86_400_000

test('wakes at the moment, not before', () => {
  const wake = vi.fn()
  wakeAt(Date.now() + 1_000, wake)
  vi.advanceTimersByTime(999)
  expect(wake).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(wake).toHaveBeenCalledOnce()
})

test('a moment thirty days ahead does not come at once', () => {
  const wake = vi.fn()
  wakeAt(Date.now() + 30 * DAY, wake)
  vi.advanceTimersByTime(30 * DAY - 1)
  expect(wake).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(wake).toHaveBeenCalledOnce()
})

test('a moment gone by wakes as soon as a timer may run', () => {
  const wake = vi.fn()
  wakeAt(Date.now() - DAY, wake)
  vi.advanceTimersByTime(0)
  expect(wake).toHaveBeenCalledOnce()
})

test('cancelled, it leaves no timer', () => {
  const cancel = wakeAt(Date.now() + 60 * DAY, () => {})
  vi.advanceTimersByTime(40 * DAY)
  cancel()
  expect(vi.getTimerCount()).toBe(0)
})

test('a clock set back does not make a time limit longer', () => {
  const wake = vi.fn()
  wakeAt(Date.now() + 8_000, wake)
  vi.setSystemTime(Date.now() - 3_600_000)
  vi.advanceTimersByTime(8_000)
  expect(wake).toHaveBeenCalledOnce()
})
