import AxeBuilder from '@axe-core/playwright'
import { dialog, expect, isIn, isOut, MIN, type Page, S, test, type World } from './world.ts'

// The demo's switches: what each says to watch is seen to happen.

const fact = (page: Page, n: number) => page.locator('.facts dd').nth(n)
const renewals = (page: Page) => fact(page, 3)
const turn = (page: Page, name: string | RegExp) => page.getByRole('switch', { name })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const told = (page: Page, text: string | RegExp) => expect(page.locator('.said')).toHaveText(text)
const toTry = (page: Page) => page.getByRole('tab', { name: 'Try it' }).click()

async function openSwitches(world: World, address?: string): Promise<Page> {
  const page = await world.open(address)
  await world.signIn(page)
  await toTry(page)
  await expect(turn(page, 'Server down')).toBeEnabled()
  return page
}

/** Minutes until the session ends, as the page shows them. */
async function minutesLeft(page: Page): Promise<number> {
  const parts = (await fact(page, 2).textContent())!.split(':').map(Number)
  return parts.length === 3 ? parts[0]! * 60 + parts[1]! : parts[0]!
}

test('a sleep of two hours: signed out on waking, in all tabs, and nothing is sent', async ({ world }) => {
  const page = await openSwitches(world)
  const other = await world.open()
  for (const each of [page, other]) await expect(each.getByRole('table')).toBeVisible()
  const lists = (await world.sent(world.system.list)).length
  await press(page, '2 hours')
  for (const each of [page, other]) await isOut(each)
  await expect(page.getByText('not been active')).toBeVisible()
  expect(await world.refreshes()).toEqual([])
  expect(await world.sent(world.system.list)).toHaveLength(lists)
  // The clock of the tabs and the server's go on together, after a reload too.
  await page.reload()
  await world.signIn(page)
  await expect.poll(() => minutesLeft(page)).toBeGreaterThanOrEqual(28)
  await isIn(other)
  await world.passUntilWarned()
  await expect(dialog(other)).toBeVisible()
})

test('short sleeps go on, with less time left; starting over brings the true time, a server without faults, and nobody signed in', async ({
  world,
}) => {
  const page = await openSwitches(world)
  await press(page, 'Sleep 1 min')
  await told(page, 'It is a minute later, here and at the server.')
  await press(page, '20 min')
  await told(page, 'It is 20 minutes later, here and at the server.')
  // Pressing the button was input, a minute after the token was given.
  await expect.poll(async () => Number(await renewals(page).textContent())).toBeGreaterThan(0)
  await expect.poll(() => minutesLeft(page)).toBeLessThanOrEqual(9)
  await isIn(page)
  await turn(page, /^Slow/).click()
  await expect(turn(page, /^Slow/)).toBeChecked()
  const anew = page.waitForEvent('load')
  await press(page, 'Start over')
  await anew
  await isOut(page)
  expect(await world.control('faults')).toEqual([])
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
  await world.signIn(page)
  await expect.poll(() => minutesLeft(page)).toBeGreaterThanOrEqual(28)
})

test('a server that was started anew while the page was ahead of it: the page goes by the server’s clock again', async ({
  world,
}) => {
  const page = await openSwitches(world)
  await press(page, '2 hours')
  await isOut(page)
  await world.control('reset', {})
  const ahead = () =>
    page.evaluate(() => Math.abs(Math.round((Date.now() - performance.timeOrigin - performance.now()) / 60_000)))
  expect(await ahead()).toBe(120)
  await page.reload()
  await isOut(page)
  expect(await ahead()).toBe(0)
  await world.signIn(page)
  await toTry(page)
  await told(page, /was started anew/)
})

test('the server down: trouble, and tried again; two tabs agree on what is wrong; mended, all is well', async ({
  world,
}) => {
  const page = await openSwitches(world)
  const other = await world.open()
  await toTry(other)
  await turn(page, 'Server down').click()
  await told(page, 'Server down: on, for all tabs.')
  await world.pass(61 * S)
  await expect(turn(other, 'Server down')).toBeChecked()
  await page.keyboard.press('Shift')
  await expect(page.locator('.trouble')).toHaveText('unreachable')
  await turn(other, /^Slow/).click()
  await expect.poll(async () => ((await world.control('faults')) as unknown[]).length).toBe(2)
  await turn(other, /^Slow/).click()
  await press(other, 'Mend the server')
  await world.pass(2 * S)
  await expect(turn(page, 'Server down')).not.toBeChecked()
  await world.pass(MIN)
  await expect(renewals(page)).toHaveText('1')
  await expect(page.locator('.trouble')).toHaveCount(0)
})

test('busy, too many requests, answers cut in half or lost: nobody is signed out, and what is wrong is said', async ({
  world,
}) => {
  const page = await openSwitches(world)
  for (const [name, trouble] of [
    [/^Busy/, 'unreachable'],
    [/^Too many/, 'unreachable'],
    [/^Answers cut/, 'malformed'],
  ] as const) {
    await turn(page, name).click()
    await expect(turn(page, name)).toBeChecked()
    await world.pass(61 * S)
    await page.keyboard.press('Shift')
    await expect(page.locator('.trouble')).toHaveText(trouble)
    await press(page, 'Mend the server')
    await expect(turn(page, name)).not.toBeChecked()
    await world.pass(MIN)
    await page.keyboard.press('Shift')
    await expect(page.locator('.trouble')).toHaveCount(0)
  }
  const lost = turn(page, /answer lost/)
  const before = await renewals(page).textContent()
  const sent = (await world.refreshes()).length
  await lost.click()
  await expect(lost).toBeChecked()
  await world.pass(61 * S)
  await page.keyboard.press('Shift')
  // A browser may itself send once more what met a closed connection.
  await expect.poll(async () => (await world.refreshes()).length).toBeGreaterThan(sent)
  await world.pass(MIN)
  await expect(lost).not.toBeChecked()
  await expect(renewals(page)).not.toHaveText(before!)
  await expect(page.locator('.trouble')).toHaveCount(0)
  await isIn(page)
})

test('a server’s clock that is ten minutes fast does not move the end by ten minutes', async ({ world }) => {
  const page = await openSwitches(world)
  await turn(page, /clock 10 min fast/).click()
  await told(page, /fast: on/)
  await world.pass(61 * S)
  await page.keyboard.press('Shift')
  await expect(renewals(page)).toHaveText('1')
  expect(await minutesLeft(page)).toBeLessThanOrEqual(world.idle / MIN)
  expect(await minutesLeft(page)).toBeGreaterThanOrEqual(world.idle / MIN - 1)
  // To sleep, the clock that is wrong on demand makes no difference.
  await press(page, 'Sleep 1 min')
  await told(page, /a minute later/)
  await isIn(page)
})

test('an administrator ends every session: out with the next request, in all tabs, and told why', async ({ world }) => {
  const page = await openSwitches(world)
  const other = await world.open()
  await isIn(other)
  await press(page, 'End every session')
  await told(page, 'The server has ended one session.')
  await world.pass(16 * S)
  for (const each of [page, other]) {
    await isOut(each)
    await expect(each.getByText('the server no longer accepted your session')).toBeVisible()
  }
})

test('a new signing key alone changes nothing; without the old one the next request is refused', async ({ world }) => {
  const page = await openSwitches(world)
  await press(page, 'New signing key')
  await told(page, /knows the old one still/)
  await world.pass(61 * S)
  await page.keyboard.press('Shift')
  await expect(renewals(page)).toHaveText('1')
  await press(page, 'New key, old one gone')
  await told(page, /No token from before/)
  await world.pass(16 * S)
  await isOut(page)
})

test('somebody works for a minute, hands off, and then nobody; an upload keeps the session awake for three', async ({
  world,
}) => {
  const page = await openSwitches(world)
  await turn(page, 'Work for me').click()
  await world.pass(30 * S)
  await expect(turn(page, /\d s left/)).toBeChecked()
  await expect.poll(() => minutesLeft(page)).toBeGreaterThanOrEqual(28)
  await world.pass(35 * S)
  await told(page, 'Nobody works here any more.')
  await expect(turn(page, 'Work for me')).not.toBeChecked()
  await world.pass(10 * MIN)
  await expect.poll(() => minutesLeft(page)).toBeLessThanOrEqual(20)

  // Ten minutes are too many for the next policy.
  await page.keyboard.press('Shift')
  await expect.poll(() => minutesLeft(page)).toBeGreaterThanOrEqual(28)
  await page.getByLabel('Policy').selectOption('quick')
  const upload = turn(page, 'Pretend upload')
  await upload.click()
  await expect(page.getByText('Kept awake by')).toBeVisible()
  // Not in one jump, which is a sleep: nothing works meanwhile.
  for (let passed = 0; passed < 160 * S; passed += 20 * S) await world.pass(20 * S)
  await expect(upload).toBeChecked()
  await expect(dialog(page)).toBeHidden()
  await world.pass(25 * S)
  await expect(upload).not.toBeChecked()
  await world.pass(80 * S)
  await expect(dialog(page)).toBeVisible()
})

test('a policy moves the end at once; a reload keeps it, and so does a second tab, which the first signs in', async ({
  world,
  context,
}) => {
  const page = await openSwitches(world)
  for (const [policy, most] of [
    ['owasp-high-value', 5],
    ['nist-aal3', 15],
    ['quick', 2],
  ] as const) {
    await page.getByLabel('Policy').selectOption(policy)
    await expect.poll(() => minutesLeft(page)).toBeLessThanOrEqual(most)
    await expect.poll(() => minutesLeft(page)).toBeGreaterThanOrEqual(most - 1)
    expect(new URL(page.url()).searchParams.get('policy')).toBe(policy)
  }
  await page.reload()
  await isIn(page)
  await expect.poll(() => minutesLeft(page)).toBeLessThanOrEqual(2)
  await toTry(page)
  await expect(page.getByLabel('Policy')).toHaveValue('quick')
  const opened = context.waitForEvent('page')
  await page.getByRole('link', { name: 'Open a second tab' }).click()
  const second = await opened
  await isIn(second)
  expect(await world.signIns()).toHaveLength(1)
  await expect.poll(() => minutesLeft(second)).toBeLessThanOrEqual(2)
  await second.close()
  await page.getByLabel('Policy').selectOption('own')
  await expect.poll(() => minutesLeft(page)).toBeGreaterThan(20)
  expect(new URL(page.url()).search).toBe('')
})

test('keys answer the warning where they are to, and do not where they are not', async ({ world }) => {
  const page = await openSwitches(world)
  const keys = page.getByLabel('Keys and clicks while it warns')
  await world.passUntilWarned()
  await page.keyboard.press('Shift')
  await expect(dialog(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(renewals(page)).toHaveText('1')
  await keys.selectOption('extend')
  await world.passUntilWarned()
  await expect(dialog(page)).toBeVisible()
  await page.keyboard.press('Shift')
  await expect(dialog(page)).toBeHidden()
})

test('lives of tokens, the lock and the language are the page’s from its beginning, and are kept together', async ({
  world,
}) => {
  const page = await openSwitches(world)
  await page.getByLabel('Life of tokens').selectOption('300')
  await expect(page).toHaveURL(/ttl=300/)
  await isIn(page)
  // Whoever chooses is where they were: the same tab, the same choice.
  await expect(page.getByLabel('Life of tokens')).toBeFocused()
  await page.getByLabel('At the end, the page').selectOption('lock')
  await expect(page).toHaveURL(/ttl=300&gate=lock/)
  await expect(page.getByLabel('At the end, the page')).toBeFocused()
  await page.getByLabel('Language of Stillhere').selectOption('de')
  await expect(page).toHaveURL(/lang=de/)
  await press(page, '2 hours')
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Anmelden' })).toBeVisible()
})

test('where the server has no control endpoint the switches for it say so and are off; the others work', async ({
  world,
}) => {
  const page = await world.open()
  await world.signIn(page)
  await page.route('**/__stillhere/**', (route) => route.fulfill({ status: 404 }))
  await toTry(page)
  await expect(page.getByText('can not be switched here')).toBeVisible()
  await expect(turn(page, 'Server down')).toBeDisabled()
  await expect(page.getByRole('button', { name: '2 hours' })).toBeDisabled()
  await expect(turn(page, 'Work for me')).toBeEnabled()
  await page.getByLabel('Policy').selectOption('quick')
  await expect.poll(() => minutesLeft(page)).toBeLessThanOrEqual(2)
})

test('on a small screen the session is a drawer: opened, used and left by keyboard, under a warning too, and focus is back', async ({
  world,
}) => {
  const page = await world.open()
  await page.setViewportSize({ width: 320, height: 640 })
  await world.signIn(page)
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  const drawer = page.getByRole('dialog', { name: 'Session' })
  await expect(drawer).toBeHidden()
  const button = page.getByRole('button', { name: 'Session' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(drawer).toBeVisible()
  await expect(page.getByRole('button', { name: 'Close' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('tab', { name: 'Timeline' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('tab', { name: 'Try it' })).toBeFocused()
  await expect(page.getByRole('tab', { name: 'Try it' })).toHaveAttribute('aria-selected', 'true')
  await expect(turn(page, 'Server down')).toBeEnabled()
  expect(await drawer.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0)
  await turn(page, 'Work for me').focus()
  await page.keyboard.press('Space')
  await told(page, /Somebody works here/)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`)).toEqual([])
  // The warning comes before it, and it is there after the warning.
  await world.pass(MIN)
  await world.passUntilWarned()
  await expect(page.getByRole('button', { name: 'Stay signed in' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()
  await expect(drawer).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(button).toBeFocused()
  expect(await overflow()).toBeLessThanOrEqual(0)
})

test('each switch has one line of what to watch, and says it to assistive technology', async ({ world }) => {
  const page = await openSwitches(world)
  const panel = page.getByRole('tabpanel', { name: 'Try it' })
  for (const control of await panel.locator('button, input, select, a').all())
    await expect(control).toHaveAccessibleDescription(/^Watch: .+\.$/)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`)).toEqual([])
})

test('the demo’s account fills the form in; the skip link leads past the list, and the entry stays the one that was chosen', async ({
  world,
}) => {
  const [hash, heading] = world.system.items[1]!
  const page = await world.open(hash)
  await press(page, 'Fill in the demo’s account')
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')
  await isIn(page)
  await page.reload()
  await isIn(page)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await expect(page.getByRole('heading', { name: heading })).toBeVisible()
})
