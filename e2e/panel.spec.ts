import { readFile } from 'node:fs/promises'
import AxeBuilder from '@axe-core/playwright'
import { bundleOf, listen } from './servers.ts'
import { expect, MIN, type Page, S, test, type World } from './world.ts'

const panel = (page: Page) => page.getByRole('region', { name: 'Session', exact: true })
const drawing = (page: Page) => panel(page).getByRole('img', { name: /^Timeline/ })

async function openPanel(world: World): Promise<Page> {
  const page = await world.open()
  await world.signIn(page)
  await expect(drawing(page)).toBeVisible()
  return page
}

/** Somebody is active now and then, refreshes, and leaves for long enough to be warned and to stay after all. */
async function live(world: World, page: Page): Promise<void> {
  for (let refreshes = 1; refreshes <= 2; refreshes++) {
    await world.pass(61 * S)
    await page.keyboard.press('Shift')
    await expect(page.locator('dd').nth(3)).toHaveText(String(refreshes))
  }
  await world.passUntilWarned()
  await page.keyboard.press('Escape')
  await expect(panel(page).locator('[data-type="extended"]')).toHaveCount(1)
}

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing in the panel, with all of it open and a mark in focus, ${colorScheme}`, async ({ world }) => {
    const page = await openPanel(world)
    await page.emulateMedia({ colorScheme })
    await live(world, page)
    for (const summary of await panel(page).locator('summary').all()) await summary.click()
    await panel(page).getByRole('group', { name: 'Marks' }).getByRole('button').last().focus()
    const { violations } = await new AxeBuilder({ page }).include('[data-stillhere="panel"]').analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`)).toEqual([])
  })

test('by keyboard alone: the window, the marks, the list; and nothing is lost at 320 px', async ({ world }) => {
  const page = await openPanel(world)
  await live(world, page)
  await page.setViewportSize({ width: 320, height: 900 })
  await page.getByRole('button', { name: 'Session', exact: true }).press('Enter')
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await panel(page).getByRole('button', { name: '5 min', exact: true }).focus()
  for (const name of ['15 min', '1 h', 'Earlier', 'Later', 'Now']) {
    await page.keyboard.press('Tab')
    await expect(page.locator(':focus')).toHaveAccessibleName(name)
  }
  const before = await drawing(page).getAttribute('aria-label')
  await page.keyboard.press('PageUp')
  await expect(drawing(page)).not.toHaveAttribute('aria-label', before!)
  await page.keyboard.press('End')
  await expect(panel(page).getByRole('button', { name: 'Now' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('Tab')
  await expect(page.locator(':focus')).toHaveAccessibleName(/Stayed signed in|Refreshed by this tab/)
  const told = panel(page).locator('[data-part="told"]')
  await expect(told).toContainText(/Stayed signed in|Refreshed by this tab/)
  await page.keyboard.press('Tab')
  await expect(page.locator(':focus')).toHaveText('Legend')
})

test('an hour of somebody who never rests takes some dozens of nodes, and one change a second', async ({ page }) => {
  const library = await bundleOf(
    'panel',
    `export * from './src/index.ts'
    export * from './src/panel/index.ts'
    export { createElement } from 'react'
    export { createRoot } from 'react-dom/client'`,
  )
  const html = '<!doctype html><title>page</title><div id="root"></div><script src="/library.js"></script>'
  const server = await listen(({ url }, response) => {
    if (url === '/library.js') response.setHeader('content-type', 'text/javascript').end(library)
    else response.setHeader('content-type', 'text/html').end(html)
  })
  try {
    await page.clock.install()
    await page.goto(server.url)
    await page.evaluate(`(async () => {
      const answer = async (_, { departedAt }) =>
        ({ token: new panel.Secret('t'), expiresAt: departedAt + 1_800_000, user: { key: '7', name: 'Ada' } })
      const backend = { system: 'None', baseUrl: '/', renewsWith: 'token', signIn: answer, refresh: answer,
        headers: () => ({}), refusesToken: () => false }
      const session = panel.createSession({ backend })
      panel.recordSession(session)
      session.start()
      await session.signIn({})
      setInterval(() => session.touch(), 1_000)
      window.session = session
    })()`)
    await page.clock.runFor(60 * MIN)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
    const busy = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics')
      return metrics
        .filter(({ name }) => /^(Script|Layout|RecalcStyle)Duration$/.test(name))
        .reduce((sum, { value }) => sum + value * 1_000, 0)
    }
    // By the time that the page's thread worked, so that a busy machine does not show.
    const costOf = async () => {
      const before = await busy()
      await page.clock.runFor(20 * S)
      return ((await busy()) - before) / 20
    }
    const without = await costOf()
    await page.evaluate(`panel.createRoot(document.getElementById('root'))
      .render(panel.createElement(panel.SessionPanel, { session, span: '1 h' }))`)
    await expect(drawing(page)).toHaveAccessibleName(/active in 3[56]\d\d seconds, [1-6]\d refreshes/)
    const nodes = await drawing(page).evaluate((svg) => svg.querySelectorAll('*').length)
    const buttons = await panel(page).getByRole('group', { name: 'Marks' }).getByRole('button').count()
    expect(nodes).toBeLessThan(100)
    expect(buttons).toBeLessThan(page.viewportSize()!.width / 24)

    await page.evaluate(() => {
      const seen = { changes: 0 }
      new MutationObserver(() => seen.changes++).observe(document.body, {
        attributes: true,
        subtree: true,
        childList: true,
        characterData: true,
      })
      Object.assign(window, { seen, begun: Date.now() })
    })
    const cost = await costOf()
    const { changes, seconds } = await page.evaluate(() => {
      const { seen, begun } = window as unknown as { seen: { changes: number }; begun: number }
      return { changes: seen.changes, seconds: (Date.now() - begun) / 1_000 }
    })
    console.log(`${nodes} nodes, ${buttons} buttons; a second of drawing: ${(cost - without).toFixed(1)} ms`)
    expect(changes).toBeGreaterThan(10)
    // A refresh that falls into the time is a change as it is asked for, and one as it comes.
    expect(changes).toBeLessThanOrEqual(seconds + 4)
  } finally {
    server.close()
  }
})

test('the export is a file under the demo’s strict policy, and has no token and no name in it', async ({ world }) => {
  const told: string[] = []
  world.context.on('console', (message) => told.push(message.text()))
  const page = await openPanel(world)
  await live(world, page)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel(page).getByRole('button', { name: 'Export JSON' }).click(),
  ])
  const text = await readFile((await download.path())!, 'utf8')
  expect(JSON.parse(text)).toMatchObject({ format: 'stillhere-recording', v: 1 })
  expect(text).not.toMatch(/eyJ|analyst|bug#1/)
  const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage }))
  const token = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(stored)![0]
  for (const part of token.split('.')) expect(text).not.toContain(part)
  expect(await panel(page).innerHTML()).not.toContain(token.split('.')[2])
  expect(told.filter((line) => line.includes('Content Security Policy'))).toEqual([])
})
