import { ANALYST, expect, S } from '../world.ts'
import { says, test } from './browsers.ts'
import type { Tab } from './engine.ts'

// Time can not be moved in these browsers: tokens are short, so that the warning opens 22.5 s after the last key.
const ADDRESS = '?ttl=60'
const UNTIL_WARNED = { timeout: 40 * S }

const title = (tab: Tab) => tab.evaluate<string>('document.title')
const warnings = (tab: Tab) => tab.evaluate<number>(`document.querySelectorAll('dialog:modal').length`)
const focused = (tab: Tab) => tab.evaluate<string>('document.activeElement.innerText')
const token = (tab: Tab) =>
  tab.evaluate<string>(`/"token":\\{"\\$secret":"([^"]+)"/.exec(Object.values({ ...sessionStorage }).join())[1]`)

test('two tabs are signed in by one sign-in, warned, kept by one Stay and one refresh, and signed out by one sign-out', async ({
  engine,
  backend,
}) => {
  const statusFor = async (value: string) => {
    const headers = { authorization: `Bearer ${value}` }
    return (await fetch(backend.url + backend.system.probe, { headers })).status
  }

  const first = await engine.open(backend.urlOf(ADDRESS))
  await says(first, 'User name')
  await first.type('User name', ANALYST.username)
  await first.type('Password', ANALYST.password)
  await first.press('Enter')
  await says(first, 'Sign out')
  // In this one nobody does anything: it learns of everything by itself.
  const second = await engine.open(backend.urlOf(ADDRESS))
  await says(second, 'Sign out')
  expect(await backend.signIns()).toMatchObject([{ status: 200 }])

  await first.show()
  for (const tab of [first, second]) {
    await expect.poll(() => warnings(tab), UNTIL_WARNED).toBe(1)
    expect(await focused(tab)).toBe('Stay signed in')
  }
  await expect.poll(() => title(second)).toContain('Signing out in')
  expect(await backend.refreshes()).toEqual([])

  await first.press('Enter')
  for (const tab of [first, second]) await expect.poll(() => warnings(tab)).toBe(0)
  await expect.poll(() => title(second)).not.toContain('Signing out in')
  expect(await backend.refreshes()).toMatchObject([{ status: 200 }])
  const latest = await token(first)
  expect(await statusFor(latest)).toBe(200)

  await first.click('Sign out')
  await says(first, 'You have signed out.')
  await says(second, 'You have signed out in another tab.')
  await says(first, 'at the server: revoked')
  expect(await statusFor(latest)).toBe(401)
})
