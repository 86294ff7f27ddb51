import type { ServerResponse } from 'node:http'
import { test as base, expect, type Page } from '@playwright/test'
import { bundle, type Got, json, listen, welcome } from './servers.ts'

const MIN = 60_000
const V1 = '/eclipse-conductor/rest/v1'
/** Every secret of these tests has this in it. */
const MARK = 'kept-to-ourselves'
const PASSWORD = `password-${MARK}`
const TOKEN = `token-${MARK}`

type Server = Awaited<ReturnType<typeof listen>>

/** Whom the auth system of the page is, as code for the page. */
const BACKENDS = {
  'a token in Authorization': `stillhere.rest({
    baseUrl: location.origin,
    signIn: { path: '/login' },
    refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
    signOut: { path: '/logout', with: 'token' },
    answer: { token: 'token', refreshToken: 'refreshToken', expires: { field: 'life', unit: 'ms-from-now' } },
    headers: { 'x-api-key': 'key-${MARK}' },
  })`,
  'a token in a header of its own': 'stillhere.eclipse({ baseUrl: location.origin })',
}

/** Answers that send on to where the address says. */
function redirects({ url }: Got, response: ServerResponse): boolean {
  const { pathname, searchParams } = new URL(url, 'http://any')
  if (pathname !== '/redirect') return false
  response.writeHead(Number(searchParams.get('status')), { location: searchParams.get('to')! })
  response.end()
  return true
}

/** Another site, which takes whatever comes and keeps it. */
const openSite = () =>
  listen((got, response) => {
    welcome(got, response)
    if (got.method === 'OPTIONS') response.writeHead(204).end()
    else if (!redirects(got, response)) json(response, 'welcome')
  })

/** Three origins: the app's own with its auth system, one that it lists, and one of somebody else. */
const test = base.extend<{
  own: Server & { turnAway: Map<string, [number, string]> }
  listed: Server
  foreign: Server
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures this one needs from its first parameter.
  own: async ({}, use) => {
    const turnAway = new Map<string, [number, string]>()
    const page = `<!doctype html><title>own</title><div id="root"></div><script src="/library.js"></script>`
    const library = await bundle()
    const answer = () => ({ token: TOKEN, refreshToken: `refresh-${MARK}`, life: 30 * MIN })
    const eclipse = () => ({
      headerName: 'X-Eclipse',
      headerValue: TOKEN,
      csrfHeaderName: 'X-Renew',
      csrfToken: `csrf-${MARK}`,
      expiresEpochSecs: Math.floor(Date.now() / 1_000) + 1_800,
    })
    const server = await listen((got, response) => {
      const { pathname } = new URL(got.url, 'http://any')
      const away = [...turnAway].find(([part]) => pathname.includes(part))?.[1]
      if (away) {
        response.writeHead(away[0], { location: away[1] })
        response.end()
      } else if (pathname === '/') response.setHeader('content-type', 'text/html').end(page)
      else if (pathname === '/library.js') response.setHeader('content-type', 'text/javascript').end(library)
      else if (redirects(got, response)) return
      else if (pathname.includes(V1)) json(response, eclipse())
      else if (pathname === '/tired') json(response, 'tired', 401)
      else if (['/login', '/refresh', '/logout'].includes(pathname)) json(response, answer())
      else json(response, 'welcome')
    })
    await use(Object.assign(server, { turnAway }))
    server.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  listed: async ({}, use) => {
    const site = await openSite()
    await use(site)
    site.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  foreign: async ({}, use) => {
    const site = await openSite()
    await use(site)
    site.close()
  },
})

/** A page of the app, on its login page. */
async function visit(page: Page, own: Server, backend: string, listed: string): Promise<void> {
  await page.clock.install()
  await page.goto(own.url)
  await page.evaluate(`
    window.session = stillhere.createSession({ backend: ${backend}, origins: ['${listed}'] })
    const { createElement, SessionProvider, RequireSession } = stillhere
    const inside = createElement('main', null, 'signed in')
    stillhere.createRoot(document.getElementById('root')).render(
      createElement(SessionProvider, { session }, createElement(RequireSession, null, inside)),
    )
  `)
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const isIn = (page: Page) => expect(page.getByText('signed in')).toBeVisible()

/** What came of `session.fetch` with these arguments, as code for the page. */
const ask = (page: Page, args: string): Promise<number | string> =>
  page.evaluate(`session.fetch(${args}).then(({ status, type }) => status || type, ({ name }) => name)`)

const asked = ({ got }: Server, path: string) =>
  got.filter(({ url, method }) => url.startsWith(path) && method !== 'OPTIONS')

for (const [name, backend] of Object.entries(BACKENDS)) {
  const isBearer = name.includes('Authorization')
  test.describe(name, () => {
    test.beforeEach(async ({ page, own, listed }) => {
      await visit(page, own, backend, listed.url)
    })

    test.describe('of one who is signed in', () => {
      test.beforeEach(async ({ page }) => {
        await signIn(page)
        await isIn(page)
      })

      test('is sent to the own origin and the listed one, and to no other, however that is written', async ({
        page,
        own,
        listed,
        foreign,
      }) => {
        const host = foreign.url.replace('http:', '')
        for (const args of [
          `'/here'`,
          `location.origin + '/here'`,
          `new URL('/here', location)`,
          `new Request('/here')`,
        ])
          expect(await ask(page, args)).toBe(200)
        expect(asked(own, '/here').filter(({ headers }) => JSON.stringify(headers).includes(TOKEN))).toHaveLength(4)
        expect(await ask(page, `'${listed.url}/here'`)).toBe(200)
        expect(JSON.stringify(asked(listed, '/here'))).toContain(TOKEN)

        const ways = [
          `'${foreign.url}/a'`,
          `'${host}/a'`,
          `new URL('${foreign.url}/a')`,
          `new Request('${foreign.url}/a')`,
        ]
        ways.push(`'\\t${host}/a'`, `'\\\\${host}/a'`, `'${foreign.url.replace('http', 'HTTP')}/a'`)
        ways.push(
          `'${foreign.url}/a', { method: 'POST', body: 'x', headers: { 'x-own': '1' }, credentials: 'include' }`,
        )
        for (const args of ways) expect(await ask(page, args), args).toBe(200)
        expect(asked(foreign, '/a')).toHaveLength(ways.length)
        // Another name of this machine is another origin.
        expect(await ask(page, `'${foreign.url.replace('127.0.0.1', 'localhost')}/a'`)).toBe(200)

        // With a name and a password in it the browser takes no address at all.
        const before = foreign.got.length
        for (const user of ['user:password', own.url.slice(7), '127.0.0.1'])
          expect(await ask(page, `'http://${user}@${host.slice(2)}/a'`)).toBe('TypeError')
        expect(foreign.got).toHaveLength(before)

        await page.evaluate(
          `document.head.append(Object.assign(document.createElement('base'), { href: '${foreign.url}' }))`,
        )
        expect(await ask(page, `'/based'`)).toBe(200)
        expect(asked(foreign, '/based')).toHaveLength(1)
        expect(foreign.all()).not.toContain(MARK)
      })

      test('and a collector that it does reach would show it', async ({ page, foreign }) => {
        await page.evaluate(
          `session.getToken().then((token) => fetch('${foreign.url}/planted', { headers: { 'x-auth': token } }))`,
        )
        expect(foreign.all()).toContain(MARK)
      })

      for (const status of [301, 302, 303, 307, 308])
        test(`is taken along to nobody else by a redirect with ${status}`, async ({ page, own, listed, foreign }) => {
          const to = (url: string) => `/redirect?status=${status}&to=${encodeURIComponent(url)}`
          const outcome = isBearer ? 200 : 'TypeError'
          const chains = {
            'own → foreign': to(`${foreign.url}/a`),
            'own → own → foreign': to(to(`${foreign.url}/a`)),
            'own → foreign → own': to(foreign.url + to(`${own.url}/back`)),
            'listed → foreign': listed.url + to(`${foreign.url}/a`),
            'own → listed → foreign': to(listed.url + to(`${foreign.url}/a`)),
          }
          for (const [way, url] of Object.entries(chains)) {
            const get = await ask(page, `'${url}'`)
            // The own server welcomes nobody who comes from elsewhere.
            expect(get, way).toBe(way.endsWith('→ own') ? 'TypeError' : outcome)
            await ask(page, `'${url}', { method: 'POST', body: 'x' }`)
            await ask(page, `new Request('${url}', { redirect: 'follow' })`)
            expect(await ask(page, `'${url}', { redirect: 'manual' }`), way).toBe(
              isBearer ? 'opaqueredirect' : 'TypeError',
            )
            expect(await ask(page, `'${url}', { redirect: 'error' }`), way).toBe('TypeError')
          }
          expect(foreign.all()).not.toContain(MARK)
          // Whoever comes along by way of a foreign site is given nothing either.
          await ask(page, `'${foreign.url}${to(`${own.url}/back`)}'`)
          expect(JSON.stringify(asked(own, '/back'))).not.toContain(MARK)
          if (isBearer) expect(asked(foreign, '/a').length).toBeGreaterThanOrEqual(12)
          else expect(asked(foreign, '/a')).toEqual([])
        })

      for (const status of [302, 307, 308])
        test(`is not renewed or revoked by way of a redirect with ${status}`, async ({ page, own, foreign }) => {
          const [refresh, logout] = isBearer ? ['/refresh', '/logout'] : ['/renew', '/logout']
          own.turnAway.set(refresh, [status, `${foreign.url}/a`]).set(logout, [status, `${foreign.url}/a`])
          await page.clock.fastForward(2_000)
          await page.keyboard.press('Shift')
          expect(await ask(page, `'/tired'`)).toBe(401)
          const tried = own.got.filter(({ url }) => url.includes(refresh))
          expect(JSON.stringify(tried)).toContain(MARK)
          expect(await page.evaluate('session.getState().trouble')).toBe('unreachable')

          await page.evaluate('session.signOut()')
          await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
          await expect.poll(() => own.got.filter(({ url }) => url.includes(logout)).length).toBe(1)
          expect(await page.evaluate('session.getState().revocation')).toBe('pending')
          expect(foreign.got).toEqual([])
        })
    })

    for (const status of [301, 302, 303, 307, 308])
      test(`comes of no sign-in that is sent elsewhere with ${status}: the person is told`, async ({
        page,
        own,
        foreign,
      }) => {
        own.turnAway.set('/login', [status, `${foreign.url}/a`])
        await signIn(page)
        await expect(page.getByRole('alert')).toContainText('can not be reached')
        expect(JSON.stringify(own.got)).toContain(PASSWORD)
        expect(foreign.got).toEqual([])
      })

    if (!isBearer)
      test('no PIN and no new password goes elsewhere', async ({ page, own, foreign }) => {
        own.turnAway.set('/password-change', [307, `${foreign.url}/a`])
        const change = `session.passwordReset.change({ username: 'ada', pin: '123456', password: '${PASSWORD}' })`
        const error = await page.evaluate(`${change}.catch(({ kind, message }) => [kind, message])`)
        expect(error).toEqual(['unreachable', expect.not.stringContaining(MARK)])
        expect(JSON.stringify(own.got)).toContain(PASSWORD)
        expect(foreign.got).toEqual([])
      })
  })
}
