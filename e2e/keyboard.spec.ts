import type { Locator } from '@playwright/test'
import { openHost } from './host.ts'
import { ANALYST, dialog, expect, isIn, MIN, type Page, S, stay, test, type World } from './world.ts'

// Nothing here is done by a pointer: keys alone, and after each of them one sees where the focus is.

const field = {
  username: (page: Page) => page.getByLabel('User name'),
  password: (page: Page) => page.getByLabel('Password', { exact: true }),
}
const heading = (page: Page) => page.getByRole('heading', { name: 'Sign in' })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })

/** What has the focus shows it: a ring of two pixels or more, in the window, with nothing above it (WCAG 2.4.7, 2.4.11). */
async function showsFocus(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const element = document.activeElement!
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const { left, top, right, bottom } = element.getBoundingClientRect()
    const x = (Math.max(0, left) + Math.min(innerWidth, right)) / 2
    const y = (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2
    const hit = document.elementFromPoint(x, y)
    return {
      // Chromium's own ring is two pixels and more, whatever it says of its width.
      ring: outlineStyle === 'auto' ? 2 : outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth),
      isSeen: right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && !!hit && element.contains(hit),
      element: element.outerHTML.slice(0, 80),
    }
  })
  expect(found, found.element).toMatchObject({ isSeen: true })
  expect(found.ring, found.element).toBeGreaterThanOrEqual(2)
}

/** Presses Tab until that has the focus, and looks at every stop on the way. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  const element = await target.elementHandle()
  for (let presses = 0; presses < 25; presses++) {
    await page.keyboard.press(key)
    await showsFocus(page)
    if (await element!.evaluate((one) => one === document.activeElement)) return
  }
  throw new Error(`Tab does not lead to ${target}`)
}

/** Whoever has been told something stands there: such a place takes no keys, and needs no ring. */
const isTold = (target: Locator) => expect(target).toBeFocused({ timeout: 15_000 })

async function signIn(page: Page, password = ANALYST.password): Promise<void> {
  await tabTo(page, field.username(page))
  await page.keyboard.type(ANALYST.username)
  await tabTo(page, field.password(page))
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
}

test('signing in: a wrong password, the right one, and a look at it', async ({ world }) => {
  const page = await world.open()
  await expect(heading(page)).toBeVisible()
  await signIn(page, 'wrong')
  await isTold(page.getByRole('alert'))
  await tabTo(page, field.password(page))
  // The whole of it is selected: typing replaces it.
  await page.keyboard.type(ANALYST.password)
  await tabTo(page, button(page, 'Show password'))
  await page.keyboard.press('Space')
  await expect(button(page, 'Show password')).toHaveAttribute('aria-pressed', 'true')
  await expect(button(page, 'Show password')).toBeFocused()
  await tabTo(page, field.password(page), 'Shift+Tab')
  await expect(field.password(page)).toHaveValue(ANALYST.password)
  await tabTo(page, button(page, 'Sign in'))
  await page.keyboard.press('Space')
  await isIn(page)
  await expect(page.getByRole('main')).toBeFocused()
  await tabTo(page, button(page, 'Sign out'), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await isTold(heading(page))
  await expect(heading(page)).toHaveAccessibleDescription('You have signed out.')
})

test('another system is chosen, and signed in to', async ({ world }) => {
  const page = await world.open()
  await expect(heading(page)).toBeVisible()
  await tabTo(page, page.getByLabel('System'))
  await page.keyboard.press('ArrowDown')
  await expect(page).toHaveURL(/system=econnect/)
  await expect(page.getByText('Badge desk').first()).toBeVisible()
  await signIn(page)
  await isIn(page)
})

test('with an account at Auth0', async ({ world }) => {
  const page = await world.open('?system=datarhei')
  await expect(heading(page)).toBeVisible()
  await tabTo(page, button(page, /^Sign in with Auth0/))
  await page.keyboard.press('Enter')
  await isIn(page)
  await expect(page.getByRole('main')).toBeFocused()
})

test('a forgotten password is replaced by a PIN', async ({ world }) => {
  const page = await world.open('?system=eclipse')
  await expect(heading(page)).toBeVisible()
  await tabTo(page, button(page, 'Forgotten your password?'))
  await page.keyboard.press('Enter')
  await isTold(page.getByRole('heading', { name: 'Choose a new password' }))
  await tabTo(page, field.username(page))
  await page.keyboard.type(ANALYST.username)
  await tabTo(page, button(page, 'Send me a PIN'))
  await page.keyboard.press('Space')
  await expect(page.getByLabel('One-time PIN')).toBeFocused()
  await showsFocus(page)
  const [{ pin }] = (await world.control('outbox')) as [{ pin: string }]
  await page.keyboard.type(pin)
  await tabTo(page, page.getByLabel('New password'))
  await page.keyboard.type('a new password')
  await tabTo(page, button(page, 'Change password'))
  await page.keyboard.press('Enter')
  await isTold(heading(page))
  await tabTo(page, button(page, 'Forgotten your password?'))
  await page.keyboard.press('Enter')
  await tabTo(page, button(page, 'Back to signing in'))
  await page.keyboard.press('Enter')
  await isTold(heading(page))
})

test('throttled, the form is back by itself, and the focus on what can be pressed now', async ({ world }) => {
  const page = await world.open()
  await world.faults({ status: 429, retryAfter: 30, match: world.system.signIn })
  await expect(heading(page)).toBeVisible()
  await signIn(page)
  await isTold(page.getByRole('alert'))
  await world.faults({})
  await world.pass(31 * S)
  await expect(button(page, 'Sign in')).toBeFocused()
  await showsFocus(page)
  await page.keyboard.press('Enter')
  await isIn(page)
})

/** Signed in, with the focus on the note. */
async function openSignedIn(world: World, address = ''): Promise<Page> {
  const page = await world.open(address)
  await expect(heading(page)).toBeVisible()
  await signIn(page)
  await isIn(page)
  await expect(page.getByRole('table')).toBeVisible()
  await tabTo(page, page.getByLabel(/^Note on/))
  return page
}

test('the warning is answered by Enter, Space and Esc, keeps Tab inside, and signs out', async ({ world }) => {
  const page = await openSignedIn(world)
  const note = page.getByLabel(/^Note on/)
  for (const key of ['Enter', 'Space', 'Escape']) {
    await world.passUntilWarned()
    await expect(stay(page)).toBeFocused()
    await showsFocus(page)
    await page.keyboard.press(key)
    await expect(dialog(page)).toBeHidden()
    await expect(note).toBeFocused()
    await showsFocus(page)
  }
  await expect(note).toHaveValue('')
  await world.passUntilWarned()
  await expect(stay(page)).toBeFocused()
  const signOut = dialog(page).getByRole('button', { name: 'Sign out' })
  for (const [key, next] of [
    ['Tab', signOut],
    ['Shift+Tab', stay(page)],
    ['Shift+Tab', null],
    ['Shift+Tab', null],
    ['Tab', null],
    ['Tab', null],
    ['Tab', null],
  ] as const) {
    await page.keyboard.press(key)
    if (next) await expect(next).toBeFocused()
    // From its ends Tab goes to the browser's own buttons, and from there back into the dialog.
    const isInside = await page.evaluate(
      () => document.activeElement === document.body || !!document.activeElement?.closest('[role="alertdialog"]'),
    )
    expect(isInside).toBe(true)
  }
  await tabTo(page, signOut)
  await page.keyboard.press('Space')
  await isTold(heading(page))
  await expect(heading(page)).toHaveAccessibleDescription('You have signed out.')
})

test('a locked page: Tab stays in it, the way out and the way back', async ({ world }) => {
  const page = await openSignedIn(world, '?gate=lock')
  const lock = page.getByRole('dialog', { name: 'Sign in' })
  await page.keyboard.type('half-typed')
  const lockUp = async () => {
    await world.passUntilWarned()
    await expect(stay(page)).toBeFocused()
    await world.pass(2 * MIN)
    await isTold(lock.getByRole('heading', { name: 'Sign in' }))
  }
  await lockUp()
  await tabTo(page, field.password(page))
  await page.keyboard.type(ANALYST.password)
  await page.keyboard.press('Enter')
  await expect(lock).toBeHidden()
  await expect(page.getByLabel(/^Note on/)).toBeFocused()
  await expect(page.getByLabel(/^Note on/)).toHaveValue('half-typed')
  await lockUp()
  await tabTo(page, lock.getByRole('button', { name: 'Not you?' }), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await isTold(heading(page))
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('at the longest time of a session one signs in again, or puts the warning away', async ({ world }) => {
  const page = await openHost(world, { policy: { sessionLimit: 20 * MIN } })
  await expect(heading(page)).toBeVisible()
  const warned = async () => {
    await signIn(page)
    await isIn(page)
    await world.pass(18 * MIN + 10 * S)
    await expect(button(page, 'Not now')).toBeFocused()
    await showsFocus(page)
  }
  await warned()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()
  await expect(page.getByRole('main')).toBeFocused()
  await tabTo(page, button(page, 'Sign out'))
  await page.keyboard.press('Enter')
  await isTold(heading(page))
  await warned()
  await tabTo(page, button(page, 'Sign in again'), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await isTold(heading(page))
})

/** Something in `#work` with the focus in it, what becomes of it while the warning is open, and how its state is told. */
interface Place {
  readonly make: () => unknown
  readonly spoil?: () => unknown
  /** Where the focus is afterwards, and with what; without it, on the page's main part. */
  readonly told?: () => unknown
  readonly type?: string
  readonly expected: unknown
}

const PLACES: Record<string, Place> = {
  'an element in an open shadow root in another': {
    make: () => {
      const attach = (to: ParentNode) => to.appendChild(document.createElement('div')).attachShadow({ mode: 'open' })
      const inner = attach(attach(document.querySelector('#work')!))
      inner.appendChild(document.createElement('input')).focus()
    },
    told: () => {
      let focused = document.activeElement
      let depth = 0
      for (; focused?.shadowRoot; depth++) focused = focused.shadowRoot.activeElement
      return [depth, (focused as HTMLInputElement)?.value]
    },
    type: 'typed',
    expected: [2, 'typed'],
  },
  'an element in a closed shadow root': {
    make: () => {
      const host = document.querySelector('#work')!.appendChild(document.createElement('div'))
      const root = host.attachShadow({ mode: 'closed' })
      Object.assign(window, { root })
      root.appendChild(document.createElement('input')).focus()
    },
    told: () => (window as unknown as { root: ShadowRoot }).root.querySelector('input')!.value,
    type: 'typed',
    expected: 'typed',
  },
  'an element in a frame of the same origin': {
    make: () => {
      const frame = document.querySelector('#work')!.appendChild(document.createElement('iframe'))
      frame.contentDocument!.body.append(frame.contentDocument!.createElement('input'))
      frame.contentDocument!.querySelector('input')!.focus()
    },
    told: () => [
      document.activeElement!.tagName,
      document.querySelector('iframe')!.contentDocument!.querySelector('input')!.value,
    ],
    type: 'typed',
    expected: ['IFRAME', 'typed'],
  },
  'the caret in an editable element': {
    make: () => {
      const area = document.querySelector('#work')!.appendChild(document.createElement('div'))
      area.contentEditable = 'true'
      area.textContent = 'half'
      area.focus()
      getSelection()!.collapse(area.firstChild, 2)
    },
    told: () => document.querySelector('[contenteditable]')!.textContent,
    type: 'XX',
    expected: 'haXXlf',
  },
  'the selection of a field': {
    make: () => {
      const field = document.querySelector('#work')!.appendChild(document.createElement('input'))
      field.value = 'half-typed words'
      field.focus()
      field.setSelectionRange(5, 10)
    },
    told: () => document.querySelector<HTMLInputElement>('#work input')!.value,
    type: 'a',
    expected: 'half-a words',
  },
  'the main part, where the element was removed': {
    make: () => document.querySelector('#work')!.appendChild(document.createElement('input')).focus(),
    spoil: () => document.querySelector('#work')!.replaceChildren(),
    told: () => document.activeElement!.tagName,
    expected: 'MAIN',
  },
  'the main part, where the element was disabled': {
    make: () => document.querySelector('#work')!.appendChild(document.createElement('input')).focus(),
    spoil: () => document.querySelector<HTMLInputElement>('#work input')!.toggleAttribute('disabled', true),
    told: () => document.activeElement!.tagName,
    expected: 'MAIN',
  },
  'the main part, where the element was hidden': {
    make: () => document.querySelector('#work')!.appendChild(document.createElement('input')).focus(),
    spoil: () => document.querySelector<HTMLElement>('#work')!.toggleAttribute('hidden', true),
    told: () => document.activeElement!.tagName,
    expected: 'MAIN',
  },
  'the heading, on a page without a main part': {
    make: () => {
      const main = document.querySelector('main')!
      main.style.display = 'contents'
      document.querySelector('#work')!.appendChild(document.createElement('input')).focus()
    },
    spoil: () => document.querySelector('#work')!.replaceChildren(),
    told: () => document.activeElement!.tagName,
    expected: 'H1',
  },
}

for (const [name, { make, spoil, told, type, expected }] of Object.entries(PLACES)) {
  test(`after the warning the focus is on ${name}`, async ({ world }) => {
    const page = await openHost(world)
    await expect(heading(page)).toBeVisible()
    await signIn(page)
    await isIn(page)
    await page.evaluate(make)
    await world.passUntilWarned()
    await expect(stay(page)).toBeFocused()
    if (spoil) await page.evaluate(spoil)
    await page.keyboard.press('Enter')
    await expect(dialog(page)).toBeHidden()
    if (type) await page.keyboard.type(type)
    expect(await page.evaluate(told!)).toEqual(expected)
  })
}

test('a page that grabs the focus while the warning is open does not get it', async ({ world }) => {
  const page = await openSignedIn(world)
  await world.passUntilWarned()
  await page.keyboard.press('Tab')
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('#note')!.focus()
    const late = Object.assign(document.createElement('input'), { id: 'late', autofocus: true })
    document.querySelector('.work')!.append(late)
    late.focus()
  })
  await world.pass(S)
  await expect(dialog(page).getByRole('button', { name: 'Sign out' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByLabel(/^Note on/)).toBeFocused()
})

test('all that can be pressed is at least 24 px high and wide', async ({ world }) => {
  const page = await world.open('?system=eclipse')
  await expect(heading(page)).toBeVisible()
  const small = () =>
    page.evaluate(() =>
      [
        ...document.querySelectorAll(
          ':is([data-stillhere="login"], [data-stillhere="warning"]) :is(button, input:not([hidden]), a)',
        ),
      ]
        .filter((element) => !element.closest('aside'))
        .map((element) => [element.textContent, element.getBoundingClientRect()] as const)
        .filter(([, { width, height }]) => width < 24 || height < 24)
        .map(([text]) => text),
    )
  expect(await small()).toEqual([])
  await signIn(page)
  await isIn(page)
  await world.pass(57 * MIN + 10 * S)
  await expect(dialog(page)).toBeVisible()
  expect(await small()).toEqual([])
})
