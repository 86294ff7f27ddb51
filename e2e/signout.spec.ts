import { expect, isIn, isOut, LEAD, MIN, S, test } from './world.ts'

test('signing out in one tab signs every tab out, and kills the last and every earlier token where the system can', async ({
  world,
}) => {
  const pages = await world.openMany(3)
  const tokens = new Set<string>()
  const token = () =>
    pages[0]!.evaluate(() => /"token":\{"\$secret":"([^"]+)"/.exec(Object.values({ ...sessionStorage }).join())![1]!)
  tokens.add(await token())
  await world.pass(MIN)
  await pages[1]!.keyboard.press('Shift')
  await expect.poll(async () => (await world.refreshes()).length).toBe(1)
  await expect.poll(async () => tokens.add(await token()).size).toBe(2)

  const status = async (value: string) =>
    (await fetch(world.url + world.system.probe, { headers: { authorization: `Bearer ${value}` } })).status
  for (const value of tokens) expect(await status(value)).toBe(200)

  await pages[2]!.getByRole('button', { name: 'Sign out' }).click()
  for (const page of pages) await isOut(page)
  await expect(pages[2]!.getByText('You have signed out.')).toBeVisible()
  await expect(pages[0]!.getByText('You have signed out in another tab.')).toBeVisible()
  const { signOut } = world.system
  await expect(pages[2]!.getByText(`at the server: ${signOut ? 'revoked' : 'unsupported'}`)).toBeVisible()
  for (const value of tokens) await expect.poll(() => status(value)).toBe(signOut ? 401 : 200)
})

test('signing out while the server is down is out at once, pending, and revoked when it is back', async ({ world }) => {
  test.skip(!world.system.signOut, 'this system has no sign-out')
  const page = await world.open()
  await world.signIn(page)
  await world.faults({ down: true, match: world.system.signOut! })
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page)
  await expect(page.getByText('at the server: pending')).toBeVisible()
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  await world.faults({})
  await expect(async () => {
    await world.pass(30 * S)
    await expect(page.getByText('at the server: revoked')).toBeVisible({ timeout: S })
  }).toPass()
})

test('a refresh in flight while signing out neither revives the session nor leaves a live token', async ({ world }) => {
  const [page, other] = await world.openMany(2)
  await world.pass(MIN)
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  // Acted on by the server, answered late.
  await page!.route(`**${world.system.refresh}`, async (route) => {
    const response = await route.fetch()
    await held
    await route.fulfill({ response })
  })
  await page!.keyboard.press('Shift')
  await expect.poll(async () => (await world.refreshes()).length).toBe(1)
  await page!.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page!)
  release()
  const { signOut } = world.system
  if (signOut) await expect.poll(async () => (await world.sent(signOut)).length).toBeGreaterThan(0)
  await world.pass(5 * S)
  await isOut(page!)
  await isOut(other!)
  await page!.reload()
  await isOut(page!)
})

test('a session ended at the server ends on a page that nobody touches, with its next request', async ({ world }) => {
  const [page, other] = await world.openMany(2)
  await world.control('revoke-all', {})
  await world.pass(20 * S)
  // A refresh token might yet help: it takes someone to try it.
  if (world.system.refreshLife) {
    await world.pass(MIN)
    await page!.keyboard.press('Shift')
  }
  for (const each of [page!, other!]) {
    await isOut(each)
    await expect(each.getByText('the server no longer accepted your session')).toBeVisible()
  }
})

for (const way of ['closing the tab', 'going elsewhere']) {
  test(`${way} right after signing out still revokes`, async ({ world }) => {
    test.skip(!world.system.signOut, 'this system has no sign-out')
    const page = await world.open()
    await world.signIn(page)
    const click = page.evaluate((isLeaving) => {
      for (const button of document.querySelectorAll('button')) if (button.textContent === 'Sign out') button.click()
      if (isLeaving) location.href = 'about:blank'
    }, way === 'going elsewhere')
    if (way === 'closing the tab') {
      await click
      await page.close()
    }
    await expect.poll(async () => (await world.sent(world.system.signOut!)).map(({ status }) => status)).toEqual([204])
  })
}

test('another user in another tab: every tab shows the new user, and nothing of the old is left in any', async ({
  world,
}) => {
  const pages = await world.openMany(3)
  for (const page of pages) await page.getByLabel(/^Note on/).fill('half-typed by the analyst')
  await pages[1]!.getByRole('button', { name: 'Sign out' }).click()
  for (const page of pages) await isOut(page)
  await world.signIn(pages[1]!, LEAD)
  for (const page of pages) {
    await isIn(page)
    await expect(page.getByRole('banner').getByText(LEAD.username)).toBeVisible()
    await expect(page.getByLabel(/^Note on/)).toHaveValue('')
    const left = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify(sessionStorage))
    expect(left).not.toContain('analyst')
  }
  // What all of them ask for from here on, they ask for as one.
  const before = (await world.sent('/')).length
  await world.pass(MIN)
  const tokens = async () =>
    new Set(
      (await world.sent('/'))
        .slice(before)
        .filter(({ authorized }) => authorized)
        .map(({ token }) => token),
    ).size
  await expect.poll(tokens).toBe(1)
})
