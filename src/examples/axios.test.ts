// @vitest-environment happy-dom
import axios, { type AxiosError } from 'axios'
import { attachAxios, SessionOverError } from 'stillhere'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { axiosByFetch } from './axios.ts'
import { createScene, HOME } from './scene.ts'

let scene: Awaited<ReturnType<typeof createScene>>
beforeEach(async () => {
  scene = await createScene({ origins: ['https://files.example.com'] })
})
afterEach(() => scene.end())

const FEEDS = `${HOME}/api/feeds/`
const plain = (over = {}) => axios.create({ baseURL: `${HOME}/api`, adapter: 'fetch', ...over })
const attached = (over = {}) => {
  const instance = plain(over)
  const detach = attachAxios(instance, scene.session)
  return Object.assign(instance, { detach })
}

describe.each([
  ['attached', () => attached()],
  ['on session.fetch', () => axiosByFetch(scene.session, `${HOME}/api`)],
])('axios %s', (_, create) => {
  test('sends the token to the system, and reads its answer', async () => {
    const { data } = await create().get('/feeds/')
    expect(data.count).toBeGreaterThan(0)
    expect(scene.requests()).toMatchObject([{ authorized: true, status: 200 }])
  })

  test('sends it to no other origin, unless the host lists it', async () => {
    const api = create()
    for (const url of ['https://evil.example/', 'https://mock.example.evil.example/', 'https://files.example.com/'])
      await api.get(url)
    expect(scene.elsewhere.map(({ token }) => token !== null)).toEqual([false, false, true])
  })

  test('a refused token is renewed once, and the request is sent once more', async () => {
    scene.refuse()
    expect((await create().get('/feeds/')).status).toBe(200)
    expect(scene.requests().map(({ token, status }) => [token, status])).toEqual([
      ['t1', 401],
      ['t2', 200],
    ])
    expect(scene.refreshes()).toBe(1)
  })

  test('refused at the same time, twenty requests make one refresh', async () => {
    const api = create()
    scene.refuse(20)
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.get('/feeds/')))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(scene.refreshes()).toBe(1)
  })

  test('refused again it is the app’s to see: never a loop', async () => {
    scene.refuse(99)
    await expect(create().get('/feeds/')).rejects.toMatchObject({ response: { status: 401 } })
    expect(scene.requests()).toHaveLength(2)
  })

  test('with the refresh failing, all who waited for it are answered', async () => {
    const api = create()
    scene.server.setFaults([
      { match: '/feeds', status: 401, times: 3 },
      { match: '/refresh', status: 503 },
    ])
    const answers = await Promise.allSettled([1, 2, 3].map(() => api.get('/feeds/')))
    expect(answers.map((answer) => answer.status === 'rejected' && answer.reason.response.status)).toEqual([
      401, 401, 401,
    ])
  })

  test('a 403 is not about the token', async () => {
    scene.server.setFaults({ match: '/feeds', status: 403, times: 1 })
    await expect(create().get('/feeds/')).rejects.toMatchObject({ response: { status: 403 } })
    expect(scene.requests()).toHaveLength(1)
  })

  test('with the session over nothing is sent, and the error says so', async () => {
    const api = create()
    scene.session.signOut()
    const error = (await api.get('/feeds/').catch((thrown: unknown) => thrown)) as AxiosError
    expect([error, error.cause].some((found) => found instanceof SessionOverError)).toBe(true)
    expect(scene.requests()).toEqual([])
  })

  test('a request aborted while it waits for the token is not sent', async () => {
    const controller = new AbortController()
    const answer = create().get('/feeds/', { signal: controller.signal })
    controller.abort()
    await expect(answer).rejects.toMatchObject({ code: 'ERR_CANCELED' })
    expect(scene.requests()).toEqual([])
  })
})

describe('axios attached', () => {
  test('where the token goes is decided by where the request goes, whatever interceptors make of it', async () => {
    const api = attached()
    api.interceptors.request.use((config) => ({ ...config, baseURL: 'https://evil.example' }))
    await api.get('/feeds/')
    await attached({ baseURL: '' }).get('//evil.example/')
    await attached().get('evil', { baseURL: 'https://evil.example/', allowAbsoluteUrls: false })
    const homeless = attached()
    homeless.interceptors.request.use((config) => ({ ...config, baseURL: undefined as never }))
    await homeless.get('/feeds/')
    expect(scene.elsewhere.map(({ token }) => token)).toEqual([null, null, null, null])
  })

  test('the app’s own interceptors and transforms run once, and never see a 401 that was mended', async () => {
    const seen: unknown[] = []
    const api = attached({
      transformRequest: [() => void seen.push('transform')],
      transformResponse: [(data: string) => ({ wrapped: JSON.parse(data) })],
    })
    api.interceptors.request.use((config) => {
      seen.push('request')
      return config
    })
    api.interceptors.response.use(
      ({ data }) => {
        seen.push('response')
        return data.wrapped
      },
      () => seen.push('error'),
    )
    scene.refuse()
    expect(await api.get('/feeds/')).toHaveProperty('count')
    expect(seen).toEqual(['request', 'transform', 'response'])
  })

  test('a body goes along with the second try as it went with the first', async () => {
    const bodies: string[] = []
    const { fetch } = globalThis
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      if (request.method === 'POST' && request.url === FEEDS) bodies.push(await request.clone().text())
      return fetch(request)
    }
    scene.refuse()
    // The mock takes no feeds.
    await expect(attached().post('/feeds/', { name: 'α' })).rejects.toMatchObject({ response: { status: 405 } })
    expect(bodies).toEqual(['{"name":"α"}', '{"name":"α"}'])
  })

  test('a stream, which can be sent but once, is not sent again', async () => {
    scene.refuse()
    const data = new ReadableStream({ start: (controller) => controller.close() })
    await expect(attached().post('/feeds/', data)).rejects.toMatchObject({ response: { status: 401 } })
    expect(scene.requests()).toHaveLength(1)
    expect(scene.refreshes()).toBe(0)
  })

  test('a host that takes a 401 for an answer is given the second one, too', async () => {
    scene.refuse()
    const { status } = await attached({ validateStatus: () => true }).get('/feeds/')
    expect(status).toBe(200)
    scene.refuse(2)
    expect((await attached({ validateStatus: () => true }).get('/feeds/')).status).toBe(401)
  })

  test('where the answer to the second try is lost, the first one stands', async () => {
    const { fetch } = globalThis
    let count = 0
    globalThis.fetch = async (input, init) => {
      if (new Request(input, init).url === FEEDS && ++count === 2) throw new TypeError('fetch failed')
      return fetch(input, init)
    }
    scene.refuse()
    await expect(attached().get('/feeds/')).rejects.toMatchObject({ response: { status: 401 } })
    expect(count).toBe(2)
  })

  test('an error that is logged, or sent again, carries no token and the request as it was made', async () => {
    scene.server.setFaults({ match: '/feeds', status: 500, times: 1 })
    const api = attached()
    const error: AxiosError = await api.get('/feeds/').catch((thrown) => thrown)
    expect(JSON.stringify(error)).not.toContain('Bearer')
    expect(JSON.stringify(error.response?.config)).not.toContain('Bearer')
    expect((await api.request(error.config!)).data.count).toBeGreaterThan(0)
  })

  test('given back, the instance is as it was', async () => {
    const api = attached()
    api.detach()
    expect(api.defaults.adapter).toBe('fetch')
    await expect(api.get('/feeds/')).rejects.toMatchObject({ response: { status: 401 } })
    expect(scene.requests()).toMatchObject([{ authorized: false }])
  })

  test('given back after another adapter was put over it, it stands aside', async () => {
    const api = attached()
    const over = api.defaults.adapter as (config: object) => Promise<unknown>
    api.defaults.adapter = ((config: object) => over(config)) as never
    api.detach()
    await expect(api.get('/feeds/')).rejects.toMatchObject({ response: { status: 401 } })
    expect(scene.requests()).toMatchObject([{ authorized: false }])
  })

  test('another adapter, such as a test’s, is given the request with the token on', async () => {
    const seen: unknown[] = []
    const api = attached({
      adapter: async (config: { headers: { get(name: string): unknown } }) => {
        seen.push(config.headers.get('authorization'))
        return { data: '{}', status: 200, statusText: '', headers: {}, config }
      },
    })
    expect((await api.get('/feeds/')).data).toEqual({})
    expect(seen).toEqual([expect.stringMatching(/^Bearer /)])
  })
})
