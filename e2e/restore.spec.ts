import { expect, isIn, isOut, S, test } from './world.ts'

test('a reload, a new tab and a duplicate are in without signing in; after sign-out none of them is', async ({
  world,
  context,
}) => {
  const first = await world.open()
  await world.signIn(first)
  await first.reload()
  await isIn(first)

  const second = await world.open()
  await isIn(second)

  // A duplicate: a tab that begins with a copy of another's session storage.
  const storage = await first.evaluate(() => ({ ...sessionStorage }))
  const duplicate = await context.newPage()
  await duplicate.addInitScript((copy) => {
    for (const [key, value] of Object.entries(copy))
      if (!sessionStorage.getItem('copied')) sessionStorage.setItem(key, value)
    sessionStorage.setItem('copied', 'yes')
  }, storage)
  await duplicate.goto(world.urlOf())
  await isIn(duplicate)
  expect(await world.signIns()).toHaveLength(1)

  await first.getByRole('button', { name: 'Sign out' }).click()
  for (const page of [first, second, duplicate]) {
    await isOut(page)
    await page.reload()
    await isOut(page)
  }
  await isOut(await world.open())
})

test('what a tab kept of a session that ended meanwhile shows nothing private', async ({ world }) => {
  const [first, second] = await world.openMany(2)
  const storage = await second!.evaluate(() => ({ ...sessionStorage }))
  await first!.getByRole('button', { name: 'Sign out' }).click()
  await isOut(second!)

  const restored = await world.context.newPage()
  await restored.addInitScript((copy) => {
    for (const [key, value] of Object.entries(copy)) sessionStorage.setItem(key, value)
    new MutationObserver(() => {
      if (document.querySelector('.console')) document.title = 'private content was shown'
    }).observe(document, { childList: true, subtree: true })
  }, storage)
  await restored.goto(world.urlOf())
  await isOut(restored)
  await expect(restored).not.toHaveTitle('private content was shown')
})

test('the only tab, reloaded, goes on where it was', async ({ world }) => {
  const page = await world.open(world.system.items[0]![0])
  await world.signIn(page)
  await world.pass(30 * S)
  await page.reload()
  await expect(page.getByRole('heading', { name: world.system.items[0]![1] })).toBeVisible()
})
