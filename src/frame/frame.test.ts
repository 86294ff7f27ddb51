// @vitest-environment happy-dom
import { createSession, eclecticiq } from 'stillhere'
import { reportActivity } from 'stillhere/frame'
import { afterEach, expect, test, vi } from 'vitest'

const HOME = 'https://console.example.com'

/** Puts this window into frames around it, and keeps what each of those is told. */
function nest(depth: number) {
  const told: { at: number; data: unknown; to: string }[] = []
  let outer: object | undefined
  for (let at = depth; at > 0; at--) {
    const around = { postMessage: (data: unknown, to: string) => told.push({ at, data, to }) }
    outer = Object.assign(around, { parent: outer ?? around })
  }
  vi.stubGlobal('parent', outer)
  Object.defineProperty(window, 'parent', { value: outer, configurable: true })
  return told
}
function press(over: object = {}): void {
  const event = new Event('keydown', { bubbles: true })
  for (const [key, value] of Object.entries({ isTrusted: true, ...over })) Object.defineProperty(event, key, { value })
  document.body.dispatchEvent(event)
}
afterEach(() => {
  vi.unstubAllGlobals()
  Object.defineProperty(window, 'parent', { value: window, configurable: true })
})

test('a key pressed in a frame is told to the page around it, and to that origin alone', () => {
  const told = nest(1)
  const stop = reportActivity({ to: HOME })
  press()
  press()
  stop()
  expect(told).toEqual([{ at: 1, data: { stillhere: 1, kind: 'active', strong: true }, to: HOME }])
})

test('a page further up is told, too', () => {
  const told = nest(3)
  const stop = reportActivity({ to: HOME })
  press()
  stop()
  expect(told.map(({ at }) => at)).toEqual([1, 2, 3])
})

test('what a script makes up is not told, nor is anything after stopping', () => {
  const told = nest(1)
  const stop = reportActivity({ to: HOME })
  press({ isTrusted: false })
  stop()
  press()
  expect(told).toEqual([])
})

test('in a page that is no frame it does nothing', () => {
  const post = vi.spyOn(window, 'postMessage')
  const stop = reportActivity({ to: HOME })
  press()
  stop()
  expect(post).not.toHaveBeenCalled()
  post.mockRestore()
})

test.each(['*', '', 'console.example.com', `${HOME}/`, 'null'])('%j is no origin, and both sides say so', (origin) => {
  expect(() => reportActivity({ to: origin })).toThrow(`to: "${origin}" must be an origin and no more`)
  const backend = eclecticiq({ baseUrl: '/api' })
  expect(() => createSession({ backend, frames: [origin] })).toThrow(
    `frames: "${origin}" must be an origin and no more`,
  )
})
