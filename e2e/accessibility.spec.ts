import AxeBuilder from '@axe-core/playwright'
import { dialog, expect, isOut, MIN, type Page, test } from './world.ts'

const scan = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any screen, ${colorScheme}`, async ({ world }) => {
    const page = await world.open()
    await page.emulateMedia({ colorScheme })
    expect(await scan(page)).toEqual([])
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    expect(await scan(page)).toEqual([])
    await world.signIn(page)
    await expect(page.getByRole('table')).toBeVisible()
    expect(await scan(page)).toEqual([])
    await world.passUntilWarned()
    await expect(dialog(page)).toBeVisible()
    expect(await scan(page)).toEqual([])
    await world.pass(2 * MIN)
    await isOut(page)
    expect(await scan(page)).toEqual([])
  })
}

test('nothing is lost at 320 px', async ({ world }) => {
  const page = await world.open()
  await page.setViewportSize({ width: 320, height: 640 })
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(await overflow()).toBeLessThanOrEqual(0)
  await world.signIn(page)
  await expect(page.getByRole('table')).toBeVisible()
  expect(await overflow()).toBeLessThanOrEqual(0)
  await world.passUntilWarned()
  await expect(dialog(page)).toBeVisible()
  const box = (await dialog(page).boundingBox())!
  expect(box.x).toBeGreaterThanOrEqual(0)
  expect(box.x + box.width).toBeLessThanOrEqual(320)
})
