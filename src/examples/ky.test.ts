// @vitest-environment happy-dom
import { SessionOverError } from 'stillhere'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { kyBySession } from './ky.ts'
import { createScene, HOME } from './scene.ts'

let scene: Awaited<ReturnType<typeof createScene>>
beforeEach(async () => {
  scene = await createScene()
})
afterEach(() => scene.end())

const create = () => kyBySession(scene.session, `${HOME}/api`)

test('ky sends the token to the system, and to nobody else', async () => {
  expect(await create().get('feeds/').json()).toHaveProperty('count')
  await create()('x', { prefixUrl: 'https://evil.example' })
  expect(scene.requests()).toMatchObject([{ authorized: true }])
  expect(scene.elsewhere).toMatchObject([{ token: null }])
})

test('a refused token is renewed once, also where many are refused at the same time', async () => {
  const api = create()
  scene.refuse(5)
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => api('feeds/')))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(scene.refreshes()).toBe(1)
})

test('refused again it is the app’s to see: never a loop', async () => {
  scene.refuse(99)
  await expect(create()('feeds/')).rejects.toMatchObject({ response: { status: 401 } })
  expect(scene.requests()).toHaveLength(2)
})

test('with the session over it is told so at once, and not after three tries', async () => {
  const { fetch } = scene.session
  const tried = vi.fn(fetch)
  const api = kyBySession({ ...scene.session, fetch: tried }, `${HOME}/api`)
  scene.session.signOut()
  await expect(api('feeds/')).rejects.toThrow(SessionOverError)
  expect(tried).toHaveBeenCalledOnce()
  expect(scene.requests()).toEqual([])
})

test('ky’s own tries on a server in trouble stay as they are', async () => {
  scene.server.setFaults({ match: '/feeds', status: 503, times: 1 })
  expect((await create()('feeds/', { retry: { delay: () => 0 } })).status).toBe(200)
  expect(scene.requests()).toHaveLength(2)
})
