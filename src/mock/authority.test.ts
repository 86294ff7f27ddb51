import { expect, test } from 'vitest'
import { createAuthority, type TokenFacts, type TokenLayout } from './authority.ts'
import { makeBackend } from './fixture.ts'
import { createMockBackend } from './index.ts'
import { memoryStore } from './memory.ts'
import { demoUsers, toAccount } from './users.ts'

function makeAuthority(options: { ttl?: number; sessionLimit?: number } = { ttl: 60 }) {
  let time = 0
  const authority = createAuthority({
    now: () => time,
    store: memoryStore({ now: () => time }),
    users: demoUsers,
    pbkdf2Iterations: 1,
    ...options,
  })
  return { ...authority, pass: (ms: number) => (time += ms) }
}

const user = toAccount(demoUsers[0]!)
const inHeader = ({ jti, exp }: TokenFacts) => ({ header: { jti, exp }, payload: {} })
const inPayload = ({ jti, exp }: TokenFacts) => ({ header: {}, payload: { jti, exp } })

test('an ended session is given no more tokens', async () => {
  const authority = makeAuthority()
  const session = await authority.open(user, 'one')
  await authority.end(session)
  expect(await authority.issue(session, inHeader)).toBeUndefined()
})

test('a token may carry its id and its end in the header or in the payload, but not nowhere', async () => {
  const authority = makeAuthority()
  const session = await authority.open(user, 'one')
  const verified = async (layout: TokenLayout) => {
    const issued = await authority.issue(session, layout)
    return (await authority.verify(issued!.token))?.id
  }
  expect(await verified(inHeader)).toBe(session.id)
  expect(await verified(inPayload)).toBe(session.id)
  expect(await verified(({ jti }) => ({ header: { jti }, payload: {} }))).toBeUndefined()
  expect(await verified(({ exp }) => ({ header: { exp }, payload: {} }))).toBeUndefined()
})

test("one system's token is refused on the routes of another", async () => {
  const authority = makeAuthority()
  const issued = await authority.issue(await authority.open(user, 'one'), inHeader)
  expect((await authority.verify(issued!.token, 'one'))?.user).toEqual(user)
  expect(await authority.verify(issued!.token, 'two')).toBeUndefined()
})

test('a token of one use is refused for any other', async () => {
  const authority = makeAuthority()
  const session = await authority.open(user, 'one')
  const access = await authority.issue(session, inPayload)
  const renewal = await authority.issue(session, inPayload, { use: 'refresh' })
  const verified = async (use?: string) => [
    (await authority.verify(access!.token, 'one', use)) !== undefined,
    (await authority.verify(renewal!.token, 'one', use)) !== undefined,
  ]
  expect(await verified()).toEqual([true, false])
  expect(await verified('access')).toEqual([true, false])
  expect(await verified('refresh')).toEqual([false, true])
  expect(await verified('')).toEqual([false, false])
})

test('a token lives as long as it was given, the session lives on, and no token outlives its limit', async () => {
  const authority = makeAuthority({ ttl: 60, sessionLimit: 300 })
  const session = await authority.open(user, 'one')
  const said: number[] = []
  const layout = ({ jti, exp, life }: TokenFacts) => {
    said.push(life)
    return { header: { jti }, payload: { exp } }
  }
  const access = await authority.issue(session, layout)
  const renewal = await authority.issue(session, layout, { use: 'refresh', life: 86_400 })
  expect([access!.expiresAt, renewal!.expiresAt]).toEqual([60_000, 300_000])
  expect(said).toEqual([60, 300])
  authority.pass(60_000)
  expect(await authority.verify(access!.token)).toBeUndefined()
  expect(await authority.verify(renewal!.token, 'one', 'refresh')).toBeDefined()
  const next = await authority.refresh(session, layout)
  expect(next!.expiresAt).toBe(120_000)
  authority.pass(240_000)
  expect(await authority.verify(renewal!.token, 'one', 'refresh')).toBeUndefined()
  expect(await authority.refresh(session, layout)).toBeUndefined()
})

test.each([
  [{}, {}, 1800],
  [{}, { documented: 600 }, 600],
  [{}, { documented: 600, asked: 90 }, 90],
  [{}, { documented: 600, asked: 3600 }, 600],
  [{ ttl: 120 }, { documented: 600 }, 120],
  [{ ttl: 7200 }, { documented: 600, asked: 9000 }, 7200],
])('with backend %j, a session opened with %j has access tokens of %d s', async (options, how, ttl) => {
  expect((await makeAuthority(options).open(user, 'one', how)).ttl).toBe(ttl)
})

test('a sign-in overtaken by a change of the password is given no token', async () => {
  const authority = makeAuthority()
  const check = await authority.checkPassword('analyst@example.com', 'bug#1')
  if (check.outcome !== 'right') throw new Error('the password is right')
  await authority.changePassword('analyst@example.com', 'another one')
  expect(await authority.issue(await authority.open(check.user, 'one'), inPayload)).toBeUndefined()
  const after = await authority.checkPassword('analyst@example.com', 'another one')
  if (after.outcome !== 'right') throw new Error('the new password is right')
  expect(await authority.issue(await authority.open(after.user, 'one'), inPayload)).toBeDefined()
})

test('no token lives longer than a day, or than the ttl of the backend if that is more', async () => {
  const lifeWith = async (options: { ttl?: number }) => {
    const authority = makeAuthority(options)
    return (await authority.issue(await authority.open(user, 'one'), inPayload, { life: 1e9 }))!.expiresAt / 1000
  }
  expect([await lifeWith({ ttl: 60 }), await lifeWith({ ttl: 100_000 })]).toEqual([86_400, 100_000])
})

test('a session lasts as long as the longest of its tokens, not the latest', async () => {
  const authority = makeAuthority()
  const session = await authority.open(user, 'one')
  const renewal = await authority.issue(session, inPayload, { use: 'refresh', life: 3600 })
  await authority.issue(session, inPayload)
  authority.pass(3_599_000)
  expect(await authority.verify(renewal!.token, 'one', 'refresh')).toBeDefined()
})

test('a spent token is good for nothing more', async () => {
  const authority = makeAuthority()
  const session = await authority.open(user, 'one')
  const [first, second] = [await authority.issue(session, inPayload), await authority.issue(session, inPayload)]
  expect(await authority.spend((await authority.inspect(first!.token))!, second!, 0)).toBe(true)
  expect(await authority.verify(first!.token)).toBeUndefined()
  expect(await authority.verify(second!.token)).toBeDefined()
})

test('sessions are listed in the order of sign-in', async () => {
  const authority = makeAuthority()
  const first = await authority.open(user, 'one')
  authority.pass(1)
  const second = await authority.open(user, 'one')
  expect((await authority.list()).map(({ id }) => id)).toEqual([first.id, second.id])
})

test('a token is good however often the clock ticks while it is looked at', async () => {
  let time = Date.UTC(2026, 0, 5, 9)
  const { statusFor, token } = makeBackend({ now: () => time++ })
  expect(await statusFor(await token())).toBe(200)
})

test('a token of one second is given at the end of a second, wherever the next one begins meanwhile', async () => {
  const end = Date.UTC(2026, 0, 5, 9) + 999
  const init = { method: 'POST', body: JSON.stringify({ username: 'analyst@example.com', password: 'bug#1' }) }
  for (let early = 0; early < 14; early++) {
    let [reads, counts] = [0, false]
    const now = () => (counts && reads++ >= early ? end + 1 : end)
    const { fetch } = createMockBackend({ ttl: 1, pbkdf2Iterations: 1, now })
    counts = true
    expect([early, (await fetch('http://localhost/auth', init)).status]).toEqual([early, 200])
  }
})

test.each([
  ['is gone', [demoUsers[1]!]],
  ['is someone else by now', [{ ...demoUsers[0]!, userId: 70 }]],
])('a session in the store whose user %s is over', async (_, users) => {
  const store = memoryStore({ now: () => 0 })
  const { token } = makeBackend({ store })
  const jwt = await token()
  expect(await makeBackend({ store }).backend.isLive(jwt)).toBe(true)
  expect(await makeBackend({ store, users }).backend.isLive(jwt)).toBe(false)
})

test('of many keys only the last ten verify', async () => {
  const { backend, token } = makeBackend()
  const jwt = await token()
  for (let i = 0; i < 9; i++) await backend.rotateKeys()
  expect(await backend.isLive(jwt)).toBe(true)
  await backend.rotateKeys()
  expect(await backend.isLive(jwt)).toBe(false)
})
