import { createCollector } from './collector.ts'
import { bundle, listen, passOn } from './servers.ts'
import {
  type BrowserContext,
  test as base,
  dialog,
  expect,
  isOut,
  LEAD,
  MIN,
  type Page,
  S,
  stay,
  type World,
} from './world.ts'

type Front = Awaited<ReturnType<typeof listen>>

/** The library in a page of its own, before the demo's server. */
const test = base.extend<{ front: Front }>({
  front: async ({ world }, use) => {
    const library = await bundle()
    const page = `<!doctype html><title>page</title><div id="root"></div><script src="/library.js"></script>`
    const onward = passOn(world.url)
    const server = await listen((got, response, request) => {
      if (got.url === '/page') response.setHeader('content-type', 'text/html').end(page)
      else if (got.url === '/library.js') response.setHeader('content-type', 'text/javascript').end(library)
      else return onward(got, response, request)
    })
    await use(server)
    server.close()
  },
})

const BACKENDS: Record<string, string> = {
  eclecticiq: `stillhere.eclecticiq({ baseUrl: '/api' })`,
  econnect: `stillhere.econnect({ baseUrl: '/identities' })`,
  eclipse: `stillhere.eclipse({ baseUrl: '/' })`,
  datarhei: `stillhere.datarhei({ baseUrl: '/' })`,
}

async function visit(context: BrowserContext, front: Front, system: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${front.url}/page`)
  await page.evaluate(`
    window.session = stillhere.createSession({ backend: ${BACKENDS[system]}, log: (event) => console.log(JSON.stringify(event), event) })
    const { createElement, createStore, devtools, StrictMode } = stillhere
    const store = createStore(devtools(() => session.getState(), { enabled: true }))
    session.subscribe((state) => store.setState(state, true, 'session'))
    function Inside() {
      const state = stillhere.useSession()
      const left = stillhere.useSecondsLeft()
      return createElement('main', { 'data-left': left }, state.user.name, ' is in')
    }
    stillhere.createRoot(document.getElementById('root')).render(
      createElement(StrictMode, null, createElement(stillhere.SessionProvider, { session },
        createElement(stillhere.SessionWarning),
        createElement(stillhere.RequireSession, null, createElement(Inside)))))
  `)
  return page
}

const isIn = (page: Page) => expect(page.getByText('is in')).toBeVisible({ timeout: 15_000 })

async function signIn(page: Page, password = LEAD.password): Promise<void> {
  await page.getByLabel('User name').fill(LEAD.username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Every secret that the server gives out, gathered as it does: the texts of these fields, and each JWT. */
function secretsOf(context: BrowserContext, world: World): { all: Set<string>; settled(): Promise<unknown> } {
  const all = new Set<string>()
  const reading: Promise<unknown>[] = []
  const SECRET = /"(?:token|access_token|refresh_token|headerValue|csrfToken)"\s*:\s*"(?:Bearer )?([^"]+)/g
  context.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (![world.system.signIn, world.system.refresh].includes(pathname)) return
    const gather = (text: string) => {
      for (const [, secret] of text.matchAll(SECRET)) all.add(secret!)
      for (const [jwt] of text.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) all.add(jwt).add(jwt.split('.')[2]!)
    }
    reading.push(response.text().then(gather, () => {}))
  })
  return { all, settled: () => Promise.all(reading) }
}

test('nothing secret is left anywhere in a day of a session, whatever goes wrong in it', async ({
  world,
  context,
  front,
  system,
}) => {
  test.slow()
  const { found, collect, placesOf } = await createCollector(context)
  const issued = secretsOf(context, world)
  const WRONG = 'wrong-and-"secret"/ü'
  const page = await visit(context, front, system)
  await isOut(page)
  const said = () => page.getByRole('alert')

  // Sign-ins that fail, by the form and by a host's own call.
  for (const faults of [
    { status: 500 },
    { malformed: 'shape' },
    { malformed: 'html' },
    { malformed: 'json' },
    { status: 400 },
  ]) {
    await world.faults({ ...faults, match: world.system.signIn, times: 1 })
    await page.evaluate(`session.signIn(${JSON.stringify(LEAD)}).catch(tell)`)
  }
  await page.evaluate(`session.signIn(${JSON.stringify({ ...LEAD, password: WRONG })}).catch(tell)`)
  expect(await page.evaluate('told.errors.length')).toBeGreaterThanOrEqual(6 * 3)
  await signIn(page, WRONG)
  await expect(said()).toBeVisible({ timeout: 15_000 })
  await signIn(page)
  await isIn(page)
  await collect(page)

  // A second tab is handed the grant.
  const second = await visit(context, front, system)
  await isIn(second)
  await collect(second)

  // Refreshes, good and bad.
  const step = Math.min(MIN, world.system.life / 4) + S
  for (const [round, faults] of [{}, { malformed: 'shape' }, { status: 500 }, { loseAnswer: true }, {}].entries()) {
    await world.faults(round % 4 ? { ...faults, match: world.system.refresh, times: 1 } : {})
    await world.pass(step)
    await page.keyboard.press('Shift')
    await expect.poll(async () => (await world.refreshes()).length).toBeGreaterThan(round)
    await page.evaluate(`session.fetch('${world.system.list}').catch(tell)`)
    await collect(page)
  }
  await expect.poll(() => page.evaluate('session.getState().session.generation')).toBeGreaterThan(2)

  // The warning, the answer to it, and the end.
  await world.pass(world.idle - 2 * MIN + 10 * S)
  await expect(dialog(page)).toBeVisible()
  await collect(page)
  await stay(page).click()
  await expect(dialog(page)).toBeHidden()
  await page.evaluate('session.signOut()')
  await isOut(page)
  await isOut(second)
  await collect(page)
  await collect(second)
  await page.evaluate('session.getToken().catch(tell)')

  // A session that the server ends.
  await signIn(page)
  await isIn(page)
  await world.control('revoke-all', {})
  await world.pass(2 * S)
  await page.keyboard.press('Shift')
  await page.evaluate(`session.fetch('${world.system.list}').catch(tell)`)
  await collect(page)

  await issued.settled()
  expect(issued.all.size).toBeGreaterThanOrEqual(4)
  expect(placesOf([LEAD.password, WRONG])).toEqual([])
  // By design the grant rests in the tab's own storage, and a sibling that asks is given it, on a channel of its question's own.
  expect(placesOf(issued.all)).toEqual(['sessionStorage', 'reply channels'])
  const isSaid = (place: string) => found.some(({ where, text }) => where === place && text.includes('"'))
  expect(
    ['IndexedDB', 'console', 'inspector', 'fibers', 'errors', 'redux devtools'].filter((one) => !isSaid(one)),
  ).toEqual([])
})

test('the collector finds what is left in any place', async ({ context, front, system }) => {
  const { collect, placesOf } = await createCollector(context)
  const page = await visit(context, front, system)
  await signIn(page)
  await isIn(page)
  const plants: Record<string, string> = {
    page: `document.body.setAttribute('data-x', secret)`,
    fields: `document.body.append(Object.assign(document.createElement('input'), { value: secret }))`,
    address: `history.replaceState({ secret }, '')`,
    cookie: `document.cookie = 'x=' + secret`,
    localStorage: `localStorage.setItem('x', secret)`,
    sessionStorage: `sessionStorage.setItem('x', secret)`,
    IndexedDB: `await new Promise((done) => {
      const request = indexedDB.open('planted')
      request.onupgradeneeded = () => request.result.createObjectStore('x', { autoIncrement: true }).add({ secret })
      request.onsuccess = () => done(request.result.close())
    })`,
    console: `console.log('it is', secret)`,
    inspector: `Object.assign(session, { deep: { down: [{ secret }] } })`,
    'the session manager': `Object.assign(session, { more: { secret } })`,
    globals: `Object.assign(window, { mine: { secret } })`,
    addresses: `fetch('/x?' + secret)`,
    errors: `tell(new Error('failed', { cause: new Error(secret) }))`,
    channel: `new BroadcastChannel('x').postMessage({ secret })`,
    'reply channels': `new BroadcastChannel('x/' + '0'.repeat(32)).postMessage(secret)`,
    'redux devtools': `stillhere.createStore(stillhere.devtools(() => ({ secret }), { enabled: true }))`,
    fibers: `stillhere.createRoot(document.body.appendChild(document.createElement('div'))).render(
      stillhere.createElement(function Leaky({ token }) { return 'x' }, { token: secret }))`,
    'state as JSON': `{ const state = { ...session.getState(), secret }; session.getState = () => state }`,
    'state as a clone': `{ const state = { ...session.getState(), one: new Map([['x', secret]]) }; session.getState = () => state }`,
    'state as devtools see it': `{ const state = { ...session.getState(), [Symbol('x')]: secret }; session.getState = () => state }`,
  }
  for (const [place, plant] of Object.entries(plants))
    await page.evaluate(`(async () => { const secret = 'planted-${place}'; ${plant} })()`)
  await page.evaluate('new Promise(requestAnimationFrame)')
  await collect(page)
  for (const place of Object.keys(plants)) expect(placesOf([`planted-${place}`]), place).toContain(place)
})
