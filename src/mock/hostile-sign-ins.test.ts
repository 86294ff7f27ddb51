import { describe, expect, test, vi } from 'vitest'
import { tokenRequest } from './fixture-doors.ts'
import { expectNoAccidents } from './fixture-quiet.ts'
import { FORM, makeReceiver, signIns, text } from './fixture-readers.ts'

expectNoAccidents()

describe.each(signIns.map((signIn) => [`a sign-in at POST ${signIn.path}`, signIn] as const))('%s', (_, signIn) => {
  const { system, good, ok, wrong } = signIn
  const nameField = 'identity' in good ? 'identity' : 'username'

  test('hashes no password without end, and answers 400 to it', async () => {
    const { send } = makeReceiver(signIn)
    await send(text(good))
    const derive = vi.spyOn(crypto.subtle, 'deriveBits')
    for (const password of ['x'.repeat(1025), 'x'.repeat(60_000), '🔑'.repeat(1025), '\ud800'.repeat(1025), '']) {
      expect(await send(text({ ...good, password }))).toBe(400)
    }
    for (const name of ['x'.repeat(257), 'x'.repeat(60_000), '']) {
      expect(await send(text({ ...good, [nameField]: name }))).toBe(400)
    }
    expect(derive).not.toHaveBeenCalled()
  })

  test('answers 400 to a name and a password that are no texts', async () => {
    const { send } = makeReceiver(signIn)
    for (const value of [null, 7, true, [], ['bug#1'], {}, { toString: 'bug#1' }, { length: 5 }]) {
      for (const field of [nameField, 'password']) {
        expect([field, value, await send(text({ ...good, [field]: value }))]).toEqual([field, value, 400])
      }
    }
  })

  test('takes no other password or name for the right one, by NULs, surrogates, letters or spaces', async () => {
    const users = ['bug#1', 'bug#1\ufffd', 'x\ufffdy'].map((password, i) => ({
      userId: i + 1,
      username: `ana${i}`,
      password,
    }))
    const { send, pass } = makeReceiver(signIn, { users })
    const tryAs = async (name: string, password: string) => {
      pass(3_600_000)
      return send(text({ ...good, [nameField]: name, password }))
    }
    for (const twin of [
      'bug#1\0',
      '\0bug#1',
      'bug#1\0\0\0',
      'BUG#1',
      ' bug#1',
      'bug#1 ',
      'bug\uff031',
      'bug#1\ufeff',
    ]) {
      expect([twin, await tryAs('ana0', twin)]).toEqual([twin, wrong])
    }
    expect(await tryAs('ana1', 'bug#1\ud800')).toBe(wrong)
    expect(await tryAs('ana2', 'x\udfffy')).toBe(wrong)
    for (const name of ['ana0\0', 'Ana0', ' ana0', 'ana0 ', 'ana0\u200b', '\uff41na0', '__proto__', 'constructor']) {
      expect([name, await tryAs(name, 'bug#1')]).toEqual([name, wrong])
    }
    expect(await Promise.all(users.map(({ username, password }) => tryAs(username, password)))).toEqual([ok, ok, ok])
  })

  test('goes by the last of two fields of one name, as JSON.parse does', async () => {
    const { send } = makeReceiver(signIn)
    const twice = (first: string, last: string) =>
      text(good).replace('"password":"bug#1"', `"password":"${first}","password":"${last}"`)
    expect(await send(twice('bug#1', 'wrong'))).toBe(wrong)
    expect(await send(twice('wrong', 'bug#1'))).toBe(ok)
  })

  test('is no form, unless at Auth0, where a form is read as one', async () => {
    const { send } = makeReceiver(signIn)
    const form = new URLSearchParams(good).toString()
    expect(await send(form, FORM)).toBe(system === 'auth0' ? ok : 400)
    expect(await send(form, `${FORM.toUpperCase()}; charset=utf-8`)).toBe(system === 'auth0' ? ok : 400)
    expect(await send(text(good), FORM)).toBe(system === 'auth0' ? 400 : ok)
    expect(await send(form, 'application/json')).toBe(400)
  })
})

describe('a name that no one has takes the same work as a wrong password', () => {
  /** The calls of whatever takes time or randomness, with what they cost, while something is done. */
  async function workOf(act: () => Promise<unknown>) {
    const spies = [
      vi.spyOn(crypto.subtle, 'deriveBits'),
      vi.spyOn(crypto.subtle, 'importKey'),
      vi.spyOn(crypto.subtle, 'digest'),
      vi.spyOn(crypto.subtle, 'sign'),
      vi.spyOn(crypto, 'getRandomValues'),
    ]
    await act()
    const work = spies.map(({ mock }) => mock.calls.length)
    const costs = spies[0]!.mock.calls.map(([algorithm]) => (algorithm as Pbkdf2Params).iterations)
    for (const spy of spies) spy.mockRestore()
    return [work, costs]
  }

  test.each(signIns.map((signIn) => [signIn.path, signIn] as const))('at %s', async (_, signIn) => {
    const { good, wrong } = signIn
    const { send } = makeReceiver(signIn, { pbkdf2Iterations: 3 })
    const nameField = 'identity' in good ? 'identity' : 'username'
    // The hashes of all passwords are made at the first sign-in.
    await send(text(good))
    const known = await workOf(async () => expect(await send(text({ ...good, password: 'wrong' }))).toBe(wrong))
    const unknown = await workOf(async () => expect(await send(text({ ...good, [nameField]: 'nobody' }))).toBe(wrong))
    expect(known).toEqual([[1, 1, 0, expect.any(Number), expect.any(Number)], [3]])
    expect(unknown).toEqual(known)
  })

  test('where a PIN is asked for and tried', async () => {
    const { call } = makeReceiver(signIns[2]!)
    const askAndTry = (identity: string) => async () => {
      const path = `/eclipse-conductor/rest/v1/global/identities/${identity}/password-change`
      expect((await call('POST', `${path}-init`, { body: { type: 'OTP' } })).status).toBe(204)
      expect((await call('POST', path, { body: { hash: 'wrong', password: 'a new password' } })).status).toBe(400)
    }
    const known = await workOf(askAndTry('analyst@example.com'))
    expect(await workOf(askAndTry('nobody@example.com'))).toEqual(known)
    expect(known).toEqual([[0, 0, 0, 0, expect.any(Number)], []])
  })
})

test('Auth0 makes no token that is too long to be taken', async () => {
  const { send } = makeReceiver({ system: 'auth0', path: '/auth0/oauth/token' })
  for (const field of ['scope', 'audience', 'grant_type', 'client_id']) {
    expect([field, await send(text({ ...tokenRequest, [field]: 'x'.repeat(1025) }))]).toEqual([field, 400])
  }
  expect(await send(text({ ...tokenRequest, scope: '\ud800"\0\n'.repeat(200) }))).toBe(200)
})
