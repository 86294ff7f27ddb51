import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { complaintsOf } from './complaints.ts'
import { listen } from './servers.ts'
import { dialog, expect, isIn, isOut, type Page, S, stay, test } from './world.ts'

/** What scripts from elsewhere would try, and what came of it. */
const attempts = (page: Page) =>
  page.evaluate(async () => {
    const outcome = (work: () => unknown) => {
      try {
        return work()
      } catch (error) {
        return (error as Error).name
      }
    }
    const script = document.createElement('script')
    const markup = () => {
      document.createElement('div').innerHTML = '<b>text</b>'
    }
    const text = () => {
      script.textContent = 'document.title = "it ran"'
    }
    // A text node is no sink of Trusted Types: this is the policy's own to stop.
    script.append('document.title = "it ran"')
    document.body.append(script)
    const styled = document.createElement('p')
    styled.setAttribute('style', 'color: red')
    const tried = { markup: outcome(markup), text: outcome(text), style: styled.style.color }
    const elsewhere = await fetch('http://localhost:9/').catch((error) => error.name)
    // In a task of its own: what runs at the debugger's word may evaluate.
    const { port1, port2 } = new MessageChannel()
    const evaluated = new Promise((resolve) => {
      // biome-ignore lint/security/noGlobalEval: it is to be refused.
      port1.onmessage = () => resolve(outcome(() => eval('1 + 1')))
    })
    port2.postMessage('now')
    return { ...tried, elsewhere, eval: await evaluated, title: document.title }
  })

test('the demo lives under a policy without anything inline, Trusted Types on: nothing is reported in a whole day', async ({
  world,
  context,
}) => {
  const complaints = await complaintsOf(context)
  const page = await world.open()
  await world.signIn(page)
  await page.reload()
  await isIn(page)
  await world.pass(61 * S)
  await page.keyboard.press('Shift')
  await expect(page.locator('dd').nth(3)).toHaveText('1')
  await world.passUntilWarned()
  await expect(dialog(page)).toBeVisible()
  await stay(page).click()
  await expect(dialog(page)).toBeHidden()
  await world.open()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page)
  expect(complaints).toEqual([])
})

test('the policy is in force: no script, markup or style of others comes in, and nothing goes elsewhere', async ({
  world,
  context,
}) => {
  const complaints = await complaintsOf(context)
  const page = await world.open()
  await isOut(page)
  const { title, ...rest } = await attempts(page)
  expect(title).not.toBe('it ran')
  expect(rest).toEqual({ markup: 'TypeError', text: 'TypeError', eval: 'EvalError', style: '', elsewhere: 'TypeError' })
  const told = () => complaints.join('\n')
  for (const directive of ['require-trusted-types-for', 'style-src-attr', 'connect-src'])
    await expect.poll(told).toContain(directive)
})

test('the page brings its policy along to a host that sends no headers, and that lets others write into it', async ({
  context,
}) => {
  const complaints = await complaintsOf(context)
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
  const host = await listen(async ({ url }, response) => {
    const path = url === '/' ? '/index.html' : url
    const file = await readFile(new URL(`../dist/demo${path}`, import.meta.url), 'utf8').catch(() => null)
    response.writeHead(file ? 200 : 404, { 'content-type': types[extname(path)] ?? 'text/plain' })
    response.end(file?.replace('<body>', '<body><script>document.title = "it ran"</script>'))
  })
  try {
    const page = await context.newPage()
    await page.goto(host.url)
    await isOut(page)
    expect(await attempts(page)).toMatchObject({ markup: 'TypeError', text: 'TypeError', eval: 'EvalError', style: '' })
    expect(await page.title()).not.toBe('it ran')
    await expect.poll(() => complaints.join('\n')).toContain('script-src-elem inline')
  } finally {
    host.close()
  }
})

test('no other site frames it, and its types are not guessed', async ({ world, context }) => {
  const { headers } = await fetch(world.url)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('same-origin')
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  const other = await listen((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<!doctype html><title>other</title><iframe src="${world.url}"></iframe>`)
  })
  try {
    const page = await context.newPage()
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'))
    await page.goto(other.url)
    await refused
    await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Sign in' })).toHaveCount(0)
  } finally {
    other.close()
  }
})
