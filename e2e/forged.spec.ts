import { type BrowserContext, test as base, expect, isIn, isOut, type Page, S } from './world.ts'

/** A page's errors, and every request that carries what a forger has put there. */
const test = base.extend<{ errors: string[]; carried: string[] }>({
  errors: async ({ context }, use) => {
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(error.error().message))
    await use(errors)
    expect(errors).toEqual([])
  },
  carried: async ({ context }, use) => {
    const carried: string[] = []
    context.on('request', async (request) => {
      const { authorization = '' } = await request.allHeaders().catch(() => ({}) as Record<string, string>)
      if (/forged/.test(authorization + request.url() + request.postData())) carried.push(new URL(request.url()).origin)
    })
    await use(carried)
  },
})
test.use({ system: 'eclecticiq' })

type Claim = Record<string, unknown> & { held: { id: string; grant: Record<string, unknown> } }

const stored = (page: Page) =>
  page.evaluate(() => {
    const [[key, text]] = Object.entries({ ...sessionStorage }) as [[string, string]]
    return { key, text }
  })

/** A tab that finds this in its storage. */
async function openWith(context: BrowserContext, url: string, key: string, text: string): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript(({ key, text }) => sessionStorage.getItem(key) ?? sessionStorage.setItem(key, text), {
    key,
    text,
  })
  await page.goto(url)
  return page
}

/** Writes the record by hand; `make` is code that makes it of the one that is there. */
const forgeRecord = (page: Page, make: string) =>
  page.evaluate(
    `new Promise((done, fail) => {
      const request = indexedDB.open('stillhere')
      request.onsuccess = () => {
        const store = request.result.transaction('records', 'readwrite').objectStore('records')
        store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
          cursor.update((${make})(cursor.value))
          store.transaction.oncomplete = () => done(request.result.close())
        }
      }
      request.onerror = fail
    })`,
  )

const forgeries: Record<string, (claim: Claim, text: string) => string> = {
  'no JSON': () => '{"v":1,',
  'a text': () => '"forged"',
  'a list': (_, text) => `[${text}]`,
  'a prototype': (_, text) => `{"__proto__":${text},"constructor":${text}}`,
  'another version': (claim) => JSON.stringify({ ...claim, v: 2 }),
  'ten million characters': (claim) => JSON.stringify({ ...claim, more: 'x'.repeat(4_000_000) }),
  'lists in lists': (_, text) => text.replace('"claims":{', `"claims":{"x":${'['.repeat(9_000)}${']'.repeat(9_000)},`),
  'roles that are no list': (claim) => withGrant(claim, { roles: { length: 9 } }),
  'a user that can not be shown': (claim) => withGrant(claim, { user: { key: null, name: { forged: true } } }),
  'a token that is no text': (claim) => withGrant(claim, { token: { $secret: 7 } }),
  'a token with a line break': (claim) => withGrant(claim, { token: { $secret: 'forged\r\nx-forged: 1' } }),
  'a header with a line break': (claim) =>
    withGrant(claim, { header: { name: 'x\r\ny', value: { $secret: 'forged' } } }),
  'an end that no date can hold': (claim) => withGrant(claim, { expiresAt: 1e300 }),
}
const withGrant = (claim: Claim, change: object) =>
  JSON.stringify({ ...claim, held: { ...claim.held, grant: { ...claim.held.grant, ...change } } })

test('forged storage shows nobody as signed in, breaks no page, and is sent nowhere', async ({
  world,
  context,
  errors,
  carried,
}) => {
  test.slow()
  const page = await world.open()
  await world.signIn(page)
  const { key, text } = await stored(page)
  const claim = JSON.parse(text) as Claim
  await page.close()
  // While the record says that this very session lives, and no other tab can tell more of it.
  for (const [name, forge] of Object.entries(forgeries)) {
    const tab = await openWith(context, world.urlOf(), key, forge(claim, text))
    await expect(tab.getByRole('heading', { name: 'Sign in' }), name).toBeVisible({ timeout: 15_000 })
    await tab.close()
  }
  // What is untouched is taken: so it was the forgeries that were refused.
  const good = await openWith(context, world.urlOf(), key, text)
  await isIn(good)
  await good.getByRole('button', { name: 'Sign out' }).click()
  await isOut(good)
  await good.close()
  // A whole session of somebody's making, without a record of it or with one that says it has ended.
  const made = JSON.parse(withGrant(claim, { token: { $secret: 'forged' } })) as Claim
  for (const id of ['forged', claim.held.id]) {
    const tab = await openWith(context, world.urlOf(), key, JSON.stringify({ ...made, held: { ...made.held, id } }))
    await isOut(tab)
    await world.signIn(tab)
    await tab.getByRole('button', { name: 'Sign out' }).click()
    await tab.close()
  }
  expect(carried).toEqual([])
  expect(errors).toEqual([])
})

test('a forged token of a living session goes to its own system alone, which ends it', async ({
  world,
  context,
  errors,
  carried,
}) => {
  const page = await world.open()
  await world.signIn(page)
  const { key, text } = await stored(page)
  await page.close()
  const forged = withGrant(JSON.parse(text), { token: { $secret: 'forged' } })
  const tab = await openWith(context, world.urlOf(), key, forged)
  await isOut(tab)
  expect(new Set(carried)).toEqual(new Set([world.url]))
  expect(errors).toEqual([])
})

const records: Record<string, string> = {
  nothing: '() => null',
  'a text': '() => "forged"',
  'a map': '(record) => new Map(Object.entries(record))',
  'numbers that are none': '(record) => ({ ...record, epoch: NaN, generation: Infinity, lastActive: -0 })',
  'epochs beyond counting': '(record) => ({ ...record, epoch: 2 ** 53 })',
  'the last epoch there is': '(record) => ({ ...record, epoch: 2 ** 52 - 1, sessionId: "forged" })',
  'activity to come': '(record) => ({ ...record, lastActive: Date.now() + 1e9 })',
  'a name of ten million characters':
    '(record) => ({ ...record, epoch: record.epoch + 1, sessionId: "x".repeat(1e7) })',
  'a hundred thousand keys':
    '(record) => ({ ...record, ...Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ["k" + i, i])) })',
  'revocations that are no list': '(record) => ({ ...record, revoked: 5, unsure: {} })',
  'a list as long as lists can be': '(record) => ({ ...record, revoked: Object.assign([], { length: 2 ** 32 - 1 }) })',
  'own names of prototypes':
    '(record) => JSON.parse(JSON.stringify(record).replace("{", \'{"__proto__":{"v":9},"toString":1,\'))',
}

test('a forged record ends the session at the most, and keeps nobody from signing in again', async ({
  world,
  errors,
}) => {
  test.slow()
  const page = await world.open()
  await world.signIn(page)
  for (const [name, make] of Object.entries(records)) {
    await forgeRecord(page, make)
    const other = await world.open()
    for (const one of [page, other]) {
      await one.bringToFront()
      await one.keyboard.press('Shift')
    }
    await world.pass(61 * S)
    await page.keyboard.press('Shift')
    await expect(page.getByRole('button', { name: /Sign (in|out)/ }), name).toBeVisible()
    if (await page.getByRole('button', { name: 'Sign out' }).isVisible())
      await page.getByRole('button', { name: 'Sign out' }).click()
    await isOut(page)
    await world.signIn(page)
    await page.reload()
    await expect(page.getByRole('button', { name: 'Sign out' }), name).toBeVisible()
    await other.close()
  }
  expect(errors).toEqual([])
})

test('forged messages and questions are not followed; one that says the session has ended ends it', async ({
  world,
  errors,
}) => {
  const [page, forger] = await world.openMany(2)
  const { key, text } = await stored(page!)
  const name = JSON.stringify(key)
  const app = JSON.stringify(key.replace('stillhere:', ''))
  const id = JSON.stringify((JSON.parse(text) as Claim).held.id)
  const say = (message: string) =>
    forger!.evaluate(
      `{ const channel = new BroadcastChannel(${name}); channel.postMessage(${message}); channel.close() }`,
    )
  // Messages come in the order they were sent in.
  const heard = page!.evaluate(
    (name) =>
      new Promise<void>((done) => {
        const channel = new BroadcastChannel(name)
        channel.onmessage = ({ data }) => data === 'the last of them' && done(channel.close())
      }),
    key,
  )
  const ends = page!.locator('dd').nth(1)
  const before = await ends.textContent()
  const fact = `v: 1, app: ${app}, sessionId: ${id}`
  for (const message of [
    ...['null', '7', '"forged"', '[]', 'new Map()', '{ v: 1 }', `{ ${fact} }`, `{ ${fact}, kind: "toString" }`],
    ...['NaN', 'Infinity', '1e308', '"9"', '{}', 'Date.now() + 1e9', '-1e9'].map(
      (at) => `{ ${fact}, kind: "active", at: ${at} }`,
    ),
    ...['NaN', '2 ** 53', '"9"', '[9]', '-1'].map((n) => `{ ${fact}, kind: "session", epoch: ${n}, generation: ${n} }`),
    ...['"forged"', '7', '["user"]', 'null', '{ toString: 1 }'].map((r) => `{ ${fact}, kind: "ended", reason: ${r} }`),
    `{ ${fact.replace('v: 1', 'v: 2')}, kind: "ended", reason: "user" }`,
    `{ ${fact}, app: "another", kind: "ended", reason: "user" }`,
    `{ ${fact}, sessionId: "x".repeat(1e7), kind: "ended", reason: "user" }`,
    `{ ask: 7, reply: ${name} + "/x" }`,
    `{ ask: { sessionId: [], generation: {} }, reply: ${name} + "/x" }`,
    `{ ask: { sessionId: null, generation: Object.assign([], { length: 2 ** 32 - 1 }) }, reply: ${name} + "/x" }`,
    `{ ask: { sessionId: null, generation: 0 }, reply: {} }`,
  ])
    await say(message)
  await say('"the last of them"')
  await heard
  await isIn(page!)
  expect(await ends.textContent()).toBe(before)
  await say(`{ ${fact}, kind: "ended", reason: "user" }`)
  await isOut(page!)
  expect(errors).toEqual([])
})

test('a forged answer signs nobody in', async ({ world, context, errors, carried }) => {
  const page = await world.open()
  await world.signIn(page)
  const { key, text } = await stored(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isOut(page)
  const forged = withGrant(JSON.parse(text), { token: { $secret: 'forged' } })
  const forger = await context.newPage()
  await forger.goto(`${world.url}/?system=eclipse`)
  await forger.evaluate(
    ({ key, answers }) => {
      const channel = new BroadcastChannel(key)
      Object.assign(window, { questions: 0, keep: channel })
      channel.onmessage = ({ data }) => {
        if (!data.ask) return
        ;(window as unknown as { questions: number }).questions++
        const reply = new BroadcastChannel(data.reply)
        for (const answer of answers) reply.postMessage(answer)
        reply.close()
      }
    },
    { key, answers: [7, null, {}, [], forged] },
  )
  // The first has a record that says it has ended; the second finds none, and asks.
  for (const change of ['(record) => record', '() => null']) {
    await forgeRecord(page, change)
    const tab = await world.open()
    await isOut(tab)
    await forger.evaluate(
      ({ key, app }) =>
        new BroadcastChannel(key).postMessage({ v: 1, app, sessionId: 'x', kind: 'session', epoch: 9, generation: 9 }),
      { key, app: key.replace('stillhere:', '') },
    )
    await tab.keyboard.press('Shift')
    await world.pass(2 * S)
    await isOut(tab)
    await tab.close()
  }
  expect(carried).toEqual([])
  expect(errors).toEqual([])
})
