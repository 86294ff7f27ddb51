import { expect, type Page, test } from '@playwright/test'
import { MIN, S } from '../systems.ts'
import { dialog, isIn, isOut, LEAD, stay, World } from '../world.ts'
import { type App, createApp, type Served } from './app.ts'

interface Plan {
  readonly name: string
  readonly react: RegExp
  /** Life of a token, in ms. */
  readonly life: number
  readonly heading: string
  readonly item: string
  /** Builds it and starts it, with its backend. */
  start(app: App): Promise<{ site: Served; mock: Served }>
}

async function preview(app: App) {
  await app.build('vite')
  const site = await app.serve('vite', ['preview', '--host', '127.0.0.1', '--strictPort'])
  return { site, mock: site }
}

const PLANS: readonly Plan[] = [
  {
    name: 'vite-react-19',
    react: /^19\./,
    life: 30 * MIN,
    heading: 'Feeds of',
    item: 'Phishing',
    start: preview,
  },
  {
    name: 'vite-react-18',
    react: /^18\.2\.0$/,
    life: 15 * MIN,
    heading: 'Orders for',
    item: 'Order',
    start: preview,
  },
  {
    name: 'next',
    react: /^19\./,
    life: 30 * MIN,
    heading: 'Feeds of',
    item: 'Phishing',
    async start(app) {
      const mock = await app.serve('stillhere-mock', ['--system', 'eclecticiq'])
      // Next.js keeps where requests are passed on to from the time of the build.
      await app.build('next', { API: mock.url })
      return { site: await app.serve('next', ['start', '--hostname', '127.0.0.1']), mock }
    },
  },
]

/** All that a page complains of, from its beginning on. */
function complaints(page: Page): string[] {
  const found: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) found.push(message.text())
  })
  page.on('pageerror', (error) => found.push(String(error)))
  return found
}

for (const { name, react, life, heading, item, start } of PLANS) {
  test.describe(`a fresh app, ${name}`, () => {
    test.describe.configure({ mode: 'serial' })
    let app: App
    let site: Served
    let mock: Served

    test.beforeAll(async () => {
      app = await createApp(name)
    })
    test.afterAll(async () => {
      await site?.stop()
      await mock?.stop()
      await app?.remove()
    })

    test('has one React', async () => {
      expect(await app.copies('react')).toEqual([expect.stringMatching(react)])
      expect(await app.copies('react-dom')).toEqual([expect.stringMatching(react)])
    })

    test('is built, and served', async () => {
      ;({ site, mock } = await start(app))
      expect((await fetch(site.url)).status).toBe(200)
    })

    if (name !== 'next') {
      test('is found well typed, with the declarations of packages, however modules are resolved', async () => {
        await app.runWell('tsc')
        for (const resolution of ['node16', 'nodenext'])
          await app.runWell('tsc', '--module', resolution, '--moduleResolution', resolution)
        await app.runWell('tsc', '-p', 'tsconfig.node.json')
      })
    }

    test('signs in, warns, stays, and signs out, without a word of complaint', async ({ context }) => {
      const world = new World(mock.url, context, 'eclecticiq', site.url)
      await context.clock.install()
      const page = await context.newPage()
      const found = complaints(page)
      await page.goto(site.url)
      await isOut(page)
      await world.signIn(page)
      await expect(page.getByRole('heading', { name: `${heading} Analyst` })).toBeVisible()
      await expect(page.getByText(item).first()).toBeVisible()

      await world.pass(life - 3 * MIN + 10 * S)
      await expect(dialog(page)).toBeVisible()
      await stay(page).click()
      await expect(dialog(page)).toBeHidden()
      await world.pass(4 * MIN)
      await isIn(page)

      await page.reload()
      // A request under way would be refused, and the console tell of it.
      await expect(page.getByText(item).first()).toBeVisible()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await isOut(page)
      expect(found).toEqual([])
    })

    test('signs out whoever is not there', async ({ context }) => {
      const world = new World(mock.url, context, 'eclecticiq', site.url)
      await context.clock.install()
      const page = await world.open()
      await world.signIn(page)
      await expect(page.getByText(item).first()).toBeVisible()
      await world.pass(life)
      await isOut(page)
      await expect(page.getByText(item)).toHaveCount(0)
    })

    if (name === 'next') {
      test('has nothing of anybody in what its server renders, whoever is signed in and whoever asks', async ({
        browser,
        context,
      }) => {
        const rendered = async () => {
          const html = await (await fetch(site.url)).text()
          const known = await (await fetch(`${site.url}/known-to-the-server`)).json()
          return { html, known }
        }
        const before = await rendered()
        expect(before.html).toContain('Nobody is signed in.')
        expect(before.html).toContain('One moment …')
        expect(before.known).toEqual({ status: 'restoring', user: null, token: null })

        const world = new World(mock.url, context, 'eclecticiq', site.url)
        const page = await world.open()
        await world.signIn(page)
        await expect(page.getByText(/^analyst@example.com, \d+ seconds left/)).toBeVisible()
        expect(await page.evaluate(() => fetch('/known-to-the-server').then((answer) => answer.json()))).toEqual(
          before.known,
        )
        expect(await rendered()).toEqual(before)

        const other = await browser.newContext()
        const hers = await other.newPage()
        const found = complaints(hers)
        await hers.goto(site.url)
        await isOut(hers)
        await new World(mock.url, other, 'eclecticiq', site.url).signIn(hers, LEAD)
        await expect(hers.getByText(/^lead@example.com, /)).toBeVisible()
        await hers.reload()
        await expect(hers.getByText(/^lead@example.com, /)).toBeVisible()
        await page.reload()
        await expect(page.getByText(/^analyst@example.com, /)).toBeVisible()
        expect(found).toEqual([])
        await other.close()
        expect(site.said()).not.toMatch(/error|warn|stillhere|undefined/i)
      })
    }
  })
}
