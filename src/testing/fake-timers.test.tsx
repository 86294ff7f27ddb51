// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { RequireSession, SessionProvider, SessionWarning } from 'stillhere/react'
import { createTestSession, createTestWorld } from 'stillhere/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const MIN = 60_000
const ADA = { user: { name: 'Ada' }, roles: ['admin'] }
type Timers = NonNullable<Parameters<typeof vi.useFakeTimers>[0]>

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

describe.each<[string, Timers | undefined]>([
  ['usual', undefined],
  [
    'all of them, microtasks too, as Jest’s are',
    { toFake: ['setTimeout', 'setImmediate', 'Date', 'performance', 'queueMicrotask'] },
  ],
])('with fake timers: %s', (_, timers) => {
  beforeEach(() => void vi.useFakeTimers(timers))

  test('a session does all it does, and nothing hangs', async () => {
    const { session, world, expire, become, press, advance, reload } = createTestSession({ act, ...ADA })
    render(
      <SessionProvider session={session}>
        <SessionWarning />
        <RequireSession>private</RequireSession>
      </SessionProvider>,
    )
    await advance(5 * MIN)
    await press()
    await advance(27 * MIN)
    fireEvent.click(screen.getByRole('button', { name: 'Stay signed in' }))
    await world.settle()
    expect(screen.queryByRole('alertdialog')).toBe(null)
    await expire()
    expect(screen.getByText(/not been active/)).toBeTruthy()
    await become(ADA)
    expect(screen.getByText('private')).toBeTruthy()
    await world.sleep(60 * MIN)
    await act(() => session.signIn({ username: 'Ada', password: 'x' }))
    expect((await reload()).session.getState().status).toBe('active')
  })

  test('its clock is its own: fake timers move nothing, and it moves no fake timer', async () => {
    const rung = vi.fn()
    setTimeout(rung, MIN)
    const { session, advance, world } = createTestSession(ADA)
    const before = world.now()
    await vi.advanceTimersByTimeAsync(MIN - 1)
    expect(world.now()).toBe(before)
    await advance(60 * MIN)
    expect(session.getState().reason).toBe('idle')
    expect(rung).not.toHaveBeenCalled()
  })
})

test('nothing hangs either where the timers were replaced before all else was loaded', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'queueMicrotask', 'Date'] })
  for (const channel of [globalThis.MessageChannel, undefined]) {
    vi.stubGlobal('MessageChannel', channel)
    vi.stubGlobal('process', { ...process, getBuiltinModule: undefined })
    vi.resetModules()
    const late = await import('stillhere/testing')
    const world = late.createTestWorld()
    expect(late.createTestWorld).not.toBe(createTestWorld)
    const [first, second] = [world.openTab(ADA), world.openTab()]
    await world.settle()
    expect(second.session.getState().status).toBe('active')
    await first.warn()
    await second.expire('user')
    expect(first.session.getState().status).toBe('signed-out')
    vi.unstubAllGlobals()
  }
})
