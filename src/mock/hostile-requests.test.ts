import { describe, expect, test } from 'vitest'
import { makeBackend } from './fixture.ts'
import { type Door, doors, outcome } from './fixture-doors.ts'
import { expectNoAccidents } from './fixture-quiet.ts'
import { readers } from './fixture-readers.ts'

expectNoAccidents()

type Route = [method: string, path: string, system: Door['system']]

const routes: readonly Route[] = [
  ['GET', '/feeds/', 'eclecticiq'],
  ['GET', '/api/feeds/200', 'eclecticiq'],
  ['GET', '/api/v1/badges', 'econnect'],
  ['GET', '/identities/api/v1/renewToken', 'econnect'],
  ['GET', '/api/v3/config', 'datarhei'],
  ['GET', '/api/login/refresh', 'datarhei'],
  ['GET', '/auth0/.well-known/jwks.json', 'auth0'],
  ['GET', '/rest/me', 'rest'],
  ...readers.filter(({ system }) => system !== 'control').map(({ path, system }): Route => ['POST', path, system]),
]

describe.each(routes)('%s %s', (own, path, system) => {
  test('answers 405 to every other method, and says which one it knows', async () => {
    const { call } = makeBackend()
    for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND', 'M-SEARCH', 'FOO', own === 'GET' ? 'POST' : 'GET']) {
      const answer = await call(method, path)
      expect([method, await outcome(system, answer)]).toEqual([method, 405])
      expect(answer.headers.get('Allow')).toContain(own)
    }
    const [head, get] = [await call('HEAD', path), await call('GET', path)]
    expect([head.status, await head.text()]).toEqual([get.status, ''])
    expect((await call('OPTIONS', path)).status).toBe(204)
  })

  test('answers 400 to a method that can be none', async () => {
    const { backend, call } = makeBackend()
    for (const method of ['__proto__', 'constructor', 'toString', 'foo', 'F00', '*']) {
      expect([method, (await call(method, path)).status, backend.owns(path, method)]).toEqual([method, 400, false])
    }
  })

  test('is not there under any twist of its path', async () => {
    const { call } = makeBackend()
    const bare = path.slice(1)
    const ends = ['//', '%2f', '%00', '/%00', ';x=1', '%20', '.json', '%', '%E0%A4%A', '\u2215', '/..;/']
    const twists = [
      ...ends.map((end) => path + end),
      ...['//', '/x/..%2f', '/%2e%2e%2f', '/%2f', '/%5c', '/\u2215'].map((start) => start + bare),
      `${path}/${'a'.repeat(1_000_000)}`,
      path.toUpperCase(),
    ]
    if (bare.includes('/')) twists.push(`/${bare.replace(/\/(?=[^/]*$)/, '%2f')}`)
    const found: Record<string, number> = {}
    for (const twist of twists) {
      const { status } = await call(own, twist)
      if (status !== 404) found[twist.slice(0, 80)] = status
    }
    expect(found).toEqual({})
  })
})

test.each(doors.map((door) => [door.name, door] as const))(
  'thousands of headers, and odd ones, change nothing: %s',
  async (_, door) => {
    const { call } = makeBackend()
    const more = {
      ...Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`x-${i}`, 'y'.repeat(20)])),
      ...{ 'X-HTTP-Method-Override': 'DELETE', 'X-Original-URL': '/__stillhere/reset', constructor: 'y' },
      ...{ 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Host': 'localhost', Range: 'bytes=0-', Expect: 'miracles' },
    }
    const token = await door.token(call)
    const { status } = await door.knock(
      (method, path, init) => call(method, path, { ...init, headers: { ...more, ...init?.headers } }),
      token,
    )
    expect(status).toBeLessThan(300)
  },
)
