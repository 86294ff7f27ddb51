import { expect, test } from 'vitest'
import { createAuthority, type TokenFacts, type TokenLayout } from './authority.ts'
import { demoUsers } from './users.ts'

const makeAuthority = () => createAuthority({ now: () => 0, users: demoUsers, pbkdf2Iterations: 1, ttl: 60 })

const user = { userId: 7, username: 'analyst@example.com' }
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
