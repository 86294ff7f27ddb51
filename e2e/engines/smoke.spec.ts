import { Server } from '../server.ts'
import { ANALYST, test as base, expect, S } from '../world.ts'
import type { Engine, Tab } from './engine.ts'
import { startFirefox } from './firefox.ts'
import { missing } from './programs.mjs'
import { startWebKitGtk } from './webkitgtk.ts'

const START = { firefox: startFirefox, webkitgtk: startWebKitGtk }

const test = base.extend<{ engine: Engine; backend: Server; engineName: keyof typeof START }>({
  engineName: ['firefox', { option: true }],
  engine: async ({ engineName }, use) => {
    const lacks = missing(engineName)
    test.skip(lacks.length > 0, `not on this machine: ${lacks}`)
    const engine = await START[engineName]()
    await use(engine)
    await engine.close()
  },
  backend: async ({ server }, use) => use(new Server(server)),
})

/** As in a person's browser time can not be moved there, tokens are short: the warning opens some 23 s after the last key. */
const SHORT = '?ttl=60'
const UNTIL_WARNED = { timeout: 40 * S }

const says = (tab: Tab, text: string, options?: { timeout: number }) =>
  expect.poll(() => tab.evaluate<string>('document.body.innerText'), options).toContain(text)
const isWarned = (tab: Tab) => tab.evaluate<boolean>(`Boolean(document.querySelector('dialog[open]'))`)
const focused = (tab: Tab) => tab.evaluate<string>('document.activeElement.innerText || document.activeElement.id')
const token = (tab: Tab) =>
  tab.evaluate<string>(`/"token":\\{"\\$secret":"([^"]+)"/.exec(Object.values({ ...sessionStorage }).join())[1]`)

test('two tabs: signed in by one sign-in, warned, kept by one Stay, signed out by one sign-out', async ({
  engine,
  backend,
}) => {
  test.setTimeout(120 * S)
  const accepts = async (value: string) =>
    (await fetch(backend.url + backend.system.probe, { headers: { authorization: `Bearer ${value}` } })).status

  const first = await engine.open(backend.urlOf(SHORT))
  await says(first, 'User name')
  await first.type('User name', ANALYST.username)
  await first.type('Password', ANALYST.password)
  await first.press('Enter')
  await says(first, 'Sign out')
  const second = await engine.open(backend.urlOf(SHORT))
  await says(second, 'Sign out')
  expect(await backend.signIns()).toHaveLength(1)

  for (const tab of [first, second]) {
    await expect.poll(() => isWarned(tab), UNTIL_WARNED).toBe(true)
    expect(await focused(tab)).toBe('Stay signed in')
  }
  await second.press('Enter')
  for (const tab of [first, second]) await expect.poll(() => isWarned(tab)).toBe(false)
  expect(await backend.refreshes()).toMatchObject([{ status: 200 }])
  const latest = await token(second)
  expect(await accepts(latest)).toBe(200)

  await first.click('Sign out')
  await says(first, 'You have signed out.')
  await says(second, 'You have signed out in another tab.')
  await says(first, 'at the server: revoked')
  expect(await accepts(latest)).toBe(401)
})
