import { FOLDER, serveFiles } from '../files.ts'
import { ANALYST, expect } from '../world.ts'
import { says, test } from './browsers.ts'

test('the demo with its server inside: one sign-in for two tabs and a reload, and one sign-out', async ({ engine }) => {
  const host = await serveFiles()
  try {
    const first = await engine.open(host.url + FOLDER)
    await says(first, 'The server runs inside this browser, one for all tabs.')
    await first.type('User name', ANALYST.username)
    await first.type('Password', ANALYST.password)
    await first.press('Enter')
    await says(first, 'Content blocks of feed')
    await first.evaluate('void location.reload()')
    await says(first, 'Content blocks of feed')
    const second = await engine.open(host.url + FOLDER)
    await says(second, 'Content blocks of feed')
    await first.show()
    await first.click('Sign out')
    await says(first, 'at the server: revoked')
    await says(second, 'You have signed out in another tab.')
    expect(host.got.filter(({ url }) => !/^\/some\/folder\/($|assets\/)/.test(url))).toEqual([])
  } finally {
    host.close()
  }
})
