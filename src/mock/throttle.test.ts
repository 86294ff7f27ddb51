import { afterEach, describe, expect, test, vi } from 'vitest'
import { makeBackend } from './fixture.ts'
import { createThrottle } from './throttle.ts'

afterEach(() => vi.restoreAllMocks())

const ANALYST = 'analyst@example.com'

async function tryTimes(signIn: ReturnType<typeof makeBackend>['signIn'], name: string, times: number) {
  const statuses: number[] = []
  for (let i = 0; i < times; i++) statuses.push((await signIn(name, 'wrong')).status)
  return statuses
}

describe.each([ANALYST, 'nobody@example.com'])('failed sign-ins of %s', (name) => {
  test('five are free, then the wait doubles from one second', async () => {
    const { signIn, pass } = makeBackend()
    expect(await tryTimes(signIn, name, 6)).toEqual([401, 401, 401, 401, 401, 429])
    for (const seconds of [1, 2, 4, 8]) {
      expect((await signIn(name, 'wrong')).headers.get('Retry-After')).toBe(String(seconds))
      pass(seconds * 1000 - 1)
      expect((await signIn(name, 'wrong')).status).toBe(429)
      pass(1)
      expect((await signIn(name, 'wrong')).status).toBe(401)
    }
  })

  test('many at the same time do not slip past', async () => {
    const { signIn } = makeBackend()
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(name, 'wrong')))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15)
  })

  test('cost one password hash each, whether the user exists or not', async () => {
    const { signIn } = makeBackend()
    await signIn(name, 'wrong')
    const derive = vi.spyOn(crypto.subtle, 'deriveBits')
    await signIn(name, 'wrong')
    expect(derive).toHaveBeenCalledTimes(1)
  })
})

test('the very first sign-in costs the same for a user and for an unknown name', async () => {
  const derive = vi.spyOn(crypto.subtle, 'deriveBits')
  await makeBackend().signIn(ANALYST, 'wrong')
  const known = derive.mock.calls.length
  await makeBackend().signIn('nobody@example.com', 'wrong')
  expect(derive.mock.calls.length).toBe(known * 2)
})

test('the right password waits too, and resets the count once it is let in', async () => {
  const { signIn, pass } = makeBackend()
  await tryTimes(signIn, ANALYST, 5)
  expect((await signIn()).status).toBe(429)
  pass(1000)
  expect((await signIn()).status).toBe(200)
  expect(await tryTimes(signIn, ANALYST, 5)).toEqual([401, 401, 401, 401, 401])
})

test('one account does not throttle another, and right passwords at the same time are all let in', async () => {
  const { signIn } = makeBackend()
  await tryTimes(signIn, ANALYST, 6)
  const answers = await Promise.all(Array.from({ length: 12 }, () => signIn('lead@example.com', 'bug#2')))
  expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200))
})

test('after a hundred consecutive failures the right password is answered like a wrong one', async () => {
  const { signIn, pass } = makeBackend()
  for (let i = 0; i < 100; i++) {
    expect((await signIn(ANALYST, 'wrong')).status).toBe(401)
    pass(900_000)
  }
  const right = await signIn()
  const wrong = await signIn(ANALYST, 'wrong')
  expect([right.status, await right.text()]).toEqual([401, await wrong.text()])
})

test('made-up names are forgotten one by one, and never push out a real account', () => {
  const throttle = createThrottle(
    () => 0,
    (name) => name === ANALYST,
    { maxUnknown: 3 },
  )
  for (const name of [ANALYST, 'a', 'b', 'c', 'd']) for (let i = 0; i < 5; i++) throttle.fail(name)
  expect([ANALYST, 'a', 'b', 'c', 'd'].map(throttle.wait)).toEqual([1000, 0, 1000, 1000, 1000])
})
