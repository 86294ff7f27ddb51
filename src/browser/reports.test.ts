// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onReports } from './reports.ts'

const REPORTS = 'https://reports.example.com'
const report = { stillhere: 1, kind: 'active', strong: true }

let heard: boolean[]
let stop: () => void
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  heard = []
  stop = onReports([REPORTS], (strong) => heard.push(strong))
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

const frame = { parent: window }
const say = (over: object = {}) => {
  const event = new Event('message')
  for (const [key, value] of Object.entries({ isTrusted: true, origin: REPORTS, source: frame, data: report, ...over }))
    Object.defineProperty(event, key, { value })
  window.dispatchEvent(event)
}
const later = (ms: number) => vi.setSystemTime(Date.now() + ms)

test('a report of a listed frame counts, strong or not, at any depth', () => {
  say()
  say({ data: { ...report, strong: false } })
  later(1_000)
  say({ source: { parent: { parent: window } } })
  expect(heard).toEqual([true, false, true])
})

test.each([
  ['of an origin that is not listed', { origin: 'https://evil.example' }],
  ['of a part of a listed one', { origin: 'https://reports.example' }],
  ['of a document without an origin', { origin: 'null' }],
  ['of this page itself', { source: window }],
  ['of a window elsewhere', { source: top({}) }],
  ['of nobody who is still there', { source: null }],
  ['of a port', { source: {} }],
  ['that a script made up', { isTrusted: false }],
  ['of another version', { data: { ...report, stillhere: 2 } }],
  ['of another kind', { data: { ...report, kind: 'ended' } }],
  ['that does not say how strong', { data: { ...report, strong: 'yes' } }],
  ['of nothing', { data: null }],
  ['of a mere text', { data: 'active' }],
])('a message %s counts for nothing', (_, over) => {
  say(over)
  expect(heard).toEqual([])
})

test('a frame that never stops reporting is heard once a second', () => {
  for (let n = 0; n < 1_000; n++) say()
  later(999)
  say()
  expect(heard).toEqual([true])
  later(1)
  say()
  expect(heard).toEqual([true, true])
})

test('a clock set back does not make it deaf', () => {
  say()
  later(-3_600_000)
  say()
  expect(heard).toEqual([true, true])
})

test('without a listed origin it does not listen at all', () => {
  const add = vi.spyOn(window, 'addEventListener')
  onReports([], () => {})()
  expect(add).not.toHaveBeenCalled()
  add.mockRestore()
})

test('after stopping nothing is heard', () => {
  stop()
  say()
  expect(heard).toEqual([])
})

/** A window that is its own parent, as those at the top are. */
function top(self: { parent?: object }): object {
  self.parent = self
  return self
}
