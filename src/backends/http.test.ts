import { describe, expect, test } from 'vitest'
import { AuthError } from '../core/errors.ts'
import { datarhei } from './datarhei.ts'
import { eclecticiq } from './eclecticiq.ts'
import { eclipse } from './eclipse.ts'
import { econnect } from './econnect.ts'
import { rest } from './rest.ts'
import { answering, call, grantOf, inBody, jwtOf, NOW, PERSON } from './scene.ts'

const HOST = 'https://api.example.com'

/** All that a console, a log or an error tracker could show of an error. */
function shownOf(error: unknown): string {
  const { message, stack, cause, ...rest } = error as Error & Record<string, unknown>
  const shown = [message, stack, String(error), JSON.stringify(error), JSON.stringify(rest)]
  return [...shown, ...(cause ? [shownOf(cause)] : [])].join('\n')
}

const failing = async (credentials: Record<string, string>, answer: Response | Error) => {
  const backend = eclecticiq({ baseUrl: HOST, fetch: answering(answer).fetch })
  const error = await backend.signIn(credentials, call).catch((error) => error)
  expect(error).toBeInstanceOf(AuthError)
  return error as AuthError
}
const json = (text: string, status = 400) => new Response(text, { status })

describe('of what was sent, an error shows nothing', () => {
  test.each([
    ['as it is', 'correct horse', '{"input":"correct horse"}'],
    ['in another way to write JSON', 'pässwörd/x', '{"input":"p\\u00e4ssw\\u00f6rd\\/x"}'],
    ['with a quotation mark in it', 'a"b\\c', JSON.stringify({ input: 'a"b\\c' })],
    ['as a number', '271828', '{"input":271828}'],
    ['as the name of a field', 'correct horse', '{"correct horse":["is too weak"]}'],
    ['within a sentence', 'correct horse', '{"detail":"\\"correct horse\\" is too weak"}'],
    ['deep inside', 'correct horse', '[[[{"a":[{"b":"correct horse"}]}]]]'],
    ['where the name is the beginning of it', 'ada-correct', '{"input":"ada-correct"}'],
  ])('that the server repeats %s', async (_, password, body) => {
    const error = await failing({ username: 'ada-', password }, json(body))
    expect(shownOf(error)).not.toContain(password)
    expect(JSON.stringify(error.details)).toContain('[secret]')
    expect(JSON.stringify(error.details)).not.toContain('correct')
  })

  test('and what only looks like it stays', async () => {
    const error = await failing({ username: 'ada', password: '271828' }, json('{"input":27182818,"code":true}'))
    expect(error.details).toEqual({ input: 27182818, code: true })
  })

  test('nor of a token that comes with a failure', async () => {
    const token = jwtOf(600)
    const error = await failing(PERSON, json(JSON.stringify({ token, text: `for ${token}.`, list: [token] }), 500))
    expect(shownOf(error)).not.toContain(token.slice(4, 20))
    expect(shownOf(error)).not.toContain('signature')
    expect(error.details).toEqual({ token: '[secret]', text: 'for [secret].', list: ['[secret]'] })
  })

  test('an answer nested without end is a failure like any other', async () => {
    const error = await failing(PERSON, json(`${'['.repeat(1e5)}${']'.repeat(1e5)}`))
    expect(error).toMatchObject({ kind: 'malformed', status: 400, details: undefined })
  })
})

const SYSTEMS = {
  eclecticiq: {
    make: eclecticiq,
    good: { token: jwtOf(600), expires_at: new Date(NOW + 600_000).toISOString() },
  },
  econnect: { make: econnect, good: { username: 'ada', token: jwtOf(600, { unique_name: 'ada' }) } },
  eclipse: {
    make: eclipse,
    good: {
      headerName: 'X-Eclipse',
      headerValue: jwtOf(600, { uid: 7 }),
      csrfHeaderName: 'renew-csrf',
      csrfToken: '352435',
      expiresEpochSecs: NOW / 1_000 + 600,
    },
  },
  datarhei: { make: datarhei, good: { access_token: jwtOf(600), refresh_token: jwtOf(900, { usefor: 'refresh' }) } },
  rest: {
    make: (options: { fetch: typeof fetch }) => rest({ ...inBody(HOST), ...options }),
    good: {
      data: { accessToken: 'access', expiresIn: 600_000, refreshToken: 'refresh', user: { id: 7, name: 'ada' } },
    },
  },
}

describe.each(Object.entries(SYSTEMS))('%s', (_, { make, good }) => {
  test('follows no redirect with a password or a token, keeps nothing in a cache, and sends no cookie elsewhere', async () => {
    const { fetch, sent } = answering(good, good, {}, {}, {})
    const backend = make({ baseUrl: HOST, fetch })
    const grant = await grantOf(backend)
    await backend.refresh!(grant, call)
    await backend.revoke?.(grant, call)
    if (backend.passwordReset) {
      await backend.passwordReset.requestPin({ username: 'ada' }, call)
      await backend.passwordReset.change({ username: 'ada', pin: '123456', password: 'new' }, call)
    }
    expect(sent.length).toBeGreaterThanOrEqual(2)
    for (const { url, init } of sent) {
      expect(new URL(url).origin).toBe(HOST)
      expect(init).toMatchObject({ redirect: 'error', cache: 'no-store' })
      expect(init.credentials).toBe(undefined)
    }
  })

  test('a redirect is a server that gives no answer', async () => {
    const backend = make({ baseUrl: HOST, fetch: answering(new TypeError('Failed to fetch')).fetch })
    const error = await backend.signIn(PERSON, call).catch((error) => error)
    expect(error).toMatchObject({ name: 'AuthError', kind: 'unreachable' })
    expect(shownOf(error)).not.toContain(PERSON.password)
  })
})
