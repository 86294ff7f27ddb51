import { ANALYST, expect, isIn, isOut, MIN, type Page, S, test } from './world.ts'

// What only one of the systems has: each test says which.

const session = (page: Page) => page.evaluate(() => Object.values({ ...sessionStorage }).join())

test('the system is chosen on the login page, and each keeps a session of its own', async ({ world }) => {
  const page = await world.open()
  for (const [label, desk] of [
    ['eConnect Identities', 'Badge desk'],
    ['Eclipse Conductor', 'Wallet desk'],
    ['datarhei Core', 'Stream desk'],
    ['Any other: rotating refresh tokens', 'Order desk'],
    ['EclecticIQ Intelligence Center', 'Threat desk'],
  ] as const) {
    await page.getByLabel('System').selectOption({ label })
    await expect(page.getByText(desk).first()).toBeVisible()
    await world.signIn(page)
    await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await isOut(page)
  }
})

test('Eclipse: a forgotten password is replaced by a PIN, with the keyboard alone', async ({ world }) => {
  const page = await world.open('?system=eclipse')
  await page.getByRole('button', { name: 'Forgotten your password?' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.type(ANALYST.username)
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('One-time PIN')).toBeFocused()
  await expect(page.getByText('is your one-time PIN')).toBeVisible()
  const [{ pin }] = (await world.control('outbox')) as [{ pin: string }]
  await page.keyboard.type(pin === '000000' ? '000001' : '000000')
  await page.keyboard.press('Tab')
  await page.keyboard.type('a new password')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toBeFocused()
  await expect(page.getByRole('alert')).toContainText('PIN is wrong or too old')
  await page.getByLabel('One-time PIN').fill(pin)
  await page.keyboard.press('Enter')
  await expect(page.getByText('Your password has been changed.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeFocused()
  await expect(page.getByLabel('User name')).toHaveValue(ANALYST.username)

  await page.getByLabel('Password', { exact: true }).fill(ANALYST.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('not right')
  await world.signIn(page, { ...ANALYST, password: 'a new password' })
})

test('Eclipse: an unknown user name is answered as any other', async ({ world }) => {
  const page = await world.open('?system=eclipse')
  await page.getByRole('button', { name: 'Forgotten your password?' }).click()
  await page.getByLabel('User name').fill('nobody@example.com')
  await page.getByRole('button', { name: 'Send me a PIN' }).click()
  await expect(page.getByText('If there is an account for nobody@example.com')).toBeVisible()
  expect(await world.control('outbox')).toEqual([])
})

test('datarhei: the token of another issuer signs in', async ({ world }) => {
  const page = await world.open('?system=datarhei')
  await page.getByRole('button', { name: 'Sign in with Auth0, as the analyst' }).click()
  await isIn(page)
  await expect(page.getByRole('banner').getByText('auth0|')).toBeVisible()
  expect((await world.sent('/api/login')).map(({ authorized }) => authorized)).toEqual([true])
})

test('any other: refresh tokens that work once are shared by five tabs, and none is used twice', async ({ world }) => {
  const pages = await world.openMany(5, '?system=rest')
  for (let round = 1; round <= 3; round++) {
    await world.pass(4 * MIN)
    await Promise.all(pages.map((page) => page.keyboard.press('Shift')))
    for (const page of pages) await expect(page.locator('dd').nth(3)).toHaveText(String(round))
  }
  expect((await world.sent('/rest/refresh')).map(({ status }) => status)).toEqual([200, 200, 200])
  await pages[1]!.getByRole('button', { name: 'Sign out' }).click()
  for (const page of pages) await isOut(page)
  await expect(pages[1]!.getByText('at the server: revoked')).toBeVisible()
})

test('any other: with a refresh cookie no script ever sees a refresh token, and a reload goes on', async ({
  world,
}) => {
  const page = await world.open('?system=rest-cookie')
  await world.signIn(page)
  expect(await session(page)).not.toContain('refreshToken')
  expect(await page.evaluate(() => document.cookie)).toBe('')
  await world.pass(4 * MIN)
  await page.keyboard.press('Shift')
  await expect(page.locator('dd').nth(3)).toHaveText('1')
  await page.reload()
  await isIn(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('at the server: revoked')).toBeVisible()
  expect(await world.context.cookies()).toEqual([])
})

test('any other: another person signing in elsewhere with the same cookie is never taken for the first', async ({
  world,
}) => {
  const page = await world.open('?system=rest-cookie')
  await world.signIn(page)
  // A sign-in that this origin's tabs know nothing of, as from another app that shares the cookie.
  const status = await page.evaluate(async () => {
    const body = JSON.stringify({ username: 'lead@example.com', password: 'bug#2' })
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/rest/cookie/login', { method: 'POST', headers, body })).status
  })
  expect(status).toBe(200)
  await world.pass(4 * MIN)
  await page.keyboard.press('Shift')
  await isOut(page)
  await expect(page.getByText('someone signed in again')).toBeVisible()
})

test('a token is renewed past a server that says to wait', async ({ world }) => {
  const page = await world.open('?system=eclipse')
  await world.signIn(page)
  await world.faults({ status: 429, retryAfter: 20, match: 'renew', times: 1 })
  await world.pass(61 * S)
  await page.keyboard.press('Shift')
  await expect.poll(async () => (await world.sent('renew')).map(({ status }) => status)).toEqual([429])
  await expect(page.getByText('unreachable', { exact: true })).toBeVisible()
  await world.pass(21 * S)
  await expect(page.locator('dd').nth(3)).toHaveText('1')
  expect((await world.sent('renew')).map(({ status }) => status)).toEqual([429, 200])
})
