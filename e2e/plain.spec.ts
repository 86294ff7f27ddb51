import { chromium, findChromium } from './chromium.mjs'
import { PLAIN_HOST } from './server.ts'
import { expect, isIn, isOut, S, test } from './world.ts'

// Plain http under a name of its own, as in many a network of a company: no secure context, and so no Web Locks.

test.use({
  hostname: PLAIN_HOST,
  launchOptions: {
    executablePath: findChromium()!,
    args: [...chromium.args, `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`],
  },
})

test('on plain http tabs share one session: one refresh a round, and one sign-out for all', async ({ world }) => {
  const pages = await world.openMany(3)
  const has = await pages[0]!.evaluate(() => [
    isSecureContext,
    'locks' in navigator,
    'randomUUID' in crypto,
    'subtle' in crypto,
  ])
  expect(has).toEqual([false, false, false, false])
  await expect(pages[0]!.locator('dd').nth(4)).toHaveText('one session for all')

  await world.refreshInRounds(pages, 3)
  await pages[1]!.reload()
  await isIn(pages[1]!)
  await pages[2]!.getByRole('button', { name: 'Sign out' }).click()
  for (const page of pages) await isOut(page)
  await expect(pages[2]!.getByText('at the server: revoked')).toBeVisible()
})

test('on plain http a tab closed in the middle of a refresh holds up the others for no longer than its lease', async ({
  world,
}) => {
  const [dying, sibling] = await world.openMany(2)
  await world.beginSlowRefresh(dying!)
  await dying!.close()
  await sibling!.keyboard.press('Shift')
  await world.pass(16 * S)
  await expect(sibling!.locator('dd').nth(3)).toHaveText('1')
  await isIn(sibling!)
})
