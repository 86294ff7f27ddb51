import type { Route } from '@playwright/test'
import { build } from 'esbuild'
import { ANALYST, test as base, expect, type Page, type World } from './world.ts'

const SIDES = {
  before: "import { Root, api as load, signOut as leave } from './src/examples/migration/before.tsx'",
  after: `
    import { Root, session } from './src/examples/migration/after.tsx'
    const { fetch: load, signOut: leave } = session`,
}
type Side = keyof typeof SIDES
/** Before and after. */
export const sides = Object.keys(SIDES) as Side[]

export const REFRESH = '/rest/refresh'

/** A page with the example in it. */
async function pageOf(side: Side): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `${SIDES[side]}
        import { createElement } from 'react'
        import { createRoot } from 'react-dom/client'
        import { Orders } from './src/examples/migration/Orders.tsx'
        const orders = createElement(Orders, { load, leave })
        createRoot(document.getElementById('root')).render(createElement(Root, null, orders))`,
      resolveDir: new URL('..', import.meta.url).pathname,
    },
    bundle: true,
    write: false,
    outdir: '/',
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"', 'import.meta.env': '{"MODE":"production"}' },
  })
  const script = outputFiles.find(({ path }) => path.endsWith('.js'))!.text.replaceAll('</script', '<\\/script')
  return `<!doctype html><meta charset="utf-8"><title>Orders</title><div id="root"></div><script>${script}</script>`
}

/** Opens tabs with the example in them. */
type Open = (side: Side) => Promise<Page>

export const test = base.extend<{ open: Open }>({
  open: async ({ world, context }, use) => {
    await use(async (side) => {
      const body = await pageOf(side)
      await context.route(`${world.url}/${side}`, (route) => route.fulfill({ contentType: 'text/html', body }))
      const page = await context.newPage()
      await page.goto(`${world.url}/${side}`)
      return page
    })
  },
})

export const isIn = (page: Page) => expect(page.getByRole('heading', { name: /^\d+ orders$/ })).toBeVisible()
export const isOut = (page: Page) => expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
/** How the server answered the requests to such a path. */
export const statuses = async (world: World, path: string) => (await world.sent(path)).map(({ status }) => status)

export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('User name').fill(ANALYST.username)
  await page.getByLabel('Password', { exact: true }).fill(ANALYST.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await isIn(page)
}

/** The machine sleeps: time passes, but for the timers of its pages. */
export async function sleep(world: World, page: Page, ms: number): Promise<void> {
  const now = await page.evaluate(() => Date.now())
  await world.control('clock', { advance: ms })
  await world.context.clock.setSystemTime(now + ms)
}

/** The answer to the next refresh stays away until the returned function is called. */
export async function holdRefresh(world: World): Promise<() => void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  const hold = async (route: Route) => {
    const response = await route.fetch()
    await released
    await route.fulfill({ response })
  }
  await world.context.route(`**${REFRESH}`, hold, { times: 1 })
  return release
}
