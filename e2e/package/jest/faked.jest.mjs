import { jest } from '@jest/globals'

// The timers were replaced before anything was loaded, as with `fakeTimers: { enableGlobally: true }`.
jest.useFakeTimers()
const { createTestWorld } = await import('stillhere/testing')

test('several tabs work, and nothing hangs', async () => {
  const world = createTestWorld()
  const first = world.openTab({ user: { name: 'Ada' } })
  const second = world.openTab()
  await world.settle()
  expect(second.session.getState().user.name).toBe('Ada')
  await first.warn()
  expect(second.session.getState().status).toBe('warning')
  await second.expire('user')
  expect(first.session.getState()).toMatchObject({ status: 'signed-out', reason: 'user', endedHere: false })
})
