import AxeBuilder from '@axe-core/playwright'
import { ANALYST, dialog, expect, type Page, test, type World } from './world.ts'

const GERMAN = { username: 'Benutzername', password: 'Passwort', signIn: 'Anmelden' }

/** Signs in with the form as it comes, whatever its language. */
async function signIn(world: World, page: Page): Promise<void> {
  await page.locator('[data-stillhere="form"] [name="username"]').fill(ANALYST.username)
  await page.locator('[data-stillhere="form"] [name="password"]').fill(ANALYST.password)
  await page.locator('[data-stillhere="submit"]').click()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
  await expect(page.getByRole('table')).toBeVisible()
  await world.passUntilWarned()
  await expect(dialog(page)).toBeVisible()
}

/** How far anything of the page, or of the dialog, stands out at its sides. */
const standsOut = (page: Page) =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('[data-stillhere]')].flatMap((element) => {
      const { left, right, width } = element.getBoundingClientRect()
      const isOut = element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline'
      return width > 1 && (isOut || left < -1 || right > innerWidth + 1) ? [element.outerHTML.slice(0, 80)] : []
    }),
  )

test('in German every word is German, and is marked as such on an English page', async ({ world }) => {
  const page = await world.open('?lang=de')
  await page.getByLabel(GERMAN.username).fill(ANALYST.username)
  await page.getByRole('button', { name: GERMAN.signIn }).click()
  await expect(page.getByRole('alert')).toHaveText('Geben Sie Ihren Benutzernamen und Ihr Passwort ein.')
  await expect(page.locator('[data-stillhere="words"]')).toHaveAttribute('lang', 'de')
  await signIn(world, page)
  await expect(dialog(page)).toHaveAttribute('lang', 'de')
  await expect(dialog(page)).toHaveAttribute('dir', 'ltr')
  await expect(dialog(page)).toContainText('Sie werden in 2 Minuten abgemeldet.')
  await page.getByRole('button', { name: 'Angemeldet bleiben' }).click()
  await expect(dialog(page)).toBeHidden()
})

test('in the language of the page nothing is marked', async ({ world }) => {
  const page = await world.open()
  await signIn(world, page)
  await expect(dialog(page)).not.toHaveAttribute('lang')
  await expect(dialog(page)).not.toHaveAttribute('dir')
})

test('from right to left everything stands mirrored', async ({ world }) => {
  const page = await world.open('?lang=ar-XB')
  await page.setViewportSize({ width: 1280, height: 800 })
  const middle = async (selector: string) => {
    const box = (await page.locator(selector).boundingBox())!
    return box.x + box.width / 2
  }
  const labels = page.locator('[data-stillhere="form"] label')
  const [label, field] = [
    (await labels.first().boundingBox())!,
    (await page.locator('form input').first().boundingBox())!,
  ]
  expect(Math.abs(label.x + label.width - field.x - field.width)).toBeLessThan(2)
  expect(await middle('[data-stillhere="show-password"]')).toBeGreaterThan(await middle('[data-stillhere="submit"]'))
  await signIn(world, page)
  await expect(dialog(page)).toHaveAttribute('dir', 'rtl')
  await expect(dialog(page)).toHaveAttribute('lang', 'ar-XB')
  expect(await middle('[data-stillhere="stay"]')).toBeGreaterThan(await middle('[data-stillhere="sign-out"]'))
})

for (const lang of ['de', 'en-XA', 'ar-XB']) {
  test(`nothing stands out at 320 px, and axe finds nothing, in ${lang}`, async ({ world }) => {
    const page = await world.open(`?lang=${lang}`)
    await page.setViewportSize({ width: 320, height: 640 })
    await page.locator('[data-stillhere="submit"]').click()
    await expect(page.getByRole('alert')).toBeVisible()
    const isFine = async () => {
      expect(await standsOut(page)).toEqual([])
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    }
    await isFine()
    await signIn(world, page)
    await isFine()
  })
}

test('where a page reads from right to left, a name keeps its own direction at the side of its label', async ({
  world,
}) => {
  const page = await world.open('?lang=ar-XB')
  const field = page.locator('[data-stillhere="form"] [name="username"]')
  await field.fill('analyst@')
  const style = await field.evaluate((element) => {
    const { direction, textAlign } = getComputedStyle(element)
    return { direction, textAlign }
  })
  expect(style).toEqual({ direction: 'ltr', textAlign: 'right' })
})

test('an unknown language is English', async ({ world }) => {
  const page = await world.open('?lang=toString')
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})
