import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCli } from './fixture-cli.ts'
import { hasRedis, makeRedis } from './fixture-redis.ts'

const ANALYST = JSON.stringify({ username: 'analyst@example.com', password: 'bug#1' })

/** One process of the mock, spoken to over HTTP. */
function speakTo(url: string) {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(url + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })
  return {
    signIn: async () =>
      (await (await post('/rest/login', ANALYST)).json()).data as { accessToken: string; refreshToken: string },
    signInStatus: async () => (await post('/rest/login', ANALYST)).status,
    refresh: (refreshToken: string) => post('/rest/refresh', { refreshToken }),
    signOut: async (refreshToken: string) => (await post('/rest/logout', { refreshToken })).status,
    rotateKey: async (keepOld: boolean) =>
      (await post('/__stillhere/rotate-key', { keepOld }, { 'x-stillhere-mock': '1' })).status,
    me: async (token: string) =>
      (await fetch(`${url}/rest/me`, { headers: { Authorization: `Bearer ${token}` } })).status,
  }
}

describe.skipIf(!hasRedis())('two processes over one Redis', () => {
  let redis: Awaited<ReturnType<typeof makeRedis>>
  let cli: ReturnType<typeof buildCli>
  let one: ReturnType<typeof speakTo>
  let two: ReturnType<typeof speakTo>
  let stopOne: () => Promise<number | null>

  beforeAll(async () => {
    cli = buildCli()
    redis = await makeRedis()
    const start = () => cli.start(['--redis', redis.url])
    const [first, second] = await Promise.all([start(), start()])
    one = speakTo(first.url)
    two = speakTo(second.url)
    stopOne = () => {
      first.child.kill('SIGTERM')
      return first.ended
    }
  })

  afterAll(async () => {
    await cli.clean()
    await redis.stop()
  })

  test('make one first key between them, so that a token of one is good at the other', async () => {
    const [first, second] = await Promise.all([one.signIn(), two.signIn()])
    expect(await Promise.all([one, two].flatMap(({ me }) => [me(first.accessToken), me(second.accessToken)]))).toEqual([
      200, 200, 200, 200,
    ])
  })

  test('what is signed out at one is dead at the other in the next request', async () => {
    for (let i = 0; i < 10; i++) {
      const [here, there] = i % 2 ? [one, two] : [two, one]
      const { accessToken, refreshToken } = await here.signIn()
      expect(await there.me(accessToken)).toBe(200)
      expect(await here.signOut(refreshToken)).toBe(204)
      expect([await there.me(accessToken), (await there.refresh(refreshToken)).status]).toEqual([401, 401])
    }
  })

  test('of one refresh token sent to both at once exactly one is answered, and the session ends', async () => {
    for (let i = 0; i < 30; i++) {
      const { accessToken, refreshToken } = await one.signIn()
      const answers = await Promise.all([one, two, one, two].map(({ refresh }) => refresh(refreshToken)))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401])
      const { data } = await answers.find(({ status }) => status === 200)!.json()
      expect([await one.me(data.accessToken), await two.me(accessToken)]).toEqual([401, 401])
    }
  })

  test('a refresh token goes from one to the other and back', async () => {
    let { refreshToken } = await one.signIn()
    for (const { refresh } of [two, one, two, two, one]) {
      refreshToken = (await (await refresh(refreshToken)).json()).data.refreshToken
    }
    expect(await two.signOut(refreshToken)).toBe(204)
  })

  test('a key changed at one holds at the other', async () => {
    const before = await one.signIn()
    expect(await two.rotateKey(true)).toBe(204)
    const after = await one.signIn()
    const tokens = [before.accessToken, after.accessToken]
    for (const { me } of [one, two]) expect(await Promise.all(tokens.map(me))).toEqual([200, 200])
    expect(await one.rotateKey(false)).toBe(204)
    for (const { me } of [two, one]) expect(await Promise.all(tokens.map(me))).toEqual([401, 401])
    expect(await two.me((await one.signIn()).accessToken)).toBe(200)
  })

  test('without Redis both answer 503, and both go on when it is back', async () => {
    const { accessToken } = await one.signIn()
    await redis.stop()
    expect(await Promise.all([one.me(accessToken), two.me(accessToken), two.signInStatus()])).toEqual([503, 503, 503])
    await redis.start()
    expect(await two.me((await one.signIn()).accessToken)).toBe(200)
  })

  test('when one ends, its sessions go on at the other', async () => {
    const { accessToken, refreshToken } = await one.signIn()
    expect(await stopOne()).toBe(0)
    expect([await two.me(accessToken), (await two.refresh(refreshToken)).status]).toEqual([200, 200])
  })
})
