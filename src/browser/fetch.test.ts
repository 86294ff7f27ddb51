// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { SessionOverError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import type { Backend, Grant } from '../core/types.ts'
import { createAuthorize } from './authorize.ts'
import { createFetch } from './fetch.ts'

interface Seen {
  url: string
  token: string | null
  redirect: string
  body: string
}

const getState = () => ({ session: null })

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A session whose server answers with these statuses, one after the other. */
function createScene(statuses: number[], { origins = [] as string[], header = 'authorization' } = {}) {
  const seen: Seen[] = []
  vi.stubGlobal('fetch', async (request: Request, init?: RequestInit) => {
    seen.push({
      url: request.url,
      token: request.headers.get(header),
      redirect: init?.redirect ?? request.redirect,
      body: await request.text(),
    })
    return new Response(null, { status: statuses.shift() ?? 200 })
  })
  let generation = 1
  const grants: (Grant | undefined)[] = []
  const grant = async (refused?: Grant) => {
    grants.push(refused)
    if (refused) generation++
    const token = new Secret(`t${generation}`)
    return { token, user: { key: null, name: '' }, expiresAt: null, departedAt: 0 }
  }
  const backend = {
    baseUrl: 'https://api.example.com/v1',
    headers: ({ token }: Grant) => ({ [header]: token.reveal() }),
    refusesToken: ({ status }: Response) => status === 401,
  } as unknown as Backend
  return { seen, grants, fetch: createFetch({ ...createAuthorize({ backend, origins, grant }), getState }).fetch }
}

test('the token goes to the system’s own origin', async () => {
  const { fetch, seen } = createScene([])
  await fetch('https://api.example.com/feeds/')
  expect(seen[0]!.token).toBe('t1')
})

test('and to no other, unless the host lists it', async () => {
  const { fetch, seen } = createScene([], { origins: ['https://files.example.com'] })
  for (const url of [
    'https://evil.example/',
    'https://api.example.com.evil.example/',
    'http://api.example.com/',
    'https://files.example.com/',
  ]) {
    await fetch(url)
  }
  expect(seen.map(({ token }) => token)).toEqual([null, null, null, 't1'])
})

test.each([
  'https://files.example.com/',
  'https://files.example.com/v1',
  'files.example.com',
  'HTTPS://x.example',
  '*',
  'null',
  '',
])('an origin that no request could match is told at once: %j', (origin) => {
  expect(() => createScene([], { origins: [origin] })).toThrow(`origins: "${origin}" must be an origin and no more`)
})

test.each(['https://user:password@api.example.com/', 'https://api.example.com@evil.example/'])(
  'with a name and a password in the address nothing is sent: %s',
  async (url) => {
    const { fetch, seen } = createScene([])
    await fetch(url).catch(() => {})
    expect(seen.filter(({ token }) => token)).toEqual([])
  },
)

test('whoever asks for redirects, in whatever way, gets none with a secret outside of Authorization', async () => {
  const { fetch, seen } = createScene([], { header: 'x-auth' })
  await fetch(new Request('https://api.example.com/', { redirect: 'follow' }))
  await fetch('https://api.example.com/', { redirect: 'follow' })
  expect(seen.map(({ redirect }) => redirect)).toEqual(['error', 'error'])
})

test('nor does the second try, after a refusal', async () => {
  const { fetch, seen } = createScene([401, 200], { header: 'x-auth' })
  await fetch('https://api.example.com/')
  expect(seen.map(({ token, redirect }) => [token, redirect])).toEqual([
    ['t1', 'error'],
    ['t2', 'error'],
  ])
})

test('a secret outside of Authorization follows no redirect', async () => {
  const { fetch, seen } = createScene([], { header: 'x-auth' })
  await fetch('https://api.example.com/')
  expect(seen[0]).toMatchObject({ token: 't1', redirect: 'error' })
})

test('a refused token is renewed once, and the request sent once more with the same body', async () => {
  const { fetch, seen, grants } = createScene([401, 200])
  const response = await fetch('https://api.example.com/notes/', { method: 'POST', body: 'note' })
  expect(response.status).toBe(200)
  expect(seen.map(({ token, body }) => [token, body])).toEqual([
    ['t1', 'note'],
    ['t2', 'note'],
  ])
  expect(grants[1]!.token.reveal()).toBe('t1')
})

test('refused twice it is the host’s answer, never a loop', async () => {
  const { fetch, seen } = createScene([401, 401, 401])
  expect((await fetch('https://api.example.com/')).status).toBe(401)
  expect(seen).toHaveLength(2)
})

test('a 403 is not about the token', async () => {
  const { fetch, seen } = createScene([403])
  expect((await fetch('https://api.example.com/')).status).toBe(403)
  expect(seen).toHaveLength(1)
})

test('an answer to a body that can be sent but once is the host’s answer', async () => {
  const { fetch, seen } = createScene([401])
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('x'))
      controller.close()
    },
  })
  const response = await fetch('https://api.example.com/', { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect(response.status).toBe(401)
  expect(seen).toHaveLength(1)
})

test('with the session over nothing is sent', async () => {
  const seen = vi.fn()
  vi.stubGlobal('fetch', seen)
  const backend = { baseUrl: 'https://api.example.com' } as Backend
  const grant = () => Promise.reject(new SessionOverError())
  const { fetch } = createFetch({ ...createAuthorize({ backend, origins: [], grant }), getState })
  await expect(fetch('https://api.example.com/')).rejects.toThrow(SessionOverError)
  expect(seen).not.toHaveBeenCalled()
})

test('a request aborted while it waits for a token is not sent', async () => {
  const { fetch, seen } = createScene([])
  const controller = new AbortController()
  const answer = fetch('https://api.example.com/', { signal: controller.signal })
  controller.abort()
  await expect(answer).rejects.toThrow()
  expect(seen).toEqual([])
})
