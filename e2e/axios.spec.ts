import { test as base, expect, type Page } from '@playwright/test'
import { bundleOf, json, listen, welcome } from './servers.ts'

const TOKEN = 'token-kept-to-ourselves'
type Server = Awaited<ReturnType<typeof listen>>

const BACKENDS = {
  'a token in Authorization': `stillhere.rest({
    baseUrl: location.origin,
    signIn: { path: '/login' },
    refresh: { path: '/refresh', with: 'token' },
    answer: { token: 'token', expires: { field: 'life', unit: 'ms-from-now' } },
  })`,
  'a token in a header of its own': 'stillhere.eclipse({ baseUrl: location.origin })',
}

/** The app's own origin, which sends on what it is asked to, and another that takes whatever comes. */
const test = base.extend<{ own: Server; foreign: Server }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures this one needs from its first parameter.
  foreign: async ({}, use) => {
    const site = await listen((got, response) => {
      welcome(got, response)
      json(response, 'welcome')
    })
    await use(site)
    site.close()
  },
  own: async ({ foreign }, use) => {
    const library = await bundleOf(
      'stillhere',
      `export * from './src/index.ts'
      export { default as axios } from 'axios'`,
    )
    let tired = 0
    const server = await listen(({ url }, response) => {
      if (url === '/') response.setHeader('content-type', 'text/html').end('<script src="/library.js"></script>')
      else if (url === '/library.js') response.setHeader('content-type', 'text/javascript').end(library)
      else if (url === '/away') response.writeHead(307, { location: `${foreign.url}/away` }).end()
      else if (url === '/tired') json(response, 'tired', tired++ % 2 ? 200 : 401)
      else if (url.includes('eclipse-conductor'))
        json(response, {
          headerName: 'X-Eclipse',
          headerValue: TOKEN,
          csrfHeaderName: 'X-Renew',
          csrfToken: 'csrf',
          expiresEpochSecs: Math.floor(Date.now() / 1_000) + 1_800,
        })
      else json(response, { token: TOKEN, life: 1_800_000 })
    })
    await use(server)
    server.close()
  },
})

async function visit(page: Page, own: Server, backend: string): Promise<void> {
  await page.goto(own.url)
  await page.evaluate(`
    window.session = stillhere.createSession({ backend: ${backend}, idleTimeout: 1_200_000 })
    session.start()
    window.api = stillhere.axios.create({ baseURL: location.origin })
    stillhere.attachAxios(api, session)
    session.signIn({ username: 'ada', password: 'x' })
  `)
  await page.waitForFunction('session.getState().status === "active"')
}

const ask = (page: Page, call: string) =>
  page.evaluate(`${call}.then(({ status }) => status, ({ name, code }) => [name, code].join(' '))`)

for (const [name, backend] of Object.entries(BACKENDS)) {
  const isBearer = name.includes('Authorization')
  test.describe(`axios in a page, ${name}`, () => {
    test.beforeEach(({ page, own }) => visit(page, own, backend))
    const asked = ({ got }: Server, path: string) => got.filter(({ url }) => url === path)

    test('sends the token home and nowhere else, and a refused one is renewed', async ({ page, own, foreign }) => {
      expect(await ask(page, `api.get('/here')`)).toBe(200)
      expect(JSON.stringify(asked(own, '/here'))).toContain(TOKEN)
      expect(await ask(page, `api.post('/tired', { name: 'α' })`)).toBe(200)
      expect(asked(own, '/tired').map(({ body }) => body)).toEqual(['{"name":"α"}', '{"name":"α"}'])
      expect(await ask(page, `api.get('${foreign.url}/here')`)).toBe(200)
      expect(asked(foreign, '/here')).toHaveLength(1)
      expect(foreign.all()).not.toContain(TOKEN)
    })

    test('takes the token to nobody else by a redirect', async ({ page, own, foreign }) => {
      expect(await ask(page, `api.get('/away')`)).toBe(isBearer ? 200 : 'AxiosError ERR_NETWORK')
      expect(JSON.stringify(asked(own, '/away'))).toContain(TOKEN)
      expect(asked(foreign, '/away')).toHaveLength(isBearer ? 1 : 0)
      expect(foreign.all()).not.toContain(TOKEN)
    })

    if (isBearer)
      test('tells the progress of an upload, as XMLHttpRequest does', async ({ page }) => {
        const loaded = await page.evaluate(`new Promise((resolve) => {
          const form = new FormData()
          form.append('file', new Blob(['x'.repeat(100_000)]))
          let loaded = 0
          api.post('/upload', form, { onUploadProgress: (event) => { loaded = event.loaded } })
            .then(({ request }) => resolve([request instanceof XMLHttpRequest, loaded > 100_000]))
        })`)
        expect(loaded).toEqual([true, true])
      })
  })
}
