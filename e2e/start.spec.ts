import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from './server.ts'
import { dialog, expect, isIn, isOut, MIN, S, stay, test, World } from './world.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

/** `npm start`, as a newcomer types it. */
async function start() {
  const port = await freePort()
  const server = spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), NO_COLOR: '1', FORCE_COLOR: '0' },
    detached: true,
  })
  let said = ''
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (text) => {
      said += text
    })
  }
  return {
    url: `http://127.0.0.1:${port}`,
    said: () => said,
    async stop() {
      // The whole group: npm, and what it has started.
      process.kill(-server.pid!)
      await once(server, 'exit')
    },
  }
}

test('npm start installs nothing twice, says where and as whom to sign in, and serves demo and mock', async ({
  context,
}) => {
  const { url, said, stop } = await start()
  try {
    await expect.poll(said, { timeout: 20 * S }).toContain(`${url}/`)
    expect(said()).toContain('analyst@example.com')
    expect(said()).toContain('bug#1')
    expect(said()).not.toContain('Installing')

    const world = new World(url, context)
    await context.clock.install()
    const told: string[] = []
    context.on('console', (message) => told.push(message.text()))
    // In development React mounts everything twice: the warning must survive that.
    const page = await world.open()
    await world.signIn(page)
    await world.pass(world.idle - 2 * MIN + 10 * S)
    await expect(dialog(page)).toBeVisible()
    await expect(stay(page)).toBeFocused()
    await world.pass(10 * S)
    await expect(dialog(page)).toBeVisible()
    expect(await world.refreshes()).toEqual([])
    await page.keyboard.press('Escape')
    await expect(dialog(page)).toBeHidden()
    await isIn(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await isOut(page)
    await page.goto(`${url}/?ttl=60`)
    await world.signIn(page)
    expect(told.filter((text) => text.includes('can not meet WCAG 2.2.1'))).toHaveLength(1)
    expect(told).toContain('[vite] connected.')
    expect(told.filter((text) => text.includes('Content Security Policy'))).toEqual([])
    const inline = () => {
      const script = document.createElement('script')
      script.append('document.title = "it ran"')
      document.body.append(script)
      return document.title
    }
    expect(await page.evaluate(inline)).not.toBe('it ran')
  } finally {
    await stop()
  }
})

test('the document’s own calls work against npm start, by curl', async ({ server: url }) => {
  const curl = async (...args: string[]) => (await run('curl', ['-s', ...args])).stdout
  const answer = JSON.parse(
    await curl(
      ...['-X', 'POST'],
      ...['-H', 'Content-Type: application/json'],
      ...['-d', '{"username": "analyst@example.com", "password": "bug#1"}'],
      ...['--url', `${url}/auth`],
    ),
  )
  expect(answer.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)

  const blocks = await curl(
    ...['-X', 'GET'],
    '-v',
    '--insecure',
    '-i',
    ...['-H', 'Content-Type: application/json'],
    ...['-H', `Authorization:Bearer ${answer.token}`],
    ...['--url', `${url}/feeds/downloads/200`],
  )
  expect(blocks).toMatch(/^HTTP\/1\.1 200 OK/)
  expect(blocks).toContain('feed-200')
})
