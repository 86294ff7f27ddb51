import { dialog, expect, isIn, isOut, MIN, type Page, S, stay, test, type World } from './world.ts'

// The warning stands above all that a page can put above it, can be answered there, and is never closed unanswered.

const note = (page: Page) => page.getByLabel(/^Note on/)

async function openSignedIn(world: World): Promise<Page> {
  const page = await world.open()
  await world.signIn(page)
  await expect(page.getByRole('table')).toBeVisible()
  await world.stopClock(page)
  await note(page).focus()
  return page
}

type Tag = [name: string, attributes: Record<string, string>]

/** Puts an element of the host's own beside the app, by the ways that a strict CSP leaves. */
const add = (page: Page, element: [...Tag, ...Tag[]]) =>
  page.evaluate(([tag, attributes, ...children]) => {
    const make = (name: string, given: Record<string, string>) => {
      const made = document.createElement(name)
      for (const [attribute, value] of Object.entries(given)) made.setAttribute(attribute, value)
      return made
    }
    const made = make(tag, attributes)
    for (const [name, given] of children) made.append(make(name, given))
    document.body.append(made)
  }, element)

const OWN: [...Tag, ...Tag[]] = [
  'dialog',
  { id: 'own' },
  ['input', { id: 'reason' }],
  ['button', { 'aria-label': 'Keep' }],
]
const showOwn = (page: Page, id = 'own') =>
  page.evaluate((own) => (document.getElementById(own) as HTMLDialogElement).showModal(), id)
const closeOwn = (page: Page, id = 'own') =>
  page.evaluate((own) => (document.getElementById(own) as HTMLDialogElement).close(), id)

/** Time passes until the warning has just opened. */
async function warn(world: World, page: Page): Promise<void> {
  await world.pass(world.idle - 2 * MIN + 5 * S)
  await expect(dialog(page)).toBeVisible()
}

/** The warning is what a click reaches, and where keys go. */
async function isOnTop(page: Page): Promise<void> {
  await expect(stay(page)).toBeFocused()
  const found = await page.evaluate(() => {
    const shown = document.querySelector('[data-stillhere="warning"]')!
    const { x, y, width, height } = shown.getBoundingClientRect()
    return {
      isHit: !!document.elementFromPoint(x + width / 2, y + height / 2)?.closest('[data-stillhere="warning"]'),
      isFocused: shown.contains(document.activeElement),
    }
  })
  expect(found).toEqual({ isHit: true, isFocused: true })
}

/** What is painted in the middle of the warning is its own, and not the host's, which is all red. */
async function isPaintedOnTop(page: Page): Promise<void> {
  const box = (await dialog(page).boundingBox())!
  const clip = { x: box.x + box.width / 2 - 20, y: box.y + 12, width: 40, height: 4 }
  const before = await page.screenshot({ clip })
  await page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>('.host')) element.style.background = 'lime'
  })
  expect((await page.screenshot({ clip })).equals(before)).toBe(true)
}

test('a dialog that the page had open is below it, and has the focus again afterwards', async ({ world }) => {
  const page = await openSignedIn(world)
  await add(page, OWN)
  await showOwn(page)
  await page.locator('#reason').fill('because')
  await warn(world, page)
  await isOnTop(page)
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
  await expect(page.locator('#own')).toBeVisible()
  await expect(page.locator('#reason')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.locator('#own')).toBeHidden()
  await expect(note(page)).toBeFocused()
})

test('a dialog that the page opens meanwhile comes to be below it, and has the focus afterwards', async ({ world }) => {
  const page = await openSignedIn(world)
  await add(page, OWN)
  await warn(world, page)
  await showOwn(page)
  await isOnTop(page)
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
  await expect(page.locator('#reason')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.locator('#own')).toBeHidden()
  await isIn(page)
})

test('a dialog that came and went meanwhile leaves the focus where it was before both', async ({ world }) => {
  const page = await openSignedIn(world)
  await add(page, OWN)
  await warn(world, page)
  await showOwn(page)
  await isOnTop(page)
  await closeOwn(page)
  await isOnTop(page)
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
  await expect(note(page)).toBeFocused()
})

test('a dialog in a shadow root is below it within a second', async ({ world }) => {
  const page = await openSignedIn(world)
  await page.evaluate(() => {
    const host = document.body.appendChild(document.createElement('div'))
    const own = document.createElement('dialog')
    own.append(document.createElement('input'))
    host.attachShadow({ mode: 'closed' }).append(own)
    Object.assign(window, { own })
  })
  await warn(world, page)
  await page.evaluate(() => (window as unknown as { own: HTMLDialogElement }).own.showModal())
  await world.pass(S)
  await isOnTop(page)
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
})

test('against a page that puts its own dialog on top again and again both keep running', async ({ world }) => {
  const page = await openSignedIn(world)
  await add(page, OWN)
  await page.evaluate(() => {
    const own = document.querySelector<HTMLDialogElement>('#own')!
    let raised = 0
    new MutationObserver((changes) => {
      const isOther = changes.some(({ target }) => (target as Element).matches('[data-stillhere="warning"][open]'))
      if (!isOther) return
      Object.assign(window, { raised: ++raised })
      own.close()
      own.showModal()
    }).observe(document.documentElement, { subtree: true, attributeFilter: ['open'] })
  })
  await warn(world, page)
  for (let second = 0; second < 5; second++) await world.pass(S)
  const raised = () => page.evaluate(() => (window as unknown as { raised: number }).raised)
  expect(await raised()).toBeLessThan(40)
  await expect(dialog(page)).toContainText(/seconds|minutes/)
  await world.pass(2 * MIN)
  await isOut(page)
})

for (const kind of ['auto', 'manual'] as const) {
  test(`a popover="${kind}" is not above it, opened before or meanwhile`, async ({ world }) => {
    const page = await openSignedIn(world)
    await add(page, ['div', { popover: kind, class: 'host', id: 'pop' }, ['button', { 'aria-label': 'Undo' }]])
    const show = () => page.evaluate(() => document.querySelector<HTMLElement>('#pop')!.showPopover())
    await page.evaluate(() => {
      const { style } = document.querySelector<HTMLElement>('#pop')!
      Object.assign(style, { inset: '0', inlineSize: 'auto', blockSize: 'auto', background: 'red' })
    })
    await show()
    await warn(world, page)
    await isOnTop(page)
    await isPaintedOnTop(page)
    await page.evaluate(() => document.querySelector<HTMLElement>('#pop')!.hidePopover())
    await show()
    await isOnTop(page)
    await isPaintedOnTop(page)
    await page.keyboard.press('Enter')
    await expect(dialog(page)).toBeHidden()
    await expect(note(page)).toBeFocused()
  })
}

for (const when of ['before', 'meanwhile'] as const) {
  test(`what fills the screen ${when} is not above it`, async ({ world }) => {
    const page = await openSignedIn(world)
    await add(page, ['section', { id: 'film', class: 'host' }, ['button', { id: 'full' }]])
    await page.evaluate((isLate) => {
      const film = document.querySelector<HTMLElement>('#film')!
      film.style.background = 'red'
      const fill = () => film.requestFullscreen()
      const button = document.querySelector<HTMLElement>('#full')!
      // As a page that loads something first.
      if (isLate) Object.assign(window, { fill })
      else button.onclick = fill
    }, when === 'meanwhile')
    if (when === 'before') {
      await page.locator('#full').focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => page.evaluate(() => document.fullscreenElement?.id)).toBe('film')
    }
    await warn(world, page)
    if (when === 'meanwhile') {
      await page.keyboard.press('Shift')
      await page.keyboard.press('a')
      await page.evaluate(() => (window as unknown as { fill: () => void }).fill())
      await expect.poll(() => page.evaluate(() => document.fullscreenElement?.id)).toBe('film')
    }
    await isOnTop(page)
    await isPaintedOnTop(page)
    await page.keyboard.press('Enter')
    await expect(dialog(page)).toBeHidden()
    // What is not in it is inert.
    await expect(page.locator(when === 'before' ? '#full' : '#film')).toBeFocused()
  })
}

/** As modal dialogs made of a `div` do it: above all by number, the rest of the page hidden and dead, the focus pulled back. */
const TRAP = () => {
  const trap = document.body.appendChild(document.createElement('div'))
  trap.className = 'host'
  trap.append(Object.assign(document.createElement('button'), { id: 'trapped', textContent: 'Trapped' }))
  trap.style.cssText = 'position: fixed; inset: 0; z-index: 2147483647; background: red; pointer-events: auto'
  document.body.style.pointerEvents = 'none'
  for (const element of document.body.children) {
    if (element === trap) continue
    element.setAttribute('aria-hidden', 'true')
    ;(element as HTMLElement).inert = true
  }
  const pull = () => document.querySelector<HTMLElement>('#trapped')!.focus()
  document.addEventListener('focusin', ({ target }) => trap.contains(target as Node) || pull())
  setInterval(pull, 100)
  pull()
}

test('above the greatest z-index and a trap that pulls the focus back, keys and clicks reach it', async ({ world }) => {
  const page = await openSignedIn(world)
  await page.evaluate(TRAP)
  await warn(world, page)
  await isOnTop(page)
  await isPaintedOnTop(page)
  await expect(page.getByRole('alertdialog')).toHaveAccessibleName(/about to be signed out/)
  await page.keyboard.press('Tab')
  await world.pass(S)
  await expect(dialog(page).getByRole('button', { name: 'Sign out' })).toBeFocused()
  await stay(page).click()
  await expect(dialog(page)).toBeHidden()
  await expect(page.locator('#trapped')).toBeFocused()
})

/** The ways in which a dialog may be closed, none of which is an answer that a countdown may be hidden by. */
const WAYS: Record<string, (page: Page) => Promise<unknown>> = {
  'Esc twice': async (page) => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
  },
  'a request to close, as Android’s back': (page) =>
    page.evaluate(() => document.querySelector<HTMLDialogElement>('[data-stillhere="warning"]')!.requestClose()),
  'close() of the host': (page) =>
    page.evaluate(() => document.querySelector<HTMLDialogElement>('[data-stillhere="warning"]')!.close()),
  'a form with method="dialog"': (page) =>
    page.evaluate(() => {
      const form = Object.assign(document.createElement('form'), { method: 'dialog' })
      document.querySelector('[data-stillhere="warning"]')!.append(form)
      form.requestSubmit()
    }),
}

test('closed by any way it is answered with staying, and the focus is back', async ({ world }) => {
  const page = await openSignedIn(world)
  for (const [way, close] of Object.entries(WAYS)) {
    const before = (await world.refreshes()).length
    await warn(world, page)
    await close(page)
    await expect(dialog(page), way).toBeHidden()
    await expect(note(page), way).toBeFocused()
    await expect.poll(async () => (await world.refreshes()).length, way).toBe(before + 1)
  }
})

test('closed by any way while the server is down it is open again, and counts', async ({ world }) => {
  const page = await openSignedIn(world)
  await world.faults({ down: true, match: world.system.refresh })
  await warn(world, page)
  for (const [way, close] of Object.entries(WAYS)) {
    await close(page)
    await expect(dialog(page), way).toContainText('can not be reached')
    await isOnTop(page)
  }
  await world.pass(75 * S)
  await expect(dialog(page)).toContainText(/4\d seconds/)
})

const TAKEN: Record<string, (page: Page) => Promise<unknown>> = {
  attribute: (page) =>
    page.evaluate(() => document.querySelector('[data-stillhere="warning"]')!.removeAttribute('open')),
  remove: (page) => page.evaluate(() => document.querySelector('[data-stillhere="warning"]')!.remove()),
  wipe: (page) => page.evaluate(() => document.body.replaceChildren()),
}

test('taken out of the page it is back within a second, as nobody answered', async ({ world }) => {
  const page = await openSignedIn(world)
  await warn(world, page)
  for (const take of Object.values(TAKEN)) {
    await take(page)
    await world.pass(S)
    await isOnTop(page)
  }
  expect(await world.refreshes()).toEqual([])
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
  await expect.poll(async () => (await world.refreshes()).length).toBe(1)
})
