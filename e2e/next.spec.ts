import { expect, test } from './world.ts'

test.describe('after signing in, the address says where to go', () => {
  for (const next of [
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    '/.//evil.example/',
    'javascript:document.title="evil"',
    'https:evil.example',
    'data:text/html,evil',
  ]) {
    test(`but never to another site: ${JSON.stringify(next)}`, async ({ world }) => {
      const page = await world.open()
      const asked: string[] = []
      page.on('request', (request) => {
        if (request.isNavigationRequest()) asked.push(request.url())
      })
      await page.goto(world.urlOf(`?next=${encodeURIComponent(next)}`))
      await world.signIn(page)
      await expect(page.getByRole('table')).toBeVisible()
      expect(asked.map((url) => new URL(url).origin)).toEqual([world.url])
      await expect(page).not.toHaveTitle('evil')
    })
  }

  test('to a path of this site', async ({ world }) => {
    const { pathname, search, hash } = new URL(world.urlOf('?ttl=90#/there'))
    const page = await world.open(`?next=${encodeURIComponent(pathname + search + hash)}`)
    await world.signIn(page)
    await expect(page).toHaveURL(world.urlOf('?ttl=90#/there'))
  })
})
