// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ACTIVITY_EVENTS, onActivity } from './activity.ts'

let heard: boolean[]
let stop: () => void
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  heard = []
  stop = onActivity(ACTIVITY_EVENTS, (strong) => heard.push(strong))
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

function input(type: string, over: object = {}): void {
  const event = new Event(type, { bubbles: true })
  Object.defineProperty(event, 'isTrusted', { value: true })
  Object.assign(event, over)
  document.body.dispatchEvent(event)
}
const later = (ms: number) => vi.setSystemTime(Date.now() + ms)

test('every kind of human input counts, and tells keys and presses from moves', () => {
  for (const type of ACTIVITY_EVENTS) {
    input(type, { movementX: 1, movementY: 0 })
    later(1_000)
  }
  expect(heard).toEqual([true, true, true, true, false, false, false, false])
})

test('ten thousand moves in a second count once', () => {
  for (let n = 0; n < 10_000; n++) input('pointermove', { movementX: 1, movementY: 1 })
  expect(heard).toEqual([false])
})

test('a move that goes nowhere, a held key and what a script makes up count for nothing', () => {
  input('pointermove', { movementX: 3, movementY: 0 })
  later(1_000)
  heard.length = 0
  input('pointermove', { movementX: 0, movementY: 0 })
  input('keydown', { repeat: true })
  document.body.dispatchEvent(new Event('keydown', { bubbles: true }))
  expect(heard).toEqual([])
})

test('an app that stops its events does not hide them', () => {
  document.body.addEventListener('keydown', (event) => event.stopImmediatePropagation(), { once: true, capture: true })
  input('keydown')
  expect(heard).toEqual([true])
})

test('a clock set back does not make it deaf', () => {
  input('keydown')
  later(-3_600_000)
  input('keydown')
  expect(heard).toEqual([true, true])
})

test('after stopping nothing is heard', () => {
  stop()
  input('keydown')
  expect(heard).toEqual([])
})

test('a click within a second after a move is heard as the answer it may be', () => {
  input('pointermove', { movementX: 1, movementY: 1 })
  later(500)
  input('pointerdown')
  input('click')
  expect(heard).toEqual([false, true])
})

test('in an engine that tells no distances, a move to somewhere else counts, and one to the same place does not', () => {
  input('pointermove', { screenX: 10, screenY: 10 })
  later(1_000)
  input('pointermove', { screenX: 10, screenY: 10 })
  input('pointermove', { screenX: 50, screenY: 10 })
  expect(heard).toEqual([false, false])
})

test('a finger or a pen that moves counts', () => {
  input('pointermove', { pointerType: 'touch', movementX: 0, movementY: 0 })
  expect(heard).toEqual([false])
})
