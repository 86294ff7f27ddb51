import { ANALYST, dialog, expect, MIN, type Page, S, type World } from './world.ts'

// Every screen and state of ours, and how one gets there. Nothing here reads words: each is reached in any language.

/** A screen of the login page, the warning or the lock in one of its states. */
export interface State {
  readonly name: string
  /** What the address of the demo says besides. */
  readonly query?: Record<string, string>
  /** The element that holds it. */
  readonly part: string
  /** From the demo as it was opened to that state; where somebody signs in, it may be by another name. */
  reach(page: Page, world: World, name?: string): Promise<unknown>
}

const ours = (page: Page, name: string) => page.locator(`[data-stillhere="${name}"]`)
const submit = (page: Page) => ours(page, 'submit').click()
const input = (page: Page, name: string) => ours(page, 'form').locator(`[name="${name}"]`)
const problem = (page: Page) => expect(ours(page, 'problem')).toBeVisible()
const ended = (page: Page, reason: string) =>
  expect(ours(page, 'ended').and(page.locator(`[data-reason="${reason}"]`))).toBeVisible()

/** Signs in with the form as it comes, by a name that only the page knows to be another than the analyst's. */
export async function signIn(page: Page, name = ANALYST.username): Promise<void> {
  if (name !== ANALYST.username) {
    await page.route('**/api/auth', (route) => route.continue({ postData: JSON.stringify(ANALYST) }), { times: 1 })
  }
  await input(page, 'username').fill(name)
  await input(page, 'password').fill(ANALYST.password)
  await submit(page)
  await expect(page.locator('.console')).toBeVisible()
}

async function tryToSignIn(page: Page): Promise<void> {
  await input(page, 'username').fill(ANALYST.username)
  await input(page, 'password').fill(ANALYST.password)
  await submit(page)
}

async function warned(page: Page, world: World, name?: string): Promise<void> {
  await signIn(page, name)
  await world.passUntilWarned()
  await expect(dialog(page)).toBeVisible()
}

const warningIs = (page: Page, state: string) => expect(dialog(page)).toHaveAttribute('data-state', state)

async function locked(page: Page, world: World, name?: string): Promise<void> {
  await warned(page, world, name)
  await world.pass(2 * MIN)
  await expect(ours(page, 'lock')).toBeVisible()
}

/** The page believes that its refresh token, which nothing prolongs, lives so many seconds. */
async function shortenRefreshToken(page: Page, seconds: number): Promise<void> {
  let whole = ''
  await page.route('**/api/login', async (route) => {
    const response = await route.fetch()
    const answer = await response.json()
    whole = answer.refresh_token
    const [head, payload, signature] = whole.split('.')
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString())
    const shorter = Buffer.from(JSON.stringify({ ...claims, exi: seconds, exp: claims.iat + seconds }))
    const refresh_token = [head, shorter.toString('base64url'), signature].join('.')
    await route.fulfill({ response, json: { ...answer, refresh_token } })
  })
  // The server knows the one that it gave.
  await page.route('**/api/login/refresh', (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${whole}` } }),
  )
}

async function askForPin(page: Page): Promise<void> {
  await ours(page, 'forgot').click()
  await input(page, 'username').fill(ANALYST.username)
  await submit(page)
  await expect(input(page, 'pin')).toBeVisible()
}

const eclipse = { system: 'eclipse' }

export const STATES: readonly State[] = [
  { name: 'login', part: 'login', reach: (page) => expect(ours(page, 'form')).toBeVisible() },
  {
    name: 'login-password-shown',
    part: 'login',
    async reach(page) {
      await input(page, 'password').fill('bug#1')
      await ours(page, 'show-password').click()
      await expect(input(page, 'password')).toHaveAttribute('type', 'text')
    },
  },
  {
    name: 'login-nothing-typed',
    part: 'login',
    async reach(page) {
      await submit(page)
      await problem(page)
    },
  },
  {
    name: 'login-wrong-password',
    part: 'login',
    async reach(page) {
      await input(page, 'username').fill(ANALYST.username)
      await input(page, 'password').fill('wrong')
      await submit(page)
      await problem(page)
    },
  },
  {
    name: 'login-too-many-attempts',
    part: 'login',
    async reach(page, world) {
      await world.faults({ status: 429, retryAfter: 600, match: world.system.signIn })
      await tryToSignIn(page)
      await problem(page)
    },
  },
  {
    name: 'login-unreachable',
    part: 'login',
    async reach(page, world) {
      await world.faults({ down: true, match: world.system.signIn })
      await tryToSignIn(page)
      await problem(page)
    },
  },
  {
    name: 'login-malformed-answer',
    part: 'login',
    async reach(page, world) {
      await world.faults({ malformed: 'html', match: world.system.signIn })
      await tryToSignIn(page)
      await problem(page)
    },
  },
  {
    name: 'login-signing-in',
    part: 'login',
    async reach(page) {
      await page.route('**/api/auth', () => {})
      await tryToSignIn(page)
      await expect(ours(page, 'form')).toHaveAttribute('data-state', 'busy')
    },
  },
  {
    name: 'login-ended-idle',
    part: 'login',
    async reach(page, world, name) {
      await warned(page, world, name)
      await world.pass(2 * MIN)
      await ended(page, 'idle')
    },
  },
  {
    name: 'login-ended-by-hand',
    part: 'login',
    async reach(page) {
      await signIn(page)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await ended(page, 'user')
      await expect(page.getByText('at the server: revoked')).toBeVisible()
    },
  },
  {
    name: 'login-ended-in-another-tab',
    part: 'login',
    async reach(page, world) {
      await signIn(page)
      const other = await world.context.newPage()
      await other.goto(page.url())
      await other.getByRole('button', { name: 'Sign out' }).click()
      await ended(page, 'user')
      await ended(other, 'user')
      await other.close()
      await page.bringToFront()
    },
  },
  {
    name: 'login-ended-refused',
    part: 'login',
    async reach(page, world) {
      await signIn(page)
      await world.control('revoke-all', {})
      await world.pass(20 * S)
      await ended(page, 'refused')
    },
  },
  {
    name: 'login-auth0',
    part: 'login',
    query: { system: 'datarhei' },
    reach: (page) => expect(page.getByRole('button', { name: 'Sign in with Auth0' })).toBeVisible(),
  },
  {
    name: 'new-password',
    part: 'login',
    query: eclipse,
    async reach(page) {
      await ours(page, 'forgot').click()
      await expect(ours(page, 'words')).toHaveAttribute('data-state', 'new-password')
    },
  },
  {
    name: 'new-password-nothing-typed',
    part: 'login',
    query: eclipse,
    async reach(page) {
      await ours(page, 'forgot').click()
      await submit(page)
      await problem(page)
    },
  },
  { name: 'new-password-pin-sent', part: 'login', query: eclipse, reach: askForPin },
  {
    name: 'new-password-another-pin-sent',
    part: 'login',
    query: eclipse,
    async reach(page, world) {
      await askForPin(page)
      await input(page, 'pin').fill('1')
      await ours(page, 'send-pin').click()
      await expect(input(page, 'pin')).toHaveValue('')
      expect(await world.control('outbox')).toHaveLength(2)
    },
  },
  {
    name: 'new-password-wrong-pin',
    part: 'login',
    query: eclipse,
    async reach(page, world) {
      await askForPin(page)
      const [{ pin }] = (await world.control('outbox')) as [{ pin: string }]
      await input(page, 'pin').fill(pin === '000000' ? '000001' : '000000')
      await input(page, 'password').fill('a new password')
      await submit(page)
      await problem(page)
    },
  },
  {
    name: 'new-password-changed',
    part: 'login',
    query: eclipse,
    async reach(page, world) {
      await askForPin(page)
      const [{ pin }] = (await world.control('outbox')) as [{ pin: string }]
      await input(page, 'pin').fill(pin)
      await input(page, 'password').fill('a new password')
      await submit(page)
      await expect(ours(page, 'ended')).toBeVisible()
    },
  },
  { name: 'console', part: 'gate', reach: (page, _, name) => signIn(page, name) },
  { name: 'warning', part: 'warning', reach: warned },
  {
    name: 'warning-last-seconds',
    part: 'warning',
    async reach(page, world) {
      await warned(page, world)
      await world.pass(95 * S)
      await expect(ours(page, 'time')).toContainText('15')
    },
  },
  {
    name: 'warning-staying',
    part: 'warning',
    async reach(page, world) {
      await warned(page, world)
      await page.route(`**${world.system.refresh}`, () => {})
      await ours(page, 'stay').click()
      await warningIs(page, 'staying')
    },
  },
  {
    name: 'warning-trouble',
    part: 'warning',
    async reach(page, world) {
      await warned(page, world)
      await world.faults({ down: true, match: world.system.refresh })
      await ours(page, 'stay').click()
      await warningIs(page, 'trouble')
    },
  },
  {
    name: 'warning-token',
    part: 'warning',
    async reach(page, world) {
      await signIn(page)
      await world.pass(10 * MIN)
      await page.route(`**${world.system.refresh}`, (route) => route.abort())
      const failed = page.waitForEvent('requestfailed')
      await page.keyboard.press('Shift')
      await failed
      await world.pass(world.system.life - 10 * MIN - 90 * S)
      await expect(dialog(page)).toHaveAttribute('data-cause', 'token')
    },
  },
  {
    name: 'warning-final',
    part: 'warning',
    query: { system: 'datarhei' },
    async reach(page, world) {
      await shortenRefreshToken(page, 600)
      await signIn(page)
      // The second refresh is the last one possible, and then someone is still here.
      for (let presses = 1; presses <= 3; presses++) {
        await world.pass(290 * S)
        await page.keyboard.press('Shift')
        await expect(page.locator('dd').nth(3)).toHaveText(String(Math.min(presses, 2)))
      }
      await world.pass(210 * S)
      await warningIs(page, 'final')
    },
  },
  { name: 'lock', part: 'lock', query: { gate: 'lock' }, reach: locked },
  {
    name: 'lock-wrong-password',
    part: 'lock',
    query: { gate: 'lock' },
    async reach(page, world, name) {
      await locked(page, world, name)
      await input(page, 'password').fill('wrong')
      await submit(page)
      await problem(page)
    },
  },
]

/** Opens the demo, where time stands still but for what a test lets pass, and brings it to a state. */
export async function reach(
  world: World,
  state: State,
  { name, ...query }: Record<string, string> & { name?: string } = {},
): Promise<Page> {
  const page = await world.open(`?${new URLSearchParams({ ...state.query, ...query })}`)
  await world.stopClock(page)
  await state.reach(page, world, name)
  return page
}

/** The element that holds the state. */
export const partOf = (page: Page, { part }: State) => ours(page, part).first()
