import { dialog, expect, isIn, isOut, MIN, S, stay, test } from './world.ts'

test('with nobody there the warning opens two minutes before the end, in every tab', async ({ world }) => {
  const pages = await world.openMany(3)
  await world.pass(world.idle - 2 * MIN - 20 * S)
  for (const page of pages) await expect(dialog(page)).toBeHidden()
  await world.pass(25 * S)
  for (const page of pages) {
    await expect(dialog(page)).toBeVisible()
    await expect(dialog(page)).toContainText('2 minutes')
    await expect(stay(page)).toBeFocused()
  }
})

test('staying by click, Enter, Space and Esc refreshes and closes it everywhere, ten times in a row', async ({
  world,
}) => {
  const [first, second] = await world.openMany(2)
  const ways = [
    () => stay(first!).click(),
    () => first!.keyboard.press('Enter'),
    () => first!.keyboard.press('Space'),
    () => first!.keyboard.press('Escape'),
  ]
  for (let n = 1; n <= 10; n++) {
    await world.passUntilWarned()
    for (const page of [first!, second!]) await expect(dialog(page)).toBeVisible()
    await ways[n % ways.length]!()
    for (const page of [first!, second!]) await expect(dialog(page)).toBeHidden()
    expect(await world.refreshes()).toHaveLength(n)
  }
  await isIn(second!)
})

test('the mouse and the keys do not answer it, and Tab stays inside', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await world.passUntilWarned()
  await expect(dialog(page)).toBeVisible()
  await page.mouse.move(10, 10, { steps: 20 })
  await page.mouse.click(10, 10)
  await page.keyboard.type('abc')
  await page.keyboard.press('Tab')
  await expect(dialog(page).getByRole('button', { name: 'Sign out' })).toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await expect(stay(page)).toBeFocused()
  await expect(dialog(page)).toBeVisible()
  expect(await world.refreshes()).toEqual([])
})

test('staying while the server is down says so, keeps counting, and works when it is back', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await world.passUntilWarned()
  await world.faults({ down: true, match: world.system.refresh })
  await stay(page).click()
  await expect(dialog(page)).toContainText('can not be reached')
  await world.pass(60 * S)
  await expect(dialog(page)).toContainText(/4\d seconds/)
  await world.faults({})
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
  await isIn(page)
})

test('who asked to stay while the server was down need not ask again once it is back', async ({ world }) => {
  const pages = await world.openMany(2)
  await world.passUntilWarned()
  await world.faults({ down: true, match: world.system.refresh })
  await stay(pages[0]!).click()
  await expect(dialog(pages[0]!)).toContainText('can not be reached')
  await world.faults({})
  await world.pass(5 * S)
  for (const page of pages) await expect(dialog(page)).toBeHidden()
})

test('focus returns to where it was, and half-typed text is as it was', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  const note = page.getByLabel(/^Note on/)
  await note.fill('half-typed')
  await page.keyboard.press('ArrowLeft')
  await world.passUntilWarned()
  await stay(page).click()
  await expect(dialog(page)).toBeHidden()
  await expect(note).toBeFocused()
  await page.keyboard.type('-and-finishe')
  await expect(note).toHaveValue('half-type-and-finished')
})

test('what is told to a screen reader is written at the start, each minute, and at 60, 40 and 20 s', async ({
  world,
}) => {
  const page = await world.open()
  await world.signIn(page)
  await world.stopClock(page)
  await page.evaluate(() => {
    const said: string[] = []
    Object.assign(window, { said })
    // Every write, also one of the same text: each may be read out.
    new MutationObserver((records) => {
      for (const { target } of records) {
        const region = (target instanceof Element ? target : target.parentElement)?.closest('[data-stillhere="spoken"]')
        if (region) said.push(region.textContent)
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true })
  })
  await world.pass(world.idle - 2 * MIN)
  await expect(dialog(page)).toBeVisible()
  for (let second = 0; second < 113; second++) await world.pass(S)
  await expect(dialog(page)).toContainText(/ \d seconds?/)
  expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([
    'You will be signed out in 2 minutes.',
    'You will be signed out in 60 seconds.',
    'You will be signed out in 40 seconds.',
    'You will be signed out in 20 seconds.',
  ])
})

test('unanswered, it ends in every tab, says why, and signing in leads back to the same place', async ({ world }) => {
  const [first, second] = await world.openMany(2, world.system.items[0]![0])
  await world.passUntilWarned()
  for (const page of [first!, second!]) await expect(dialog(page)).toBeVisible()
  await world.pass(110 * S)
  for (const page of [first!, second!]) {
    await isOut(page)
    await expect(page.getByText('You were signed out because you had not been active for a while.')).toBeVisible()
    await expect(page.getByLabel('User name')).toHaveValue('analyst@example.com')
  }
  await first!.getByLabel('Password', { exact: true }).fill('bug#1')
  await first!.keyboard.press('Enter')
  for (const page of [first!, second!]) {
    await expect(page.getByRole('heading', { name: world.system.items[0]![1] })).toBeVisible()
  }
  expect(await world.signIns()).toHaveLength(2)
})

test('the title of a hidden tab tells the time left, and is put back', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await expect(page).toHaveTitle(`${world.system.desk} – Stillhere demo`)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await world.passUntilWarned()
  await expect(page).toHaveTitle(`Signing out in 2 minutes – ${world.system.desk} – Stillhere demo`)
  await page.evaluate(() => {
    Reflect.deleteProperty(document, 'hidden')
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await expect(page).toHaveTitle(`${world.system.desk} – Stillhere demo`)
})

test('tokens of 90 seconds show warning and end within two minutes', async ({ world }) => {
  const page = await world.open('?ttl=90')
  await expect(page.getByText('Tokens live 90 seconds here')).toBeVisible()
  await world.signIn(page)
  await world.pass(40 * S)
  await expect(dialog(page)).toBeVisible()
  await world.pass(35 * S)
  await isOut(page)
})
