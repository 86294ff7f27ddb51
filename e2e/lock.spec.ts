import AxeBuilder from '@axe-core/playwright'
import { ANALYST, expect, isIn, LEAD, MIN, type Page, S, test, type World } from './world.ts'

// A page that waits, with all that was being done in it, for the person who was signed out of it.

const LOCKED = '?gate=lock'
const lock = (page: Page) => page.getByRole('dialog', { name: 'Sign in' })
const note = (page: Page) => page.getByLabel(/^Note on/)

async function openLocking(world: World): Promise<Page> {
  const page = await world.open(LOCKED)
  await world.signIn(page)
  await expect(page.getByRole('table')).toBeVisible()
  return page
}

async function comeBack(page: Page, { username, password } = ANALYST): Promise<void> {
  await lock(page).getByLabel('User name').fill(username)
  await lock(page).getByLabel('Password', { exact: true }).fill(password)
  await lock(page).getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(lock(page)).toBeHidden()
  await isIn(page)
}

/** Nobody is here until after the end, which a warning comes before. */
async function leaveAlone(world: World, ...pages: Page[]): Promise<void> {
  await world.passUntilWarned()
  for (const page of pages) await expect(page.getByRole('alertdialog')).toBeVisible()
  await world.pass(2 * MIN)
  for (const page of pages) await expect(lock(page)).toBeVisible()
}

/** Work of every kind, half done; returns what there is to be found of it. */
async function begin(page: Page) {
  await page.setViewportSize({ width: 600, height: 500 })
  await page.evaluate(() => {
    const add = (to: Element, name: string, over: object) => {
      const element = Object.assign(document.createElement(name), over)
      to.append(element)
      return element
    }
    const work = document.querySelector('.work')!
    add(work, 'input', { id: 'plain', value: 'uncontrolled' })
    const list = add(work, 'div', { id: 'list' })
    Object.assign(list.style, { overflow: 'auto', blockSize: '5rem' })
    add(list, 'p', { textContent: 'long' }).style.blockSize = '60rem'
    list.scrollTop = 123
    // Whatever a child says of its own visibility.
    add(work, 'p', { textContent: 'SECRET' }).style.visibility = 'visible'
  })
  await note(page).fill('half-typed words')
  await note(page).evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(5, 10))
  await page.evaluate(() => scrollTo(0, 321))
  return () =>
    page.evaluate(() => {
      const area = document.querySelector<HTMLTextAreaElement>('#note')!
      return {
        text: area.value,
        selected: [area.selectionStart, area.selectionEnd],
        plain: document.querySelector<HTMLInputElement>('#plain')?.value,
        list: document.querySelector('#list')?.scrollTop,
        page: Math.round(scrollY),
        focused: document.activeElement?.id,
      }
    })
}

test('the same person finds text, selection, focus and scroll as they were', async ({ world }) => {
  const page = await openLocking(world)
  const found = await begin(page)
  const before = await found()
  expect(before).toMatchObject({ selected: [5, 10], list: 123, page: 321, focused: 'note' })
  await leaveAlone(world, page)
  await expect(lock(page).getByText('not been active')).toBeVisible()
  await expect(lock(page).getByLabel('User name')).toHaveValue(ANALYST.username)
  await expect(lock(page)).toHaveAccessibleDescription(/kept for analyst@example.com/)
  // Whatever is tried on the page meanwhile.
  await page.mouse.move(300, 250)
  await page.mouse.wheel(0, 400)
  await page.evaluate(() => scrollTo(0, 0))
  await comeBack(page)
  expect(await found()).toEqual(before)
  await page.keyboard.type('ones')
  await expect(note(page)).toHaveValue('half-ones words')
})

test('until then the page is neither painted, nor reached, nor told to assistive technology', async ({ world }) => {
  const page = await openLocking(world)
  await begin(page)
  await leaveAlone(world, page)
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  const before = await page.screenshot()
  await page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>('[data-stillhere="gate"] *')) {
      element.style.cssText += 'background: red; color: lime'
      if (element.matches('p')) element.textContent += ' and something else'
    }
  })
  expect((await page.screenshot()).equals(before)).toBe(true)

  const tree = await page.locator('body').ariaSnapshot()
  expect(tree).toContain('Password')
  expect(tree).not.toMatch(/SECRET|Note|half-typed|Threat desk.*Sign out|table/)
  const wire = await page.context().newCDPSession(page)
  const { nodes } = await wire.send('Accessibility.getFullAXTree')
  const told = JSON.stringify(nodes.filter(({ ignored }) => !ignored))
  expect(told).toContain('Password')
  expect(told).not.toMatch(/SECRET|half-typed|uncontrolled|Keep note/)

  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => !document.activeElement?.closest('[data-stillhere="gate"]'))).toBe(true)
  }
  await note(page).evaluate((area) => area.focus())
  expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('note')
})

test('Esc, as often as one likes, and a click beside the form dismiss nothing', async ({ world }) => {
  const page = await openLocking(world)
  await leaveAlone(world, page)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeFocused()
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press('Escape')
  await page.mouse.click(5, 5)
  await expect(lock(page)).toBeVisible()
  await expect(note(page)).toBeHidden()
})

test('a wrong password changes nothing', async ({ world }) => {
  const page = await openLocking(world)
  await note(page).fill('half-typed')
  await leaveAlone(world, page)
  await lock(page).getByLabel('Password', { exact: true }).fill('no')
  await lock(page).getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await comeBack(page)
  await expect(note(page)).toHaveValue('half-typed')
})

test('another person gets a fresh page', async ({ world }) => {
  const page = await openLocking(world)
  await note(page).fill('half-typed by the analyst')
  await leaveAlone(world, page)
  await comeBack(page, LEAD)
  await expect(page.getByText(LEAD.username)).toBeVisible()
  await expect(note(page)).toHaveValue('')
})

test('whoever is somebody else discards it, in all tabs', async ({ world }) => {
  const pages = [await openLocking(world), await world.open(LOCKED)] as const
  await expect(pages[1].getByRole('table')).toBeVisible()
  await leaveAlone(world, ...pages)
  await lock(pages[0]).getByRole('button', { name: 'Not you?' }).click()
  for (const page of pages) {
    await expect(lock(page)).toBeHidden()
    await expect(page.locator('[data-stillhere="gate"]')).toHaveCount(0)
    await expect(page.getByLabel('User name')).toHaveValue('')
  }
})

test('the same person back in one tab is back in all, each as it was', async ({ world }) => {
  const pages = [await openLocking(world), await world.open(LOCKED)] as const
  for (const page of pages) await note(page).fill(`half-typed in ${pages.indexOf(page)}`)
  await leaveAlone(world, ...pages)
  await comeBack(pages[0])
  for (const page of pages) {
    await isIn(page)
    await expect(lock(page)).toBeHidden()
    await expect(note(page)).toHaveValue(`half-typed in ${pages.indexOf(page)}`)
  }
})

test('another person in one tab leaves nothing of the first in any', async ({ world }) => {
  const pages = [await openLocking(world), await world.open(LOCKED)] as const
  for (const page of pages) await note(page).fill('half-typed by the analyst')
  await leaveAlone(world, ...pages)
  await comeBack(pages[0], LEAD)
  for (const page of pages) {
    await expect(page.getByText(LEAD.username)).toBeVisible()
    await expect(note(page)).toHaveValue('')
  }
})

test('signing out by hand keeps nothing, in any tab', async ({ world }) => {
  const pages = [await openLocking(world), await world.open(LOCKED)] as const
  await expect(pages[1].getByRole('table')).toBeVisible()
  await pages[0].getByRole('button', { name: 'Sign out' }).click()
  for (const page of pages) {
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await expect(page.locator('[data-stillhere="gate"]')).toHaveCount(0)
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
})

for (const when of ['before', 'after'] as const) {
  test(`a dialog that the page itself opens ${when} the end is neither seen nor in the way`, async ({ world }) => {
    const page = await openLocking(world)
    await page.evaluate(() => {
      const own = Object.assign(document.createElement('dialog'), { id: 'own' })
      own.append('Delete 12 feeds?', Object.assign(document.createElement('input'), { id: 'reason' }))
      document.querySelector('.work')!.append(own)
    })
    const open = () => page.evaluate(() => document.querySelector<HTMLDialogElement>('#own')!.showModal())
    if (when === 'before') {
      await open()
      await page.locator('#reason').fill('because')
      await world.passUntilWarned()
      await expect(page.getByRole('button', { name: 'Stay signed in' })).toBeFocused()
      await world.pass(2 * MIN)
    } else {
      await leaveAlone(world, page)
      await open()
    }
    await expect(lock(page)).toBeVisible()
    await expect(page.locator('#own')).toBeHidden()
    const onTop = await page.evaluate(
      () => document.elementFromPoint(innerWidth / 2, innerHeight / 2)!.closest('dialog')!.id,
    )
    expect(onTop).toBe('')
    await lock(page).getByLabel('Password', { exact: true }).fill(ANALYST.password)
    await page.keyboard.press('Enter')
    await expect(lock(page)).toBeHidden()
    await expect(page.locator('#own')).toBeVisible()
    if (when === 'before') {
      await expect(page.locator('#reason')).toBeFocused()
      await expect(page.locator('#reason')).toHaveValue('because')
    }
  })
}

test('what the page asked for meanwhile goes out once its person is back, in order', async ({ world }) => {
  const page = await openLocking(world)
  await leaveAlone(world, page)
  const before = (await world.sent(world.system.list)).length
  // The page looks for news, and is told to show something else, and then another.
  await world.pass(20 * S)
  for (const [hash] of world.system.items) {
    await page.evaluate((to) => {
      location.hash = to
    }, hash)
  }
  await world.pass(S)
  expect(await world.sent(world.system.list)).toHaveLength(before)
  await comeBack(page)
  const [, heading] = world.system.items[1]!
  await expect(page.getByRole('heading', { name: heading })).toBeVisible()
  await expect(page.getByRole('table')).toBeVisible()
  const after = (await world.sent(world.system.list)).slice(before)
  // What was asked for first, first; what nobody wanted any more, not at all.
  expect(after.map(({ path, status }) => `${path} ${status}`)).toEqual([
    '/api/feeds/ 200',
    '/api/feeds/downloads/207 200',
  ])
})

test('axe finds nothing on a locked page, and nothing is lost at 320 px', async ({ world }) => {
  const page = await openLocking(world)
  await leaveAlone(world, page)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`)).toEqual([])
  }
  await page.setViewportSize({ width: 320, height: 480 })
  const { scrollWidth, clientWidth } = await lock(page).evaluate(({ scrollWidth, clientWidth }) => ({
    scrollWidth,
    clientWidth,
  }))
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth)
  await lock(page).getByRole('button', { name: 'Not you?' }).scrollIntoViewIfNeeded()
  await expect(lock(page).getByRole('button', { name: 'Not you?' })).toBeInViewport()
})

test('a session ended at the server locks the page, and the request that was told so goes out again', async ({
  world,
}) => {
  const page = await openLocking(world)
  await note(page).fill('half-typed')
  await world.control('revoke-all', {})
  await world.pass(16 * S)
  await expect(lock(page).getByText('no longer accepted')).toBeVisible()
  const before = (await world.sent(world.system.list)).length
  await comeBack(page)
  await expect(note(page)).toHaveValue('half-typed')
  await expect.poll(async () => (await world.sent(world.system.list)).length).toBeGreaterThan(before)
  expect((await world.sent(world.system.list)).at(-1)).toMatchObject({ status: 200 })
})
