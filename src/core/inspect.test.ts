import { expect, test } from 'vitest'
import { ANALYST, createScene, MIN, S } from './scene.ts'

test('a session that is looked into tells from when on activity refreshes, and when it ends', async () => {
  const { open, world } = createScene()
  const tab = open()
  await tab.signIn(ANALYST)
  const signedIn = tab.inspect()
  const departedAt = tab.state().session!.grant.departedAt
  expect(signedIn).toMatchObject({ due: null, failures: 0, lengths: { every: 60 * S, idle: 29 * MIN, lead: 2 * MIN } })
  expect(signedIn.verdict).toMatchObject({ phase: 'active', deadline: departedAt + 29 * MIN, cause: 'idle' })

  await world.advance(10 * MIN)
  expect(tab.inspect()).toMatchObject({ now: signedIn.now + 10 * MIN, lastActive: signedIn.lastActive })
  await world.advance(18 * MIN)
  expect(tab.inspect().verdict!.phase).toBe('warning')
})

test('a refresh that failed shows how often, and when it is tried again', async () => {
  const { open, world, server } = createScene()
  const tab = open()
  await tab.signIn(ANALYST)
  await world.advance(2 * MIN)
  server.setFaults({ status: 503, match: '/auth/refresh' })
  tab.tab.press()
  await world.settle()
  const { failures, retryAt, now, due } = tab.inspect()
  expect(failures).toBe(1)
  expect(retryAt).toBeGreaterThan(now)
  expect(due).toMatchObject({ here: true })
})

test('nothing of a session is left to be looked into once it is over, and nothing secret before', async () => {
  const { open } = createScene()
  const tab = open()
  await tab.signIn(ANALYST)
  const token = await tab.getToken()
  expect(JSON.stringify(tab.inspect())).not.toContain(token)
  tab.signOut()
  expect(tab.inspect()).toMatchObject({ verdict: null, lengths: null })
})

test('the policy that is shown can be changed without changing the one in force', async () => {
  const { open } = createScene()
  const tab = open()
  Object.assign(tab.inspect().policy, { warnBefore: 1 })
  expect(tab.inspect().policy.warnBefore).toBe(2 * MIN)
})
