import { test as base, expect, type Frame, type Page } from '@playwright/test'
import { bundle, bundleOf, json, listen } from './servers.ts'

const S = 1_000
const MIN = 60 * S

const inFrame = (script: string) => `<!doctype html><title>frame</title><input><p>frame</p>${script}`

/** A server of frames: plain ones, ones that report, and ones that say what the helper would say, without anybody there. */
const openSite = async () => {
  const helper = await bundleOf('stillhere', `export * from './src/frame/index.ts'`)
  return listen(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://any')
    const to = JSON.stringify(searchParams.get('to'))
    const report = { stillhere: 1, kind: 'active', strong: true }
    const pages: Record<string, string> = {
      '/plain': '',
      '/reporting': `<script>${helper}; stillhere.reportActivity({ to: ${to} })</script>`,
      '/forging': `<script>setInterval(() => (parent === window ? opener : parent).postMessage(${JSON.stringify(report)}, '*'), 50)</script>`,
      // A frame of its own, and in it one that reports to the page at the top.
      '/nesting': `<iframe src="/reporting?to=${searchParams.get('to')}"></iframe>`,
      // Much of it is there long before the rest.
      '/slow': '<img src="/never">',
    }
    if (pathname === '/never') return
    response.setHeader('content-type', 'text/html').end(inFrame(pages[pathname] ?? ''))
  })
}
type Site = Awaited<ReturnType<typeof openSite>>

/** The page with the session, and another site: on another port, so of another origin; and by another name, so of another site, too. */
const test = base.extend<{ own: Site; other: Site; elsewhere: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures this one needs from its first parameter.
  own: async ({}, use) => {
    const library = await bundle()
    const page = `<!doctype html><title>page</title><iframe name="first" src="/frame"></iframe><script>${library.replaceAll('</script', '<\\/script')}</script>`
    const server = await listen(({ url }, response) => {
      if (url.startsWith('/frame')) response.setHeader('content-type', 'text/html').end(inFrame(''))
      else if (url === '/slow') response.setHeader('content-type', 'text/html').write(inFrame('<img src="/never">'))
      else if (url === '/never') return
      else if (url === '/') response.setHeader('content-type', 'text/html; charset=utf-8').end(page)
      else json(response, { token: 'a.b.c', life: 30 * MIN })
    })
    await use(server)
    server.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  other: async ({}, use) => {
    const site = await openSite()
    await use(site)
    site.close()
  },
  elsewhere: async ({ other }, use) => use(other.url.replace('127.0.0.1', 'localhost')),
})

/** Signs in on the page, which watches frames of these origins. */
async function visit(page: Page, own: Site, frames: string[] = []): Promise<void> {
  await page.clock.install()
  await page.goto(own.url)
  await page.evaluate(`
    const { createSession, rest } = stillhere
    window.session = createSession({
      frames: ${JSON.stringify(frames)},
      backend: rest({
        baseUrl: location.origin,
        signIn: { path: '/login' },
        refresh: { path: '/refresh', with: 'token' },
        answer: { token: 'token', expires: { field: 'life', unit: 'ms-from-now' } },
      }),
    })
    window.heard = 0
    addEventListener('message', () => heard++)
    window.stop = session.start()
    session.signIn({ username: 'ada', password: 'x' })
  `)
  await page.waitForFunction('session.getState().status === "active"')
}

const add = async (page: Page, html: string): Promise<Frame> => {
  const handle = await page.evaluateHandle((text) => {
    const host = document.createElement('div')
    host.innerHTML = text
    document.body.append(host)
    return host.querySelector('iframe')!
  }, html)
  const frame = (await handle.contentFrame())!
  await frame.waitForSelector('input')
  return frame
}

const deadline = (page: Page): Promise<number> => page.evaluate('session.getState().deadline')
const isRenewed = (page: Page) => page.waitForFunction('session.getState().session.generation > 1')
const type = (frame: Frame) => frame.locator('input').pressSequentially('a')

/** Whether what is done ten seconds later moves the deadline, as someone's being here does. */
async function counts(page: Page, act: () => Promise<unknown>, isHeard?: () => Promise<unknown>): Promise<boolean> {
  const before = await deadline(page)
  await page.clock.fastForward(10 * S)
  await act()
  if (!isHeard)
    return expect
      .poll(() => deadline(page))
      .toBeGreaterThan(before + 5 * S)
      .then(() => true)
  await isHeard()
  return (await deadline(page)) !== before
}

const nothing = async () => {}

test.describe('in a frame of the page’s own origin', () => {
  test.beforeEach(({ page, own }) => visit(page, own))

  test('typing keeps the session, and nobody’s typing ends it', async ({ page }) => {
    await page.clock.fastForward(25 * MIN)
    await type(page.frame('first')!)
    await isRenewed(page)
    await page.clock.fastForward(20 * MIN)
    expect(await page.evaluate('session.getState().status')).toBe('active')
    await page.clock.fastForward(10 * MIN)
    await page.waitForFunction('session.getState().reason === "idle"')
  })

  for (const [which, html] of Object.entries({
    'that was added later': '<iframe src="/frame"></iframe>',
    'that was written in the page': '<iframe srcdoc="<input>"></iframe>',
    'that has no address, and was filled by a script': '<iframe></iframe>',
  }))
    test(`typing counts in one ${which}`, async ({ page }) => {
      if (html === '<iframe></iframe>')
        await page.evaluate(() => {
          const watcher = new MutationObserver(() => {
            const inner = document.querySelector<HTMLIFrameElement>('iframe:not([src])')?.contentDocument
            inner?.open()
            inner?.write('<input>')
            inner?.close()
            watcher.disconnect()
          })
          watcher.observe(document.body, { childList: true, subtree: true })
        })
      const frame = await add(page, html)
      expect(await counts(page, () => type(frame))).toBe(true)
    })

  test('typing counts in one that went to another page, also before all of that has loaded', async ({ page }) => {
    const frame = page.frame('first')!
    await frame.evaluate(() => location.assign('/frame?2'))
    await frame.waitForURL('**/frame?2')
    expect(await counts(page, () => type(frame))).toBe(true)
    await frame.evaluate(() => location.assign('/slow'))
    await frame.waitForFunction(() => location.pathname === '/slow' && document.querySelector('input'))
    expect(await counts(page, () => type(frame))).toBe(true)
  })

  test('typing counts in a frame inside a frame, and in one that came there later', async ({ page }) => {
    const outer = await add(page, '<iframe src="/frame"></iframe>')
    await outer.evaluate(() =>
      document.body.insertAdjacentHTML('beforeend', '<iframe name="inner" src="/frame"></iframe>'),
    )
    await expect.poll(() => page.frame('inner')?.url()).toContain('/frame')
    expect(await counts(page, () => type(page.frame('inner')!))).toBe(true)
  })

  test('typing counts in a frame in an open shadow tree, once someone has gone there', async ({ page }) => {
    await page.evaluate(() => {
      const host = document.body.appendChild(document.createElement('div'))
      host.attachShadow({ mode: 'open' }).innerHTML = '<iframe name="shaded" src="/frame"></iframe>'
    })
    await expect.poll(() => page.frame('shaded')?.url()).toContain('/frame')
    const frame = page.frame('shaded')!
    await frame.locator('input').click()
    expect(await counts(page, () => type(frame))).toBe(true)
  })

  test('what a script makes up there counts for nothing', async ({ page }) => {
    const frame = page.frame('first')!
    const pretend = () =>
      frame.evaluate(() => {
        for (const name of ['keydown', 'click', 'pointerdown'])
          document.body.dispatchEvent(new Event(name, { bubbles: true }))
      })
    expect(await counts(page, pretend, async () => {})).toBe(false)
  })

  test('with the session stopped nothing is heard, and started again all is', async ({ page }) => {
    await page.evaluate('stop()')
    const frame = page.frame('first')!
    expect(await counts(page, () => type(frame), nothing)).toBe(false)
    await page.evaluate('window.stop = session.start()')
    expect(await counts(page, () => type(frame))).toBe(true)
  })

  test('frames that come and go leave nothing behind', async ({ page }) => {
    const wire = await page.context().newCDPSession(page)
    const count = async () => {
      await wire.send('HeapProfiler.collectGarbage')
      const { metrics } = await wire.send('Performance.getMetrics')
      const of = (name: string) => metrics.find((metric) => metric.name === name)!.value
      return { documents: of('Documents'), listeners: of('JSEventListeners') }
    }
    await wire.send('Performance.enable')
    const comeAndGo = () =>
      page.evaluate(async () => {
        for (let n = 0; n < 20; n++) {
          const frame = document.createElement('iframe')
          frame.src = '/frame'
          document.body.append(frame)
          await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
          frame.remove()
        }
      })
    await comeAndGo()
    const before = await count()
    await comeAndGo()
    await expect.poll(async () => (await count()).documents - before.documents).toBeLessThan(5)
    await expect.poll(async () => (await count()).listeners - before.listeners).toBeLessThan(50)
  })
})

test.describe('in a frame of another origin', () => {
  for (const name of ['on another port', 'of another site'])
    test(`${name}, typing keeps the session if the frame reports`, async ({ page, own, other, elsewhere }) => {
      const site = name === 'of another site' ? elsewhere : other.url
      await visit(page, own, [site])
      const frame = await add(page, `<iframe src="${site}/reporting?to=${own.url}"></iframe>`)
      await page.clock.fastForward(25 * MIN)
      await type(frame)
      await isRenewed(page)
      await page.clock.fastForward(20 * MIN)
      expect(await page.evaluate('session.getState().status')).toBe('active')
      await page.clock.fastForward(10 * MIN)
      await page.waitForFunction('session.getState().reason === "idle"')
    })

  test('that is inside a frame of another one, typing counts if it reports', async ({
    page,
    own,
    other,
    elsewhere,
  }) => {
    await visit(page, own, [other.url, elsewhere])
    const outer = await add(page, `<iframe src="${elsewhere}/nesting?to=${own.url}"></iframe>`)
    await expect.poll(() => outer.childFrames().length).toBe(1)
    const [inner] = outer.childFrames()
    await inner!.waitForSelector('input')
    expect(await counts(page, () => type(inner!))).toBe(true)
  })

  test('without the helper typing counts for nothing', async ({ page, own, other }) => {
    await visit(page, own, [other.url])
    const frame = await add(page, `<iframe src="${other.url}/plain"></iframe>`)
    expect(await counts(page, () => type(frame), nothing)).toBe(false)
  })

  const isHeard = (page: Page) => () => expect.poll(() => page.evaluate('heard')).toBeGreaterThan(3)

  test('that is not listed, neither reports nor forged ones count', async ({ page, own, other, elsewhere }) => {
    await visit(page, own, [elsewhere])
    const frame = await add(page, `<iframe src="${other.url}/reporting?to=${own.url}"></iframe>`)
    const heard = () => expect.poll(() => page.evaluate('heard')).toBeGreaterThan(0)
    expect(await counts(page, () => type(frame), heard)).toBe(false)
    const forge = () => add(page, `<iframe src="${other.url}/forging"></iframe>`)
    expect(await counts(page, forge, isHeard(page))).toBe(false)
  })

  test('and listed, what a window says that is no frame of this page counts for nothing', async ({
    page,
    own,
    other,
  }) => {
    await visit(page, own, [other.url])
    const open = () => page.evaluate((url) => void window.open(url), `${other.url}/forging`)
    expect(await counts(page, open, isHeard(page))).toBe(false)
    // The same from a frame does, so that it is the window that matters.
    expect(await counts(page, () => add(page, `<iframe src="${other.url}/forging"></iframe>`))).toBe(true)
  })

  test('told to report to somebody else, it tells this page nothing', async ({ page, own, other }) => {
    await visit(page, own, [other.url])
    const frame = await add(page, `<iframe src="${other.url}/reporting?to=https://app.example.com"></iframe>`)
    expect(await counts(page, () => type(frame), nothing)).toBe(false)
    expect(await page.evaluate('heard')).toBe(0)
  })

  test('with the session stopped no report is heard', async ({ page, own, other }) => {
    await visit(page, own, [other.url])
    await page.evaluate('stop()')
    const forge = () => add(page, `<iframe src="${other.url}/forging"></iframe>`)
    expect(await counts(page, forge, isHeard(page))).toBe(false)
  })
})
