import { expect, S, test } from './world.ts'

test('five tabs refreshing at once, ten rounds: exactly one request each round', async ({ world }) => {
  test.slow()
  const pages = await world.openMany(5)
  for (let round = 1; round <= 10; round++) {
    await world.pass(61 * S)
    await Promise.all(pages.map((page) => page.keyboard.press('Shift')))
    for (const page of pages) await expect(page.locator('dd').nth(3)).toHaveText(String(round))
    expect(await world.sent('refresh')).toHaveLength(round)
  }
  expect((await world.sent('refresh')).every(({ status }) => status === 200)).toBe(true)
})

test('two sessions managers of different names on one origin do not mix', async ({ world }) => {
  const page = await world.open()
  await world.signIn(page)
  await page.evaluate(() => {
    const channel = new BroadcastChannel('stillhere:another app')
    channel.postMessage({ v: 1, app: 'another app', kind: 'ended', sessionId: 'x', reason: 'user' })
  })
  await expect(page.locator('dd').first()).toHaveText('active')
})
