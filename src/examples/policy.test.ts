// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSession } from './fixture.ts'
import { policyByRole } from './policy.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  sessionStorage.clear()
})

test('the limits follow whoever signs in', async () => {
  const { session, signIn, limit } = await openSession()
  policyByRole(session)
  await signIn('admin')
  expect(limit()).toBe(5)
  session.signOut()
  await signIn('analyst')
  expect(limit()).toBe(29)
  session.dispose()
})

test('a payment screen has the shortest, and gives back those of the role when it goes', async () => {
  const { session, signIn, limit } = await openSession()
  const policy = policyByRole(session)
  await signIn('admin')
  const leave = policy.paying()
  expect(limit()).toBe(2)
  leave()
  expect(limit()).toBe(5)
  session.dispose()
})

test('a role that comes with a refresh counts from then on', async () => {
  const { session, server, signIn } = await openSession()
  policyByRole(session)
  await signIn('analyst')
  server.roles = ['admin']
  await vi.advanceTimersByTimeAsync(120_000)
  session.touch()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(Math.round((session.getState().deadline! - Date.now()) / 60_000)).toBe(5)
  session.dispose()
})
