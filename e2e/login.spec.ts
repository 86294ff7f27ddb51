import { ANALYST, dialog, expect, isIn, isOut, type Page, test } from './world.ts'

/** datarhei Core takes five seconds to refuse. */
const REFUSED = { timeout: 15_000 }
const problem = (page: Page) => page.getByRole('alert')

test('a wrong password gives one clear message, announced and focused, that names no account', async ({ world }) => {
  const page = await world.open()
  const texts: string[] = []
  for (const username of [ANALYST.username, 'nobody@example.com']) {
    await page.getByLabel('User name').fill(username)
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.keyboard.press('Enter')
    await expect(problem(page)).toBeFocused(REFUSED)
    texts.push((await problem(page).textContent())!)
    await page.reload()
  }
  expect(texts).toEqual(Array(2).fill('The user name or the password is not right.'))
})

test('after a refusal what was typed as a name is still there, and both fields point to the message', async ({
  world,
}) => {
  const page = await world.open()
  await page.getByLabel('User name').fill(ANALYST.username)
  await page.getByLabel('Password', { exact: true }).fill('wrong')
  await page.keyboard.press('Enter')
  await expect(problem(page)).toBeVisible(REFUSED)
  await expect(page.getByLabel('User name')).toHaveValue(ANALYST.username)
  for (const field of [page.getByLabel('User name'), page.getByLabel('Password', { exact: true })]) {
    await expect(field).toHaveAttribute('aria-invalid', 'true')
    await expect(field).toHaveAccessibleDescription('The user name or the password is not right.')
  }
})

test('a server that can not be reached gives another message, and signing in works when it is back', async ({
  world,
}) => {
  const page = await world.open()
  await world.faults({ down: true, match: world.system.signIn })
  await page.getByLabel('User name').fill(ANALYST.username)
  await page.getByLabel('Password', { exact: true }).fill(ANALYST.password)
  await page.keyboard.press('Enter')
  await expect(problem(page)).toHaveText('The server can not be reached right now. Try again in a moment.')
  await world.faults({})
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await isIn(page)
})

test('a double click sends one request', async ({ world }) => {
  const page = await world.open()
  await page.getByLabel('User name').fill(ANALYST.username)
  await page.getByLabel('Password', { exact: true }).fill(ANALYST.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).dblclick()
  await isIn(page)
  expect(await world.signIns()).toHaveLength(1)
})

test('too many attempts say how long to wait, and the button comes back by itself', async ({ world }) => {
  const page = await world.open()
  await world.faults({ status: 429, retryAfter: 30, match: world.system.signIn })
  await page.getByLabel('User name').fill(ANALYST.username)
  await page.getByLabel('Password', { exact: true }).fill(ANALYST.password)
  await page.keyboard.press('Enter')
  await expect(problem(page)).toHaveText('Too many attempts. You can try again in 30 seconds.')
  const button = page.getByRole('button', { name: /Wait/ })
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await world.faults({})
  await world.pass(31_000)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await isIn(page)
})

test('the keyboard alone signs in, shows the password, and signs out', async ({ world }) => {
  const page = await world.open()
  await isOut(page)
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('System')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('User name')).toBeFocused()
  await page.keyboard.type(ANALYST.username)
  await page.keyboard.press('Tab')
  await page.keyboard.type(ANALYST.password)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('type', 'text')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await isIn(page)
  await expect(page.getByRole('main')).toBeFocused()
  await page.getByRole('button', { name: 'Sign out' }).focus()
  await page.keyboard.press('Enter')
  await isOut(page)
  await expect(page.getByText('You have signed out.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeFocused()
  await expect(page.getByLabel('User name')).toHaveValue('')
  await expect(dialog(page)).toBeHidden()
})

test('no secret is in storage of the whole origin, the address, or the page, except the tab’s own session storage', async ({
  world,
}) => {
  const page = await world.open()
  await world.signIn(page)
  const seen = await page.evaluate(async () => {
    const databases = await indexedDB.databases()
    const dump: string[] = [
      location.href,
      document.cookie,
      document.documentElement.outerHTML,
      JSON.stringify(localStorage),
    ]
    for (const { name } of databases) {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name!)
        request.onsuccess = () => resolve(request.result)
      })
      for (const store of db.objectStoreNames) {
        dump.push(
          await new Promise<string>((resolve) => {
            const request = db.transaction(store).objectStore(store).getAll()
            request.onsuccess = () => resolve(JSON.stringify(request.result))
          }),
        )
      }
    }
    return { dump: dump.join('\n'), own: JSON.stringify(sessionStorage) }
  })
  expect(seen.dump).not.toContain('eyJ')
  expect(seen.dump).toContain('"generation":1')
  expect(seen.own).toContain('eyJ')
})
