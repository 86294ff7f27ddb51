import { afterEach, describe, expect, test, vi } from 'vitest'
import { makeControlled } from './fixture.ts'
import { makeGate, makeHeldStore } from './fixture-held-store.ts'
import type { MockOptions } from './index.ts'
import { randomPin } from './pins.ts'

afterEach(() => vi.restoreAllMocks())

const BASE = '/eclipse-conductor/rest/v1'
const ANALYST = 'analyst@example.com'
const NOBODY = 'nobody@example.com'

function makeRecovery(options: MockOptions = {}) {
  const made = makeControlled(options)
  const init = (identity = ANALYST, body: unknown = { type: 'OTP' }) =>
    made.call('POST', `${BASE}/global/identities/${encodeURIComponent(identity)}/password-change-init`, { body })
  const change = (hash: unknown, password: unknown = 'a new password', identity = ANALYST) =>
    made.call('POST', `${BASE}/global/identities/${encodeURIComponent(identity)}/password-change`, {
      body: { hash, password },
    })
  const login = async (password: string, identity = ANALYST) =>
    (await made.call('POST', `${BASE}/authentication/login`, { body: { identity, password } })).status
  return {
    ...made,
    init,
    change,
    login,
    /** Asks for a PIN and gives what the outbox got. */
    async pin(): Promise<string> {
      expect((await init()).status).toBe(204)
      return made.backend.outbox().at(-1)!.pin
    },
  }
}

/** Holds the next hash of a password. */
function holdHash() {
  const gate = makeGate()
  const derive = crypto.subtle.deriveBits.bind(crypto.subtle)
  vi.spyOn(crypto.subtle, 'deriveBits').mockImplementationOnce(async (...args) => {
    await gate.pass()
    return derive(...args)
  })
  return gate
}

const other = (pin: string) => String((Number(pin) + 1) % 1_000_000).padStart(6, '0')

/** An answer without what is new in each. */
async function essence(response: Response) {
  const text = (await response.text()).replace(/"(trace|span)Id":"[0-9a-f]+"/g, '')
  return [response.status, [...response.headers], text]
}

describe('a PIN', () => {
  test('sets the new password, ends all sessions of that user at every system, and of no one else', async () => {
    const { pin, change, login, token, signIn, backend } = makeRecovery()
    const mine = await token()
    const others = (await (await signIn('lead@example.com', 'bug#2')).json()).token
    expect((await change(await pin(), 'correct horse battery')).status).toBe(204)
    expect([await backend.isLive(mine), await backend.isLive(others)]).toEqual([false, true])
    expect([await login('bug#1'), await login('correct horse battery')]).toEqual([401, 200])
  })

  test('works once', async () => {
    const { pin, change } = makeRecovery()
    const sent = await pin()
    expect((await change(sent)).status).toBe(204)
    expect((await change(sent, 'yet another one')).status).toBe(400)
  })

  test('works once, however many try it at the same time', async () => {
    const { pin, change } = makeRecovery()
    const sent = await pin()
    const answers = await Promise.all(Array.from({ length: 4 }, (_, i) => change(sent, `a new password ${i}`)))
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
  })

  test('expires after ten minutes', async () => {
    const { pin, change, pass } = makeRecovery()
    const first = await pin()
    pass(599_999)
    expect((await change(first)).status).toBe(204)
    const second = await pin()
    pass(600_000)
    expect((await change(second)).status).toBe(400)
  })

  test('is replaced by a new one', async () => {
    const { pin, change } = makeRecovery()
    const [first, second] = [await pin(), await pin()]
    expect((await change(first)).status).toBe(400)
    expect((await change(second)).status).toBe(204)
  })

  test('is of no use to another identity', async () => {
    const { pin, change, login } = makeRecovery()
    const sent = await pin()
    expect((await change(sent, 'a new password', 'lead@example.com')).status).toBe(400)
    expect(await login('bug#2', 'lead@example.com')).toBe(200)
  })

  test('has six digits, leading zeros included, of all kinds', () => {
    const pins = Array.from({ length: 5000 }, randomPin)
    for (const pin of pins) expect(pin).toMatch(/^\d{6}$/)
    expect(new Set(pins.map((pin) => pin[0])).size).toBe(10)
    expect(new Set(pins).size).toBeGreaterThan(4900)
  })
})

describe('guesses', () => {
  test('kill the PIN with the fifth, so that the right one comes too late', async () => {
    const { pin, change, pass, login } = makeRecovery()
    const sent = await pin()
    for (let i = 0; i < 5; i++) expect((await change(other(sent))).status).toBe(400)
    pass(1000)
    expect((await change(sent)).status).toBe(400)
    expect(await login('bug#1')).toBe(200)
  })

  test('four leave it alive', async () => {
    const { pin, change } = makeRecovery()
    const sent = await pin()
    for (let i = 0; i < 4; i++) await change(other(sent))
    expect((await change(sent)).status).toBe(204)
  })

  test.each([ANALYST, NOBODY])(
    'go on counting over the PINs of %s, and have to wait longer and longer',
    async (identity) => {
      const { init, change, pass } = makeRecovery()
      await init(identity)
      for (let i = 0; i < 5; i++) await change('wrong', undefined, identity)
      await init(identity)
      for (const seconds of [1, 2, 4]) {
        const refused = await change('wrong', undefined, identity)
        expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, String(seconds)])
        pass(seconds * 1000)
        expect((await change('wrong', undefined, identity)).status).toBe(400)
      }
    },
  )

  test('never lock a person out: after a hundred the right PIN still works', async () => {
    const { pin, change, pass } = makeRecovery()
    for (let i = 0; i < 100; i++) {
      expect((await change('wrong')).status).toBe(400)
      pass(900_000)
    }
    expect((await change(await pin())).status).toBe(204)
  })
})

describe('whether an identity exists', () => {
  test('is not told by asking for a PIN, however often', async () => {
    const { init } = makeRecovery()
    for (let i = 0; i < 5; i++) expect(await essence(await init(NOBODY))).toEqual(await essence(await init()))
  })

  test('is not told by an answer to a PIN: wrong, expired, used and none at all read the same', async () => {
    const { pin, change, init, pass } = makeRecovery()
    const used = await pin()
    await change(used)
    const answers = [await change(used)]
    const expired = await pin()
    answers.push(await change(other(expired)))
    pass(600_000)
    answers.push(await change(expired))
    await init(NOBODY)
    answers.push(await change('123456', undefined, NOBODY), await change('123456', undefined, 'lead@example.com'))
    const bodies = await Promise.all(answers.map(async (answer) => [answer.status, (await essence(answer))[2]]))
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
    expect(bodies[0]).toEqual([400, expect.stringContaining('"description":"Incorrect or expired OTP"')])
  })

  test('is not told by the work done', async () => {
    const { init, change, login } = makeRecovery()
    // The hashes of all passwords are made at the first sign-in.
    await login('bug#1')
    const spies = [vi.spyOn(crypto, 'getRandomValues'), vi.spyOn(crypto.subtle, 'digest')]
    spies.push(vi.spyOn(crypto.subtle, 'deriveBits') as never)
    const work = async (identity: string) => {
      for (const spy of spies) spy.mockClear()
      await init(identity)
      await change('wrong', undefined, identity)
      return spies.map((spy) => spy.mock.calls.length)
    }
    const known = await work(ANALYST)
    expect(await work(NOBODY)).toEqual(known)
    expect(known[0]).toBeGreaterThan(0)
  })

  test('an unknown identity is sent nothing, and can not be given a password', async () => {
    const { init, change, backend, login } = makeRecovery()
    await init(NOBODY)
    expect(backend.outbox()).toEqual([])
    expect((await change('', undefined, NOBODY)).status).toBe(400)
    expect(await login('a new password', NOBODY)).toBe(401)
  })
})

test.each([ANALYST, NOBODY])('%s gets three PINs in ten minutes, then has to wait', async (identity) => {
  const { init, pass } = makeRecovery()
  for (let i = 0; i < 3; i++) {
    expect((await init(identity)).status).toBe(204)
    pass(60_000)
  }
  const refused = await init(identity)
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '420'])
  expect((await refused.json())[0]).toMatchObject({ type: 'BUSINESS', code: 'REQ029' })
  pass(420_000)
  expect((await init(identity)).status).toBe(204)
})

describe('a new password', () => {
  test.each(['short7!', '', '🔑🔑🔑🔑🔑🔑🔑', 'x'.repeat(1025), 7, undefined])(
    'is refused as %j, and the PIN not spent',
    async (password) => {
      const { pin, change, call } = makeRecovery()
      const sent = await pin()
      const path = `${BASE}/global/identities/${ANALYST}/password-change`
      const refused = await call('POST', path, { body: { hash: sent, password } })
      expect([refused.status, (await refused.json())[0].description]).toEqual([
        400,
        expect.stringMatching(/^password: /),
      ])
      expect((await change(sent)).status).toBe(204)
    },
  )

  test.each([
    ['eight', '12345678'],
    ['sixty-four and more', 'y'.repeat(200)],
    ['any', ' pässwörd 🔑 '],
  ])('may have %s characters, and is taken exactly as typed', async (_, password) => {
    const { pin, change, login } = makeRecovery()
    expect((await change(await pin(), password)).status).toBe(204)
    expect([await login(password), await login(`${password} `)]).toEqual([200, 401])
  })

  test('may be as long as one that is typed, counted in the same characters', async () => {
    const { pin, change, login } = makeRecovery()
    const longest = '🔑'.repeat(1024)
    expect((await change(await pin(), longest)).status).toBe(204)
    expect([await login(longest), await login(`${longest}🔑`)]).toEqual([200, 400])
    expect((await change(await pin(), `${longest}🔑`)).status).toBe(400)
  })

  test('lets in someone whose sign-ins were throttled', async () => {
    const { pin, change, login } = makeRecovery()
    for (let i = 0; i < 6; i++) await login('forgotten')
    expect(await login('bug#1')).toBe(429)
    await change(await pin(), 'remembered now')
    expect(await login('remembered now')).toBe(200)
  })

  test('ends a session whose sign-in with the old one reaches the store only after it', async () => {
    const { store, hold } = makeHeldStore()
    const { pin, change, signIn, backend } = makeRecovery({ store })
    const sent = await pin()
    const { reached, release } = hold('session:')
    const late = signIn()
    await reached
    expect((await change(sent)).status).toBe(204)
    release()
    expect((await late).status).toBe(401)
    expect((await backend.sessions()).map(({ endedAt }) => endedAt !== undefined)).toEqual([true])
  })

  test('is not set while the store is away, and the PIN can be used again', async () => {
    const { store, setAway } = makeHeldStore()
    const { pin, change, login, token, backend } = makeRecovery({ store })
    const jwt = await token()
    const sent = await pin()
    setAway(true)
    expect((await change(sent, 'remembered now')).status).toBe(503)
    setAway(false)
    expect([await login('remembered now'), await login('bug#1'), await backend.isLive(jwt)]).toEqual([401, 200, true])
    expect((await change(sent, 'remembered now')).status).toBe(204)
    expect([await login('remembered now'), await login('bug#1'), await backend.isLive(jwt)]).toEqual([200, 401, false])
    expect((await change(sent, 'yet another one')).status).toBe(400)
  })

  test.each(['its sessions are ended', 'its hash is made'])('is forgotten at a reset while %s', async (when) => {
    const { store, hold } = makeHeldStore()
    const { pin, change, login, token, backend } = makeRecovery({ store })
    await token()
    const sent = await pin()
    const { reached, release } = when === 'its hash is made' ? holdHash() : hold('session:')
    const changing = change(sent, 'remembered now')
    await reached
    await backend.reset()
    release()
    await changing
    expect([await login('bug#1'), await login('remembered now')]).toEqual([200, 401])
  })

  test('is forgotten at a reset, with PINs and their limits', async () => {
    const { pin, change, login, backend } = makeRecovery()
    await change(await pin(), 'remembered now')
    await pin()
    const last = await pin()
    await backend.reset()
    expect([await login('bug#1'), await login('remembered now')]).toEqual([200, 401])
    expect((await change(last)).status).toBe(400)
    expect(backend.outbox()).toEqual([])
    expect(await pin()).toMatch(/^\d{6}$/)
  })
})

test('an identity without end is 400, to ask for a PIN and to use one', async () => {
  const { init, change } = makeRecovery()
  const endless = 'x'.repeat(257)
  for (const response of [await init(endless), await change('123456', undefined, endless)]) {
    expect(response.status).toBe(400)
    expect((await response.json())[0].description).toBe('identity: must have 256 characters at most')
  }
})

test.each([{ type: 'EMAIL' }, {}, undefined, '{"type"'])('a PIN asked for with %j is 400', async (body) => {
  const { call, backend } = makeRecovery()
  const path = `${BASE}/global/identities/${ANALYST}/password-change-init`
  expect((await call('POST', path, { body })).status).toBe(400)
  expect(backend.outbox()).toEqual([])
})

describe('the outbox', () => {
  test('is served to tests on this machine alone', async () => {
    const { pin, outbox, call } = makeRecovery()
    const sent = await pin()
    const at = Date.UTC(2019, 6, 14, 12, 11, 10)
    expect(await outbox()).toEqual([
      { at, to: '+12025550107', username: ANALYST, pin: sent, text: expect.stringContaining(sent) },
    ])
    for (const headers of [{}, { 'x-stillhere-mock': '1', Host: 'evil.example' }]) {
      expect((await call('GET', '/__stillhere/outbox', { headers })).status).toBe(404)
    }
    const headers = { 'x-stillhere-mock': '1', Origin: 'http://localhost:5173' }
    const across = await call('GET', '/__stillhere/outbox', { headers })
    expect([across.status, across.headers.get('Access-Control-Allow-Origin')]).toEqual([404, null])
  })

  test('goes to the phone on file and is printed where told, but never in the audit log', async () => {
    const printed: string[] = []
    const audit: string[] = []
    const users = [{ userId: 7, username: ANALYST, password: 'bug#1', phone: '+4930123456' }]
    const { pin, change } = makeRecovery({
      users,
      printOutbox: (line) => printed.push(line),
      log: (line) => audit.push(line),
    })
    const sent = await pin()
    await change(other(sent))
    await change(sent, 'remembered now')
    expect(printed).toEqual([expect.stringMatching(`^SMS to \\+4930123456 for ${ANALYST}: ${sent} `)])
    expect(audit.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      'password-change-asked user="analyst@example.com" session=-',
      'password-change-refused user="analyst@example.com" session=-',
      'password-changed user="analyst@example.com" session=-',
    ])
    for (const secret of [sent, 'remembered now']) expect(audit.join('\n')).not.toContain(secret)
  })
})
