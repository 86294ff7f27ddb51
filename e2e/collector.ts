import type { BrowserContext, CDPSession, Page } from '@playwright/test'

/** What was found somewhere, as text. */
export interface Found {
  readonly where: string
  readonly text: string
}

/** Runs in the page: all that is to be seen there without asking for a secret, place by place. */
async function look(): Promise<Found[]> {
  type Bag = Record<PropertyKey, unknown>
  const { session, told } = window as unknown as {
    session?: { getState(): object }
    told: Record<string, unknown[]>
  }
  /** The texts in a value, as devtools come by them: own properties of any kind, and what collections hold. */
  const textsIn = (value: unknown, depth = 12, seen = new WeakSet<object>()): string[] => {
    if (typeof value === 'string') return [value]
    if (typeof value !== 'object' || value === null || !depth || seen.has(value)) return []
    if (value instanceof Node || value instanceof Window) return []
    seen.add(value)
    const held = value instanceof Map || value instanceof Set ? [...value] : []
    const own = Reflect.ownKeys(value).map((key) => {
      try {
        return [typeof key === 'string' ? key : '', (value as Bag)[key]]
      } catch {
        return ''
      }
    })
    const shown = `${(value as Bag).toString === Object.prototype.toString ? '' : String(value)}`
    return [shown, ...[...held, ...own].flat().flatMap((inner) => textsIn(inner, depth - 1, seen))]
  }

  interface Fiber {
    child: Fiber | null
    sibling: Fiber | null
    memoizedProps: unknown
    memoizedState: unknown
    ref: unknown
    stateNode: { current?: Fiber } | null
  }
  const fibers: string[] = []
  const opened = new WeakSet<object>()
  const open = (value: unknown) => fibers.push(...textsIn(value, 12, opened))
  const walk = (fiber: Fiber | null): void => {
    for (let one = fiber; one; one = one.sibling) {
      // A hook's own record chains to the next one; effects hold closures, which devtools do not open.
      for (let hook = one.memoizedState as Bag | null; hook; hook = (hook.next as Bag | undefined) ?? null) {
        open('memoizedState' in hook ? hook.memoizedState : hook)
        if (!('next' in hook)) break
      }
      open(one.memoizedProps)
      open(one.ref)
      walk(one.child)
    }
  }
  for (const element of document.querySelectorAll('*')) {
    const key = Object.keys(element).find((name) => name.startsWith('__reactContainer$'))
    if (key) walk((element as unknown as Record<string, Fiber>)[key]!.stateNode?.current ?? null)
  }

  const stored: string[] = []
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name!)
      request.onsuccess = () => resolve(request.result)
    })
    for (const store of db.objectStoreNames)
      stored.push(
        await new Promise<string>((resolve) => {
          const request = db.transaction(store).objectStore(store).getAll()
          request.onsuccess = () => resolve(JSON.stringify(request.result))
        }),
      )
    db.close()
  }

  const state = session?.getState() ?? {}
  const clone = () => {
    try {
      return textsIn(structuredClone(state))
    } catch (error) {
      return [String(error)]
    }
  }
  const places: Record<string, unknown> = {
    page: [document.documentElement.outerHTML, document.title],
    fields: [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
    address: [location.href, JSON.stringify(history.state), window.name, document.referrer],
    cookie: document.cookie,
    localStorage: JSON.stringify(localStorage),
    sessionStorage: Object.values(sessionStorage),
    IndexedDB: stored,
    'state as JSON': JSON.stringify(state),
    'state as a clone': clone(),
    'state as devtools see it': textsIn(state),
    'the session manager': textsIn(session),
    globals: Object.keys(window).flatMap((key) =>
      ['told', 'sessionStorage'].includes(key) ? [] : textsIn((window as unknown as Bag)[key], 3),
    ),
    fibers,
    ...Object.fromEntries(
      Object.entries(told).map(([place, texts]) => [place, texts.flatMap((text) => textsIn(text))]),
    ),
  }
  return Object.entries(places).map(([where, text]) => ({ where, text: [text].flat().join('\n') }))
}

/** Runs before anything else in each page: keeps what is said on channels, to devtools, and to whoever listens for errors. */
function listenIn(): void {
  const told: Record<string, unknown[]> = { channel: [], 'reply channels': [], 'redux devtools': [], errors: [] }
  Object.assign(window, { told })
  const { postMessage } = BroadcastChannel.prototype
  BroadcastChannel.prototype.postMessage = function (data) {
    const isReply = /\/[0-9a-f]{32}$/.test(this.name)
    told[isReply ? 'reply channels' : 'channel']!.push(data)
    return postMessage.call(this, data)
  }
  const keep = (...args: unknown[]) => told['redux devtools']!.push(JSON.stringify(args), ...args)
  const connect = () => ({ init: keep, send: keep, subscribe: () => () => {} })
  Object.assign(window, { __REDUX_DEVTOOLS_EXTENSION__: { connect } })
  const errorOf = (error: unknown): string[] =>
    error instanceof Error
      ? [String(error), error.stack ?? '', JSON.stringify(error), ...errorOf(error.cause)]
      : [String(error)]
  Object.assign(window, { tell: (error: unknown) => told.errors!.push(...errorOf(error)) })
  addEventListener('error', ({ error, message }) => told.errors!.push(message, ...errorOf(error)))
  addEventListener('unhandledrejection', ({ reason }) => told.errors!.push(...errorOf(reason)))
}

/** What the console's inspector shows of an object that is opened all the way down. */
async function inspect(cdp: CDPSession, expression: string): Promise<string> {
  const shown: string[] = []
  const open = async (objectId: string, depth: number): Promise<void> => {
    const { result } = await cdp.send('Runtime.getProperties', { objectId, ownProperties: true, generatePreview: true })
    shown.push(
      JSON.stringify(result.map(({ name, value }) => [name, value?.value, value?.description, value?.preview])),
    )
    for (const { value } of result)
      if (depth && value?.type === 'object' && value.objectId) await open(value.objectId, depth - 1)
  }
  const { result } = await cdp.send('Runtime.evaluate', { expression, generatePreview: true })
  shown.push(JSON.stringify(result.preview ?? result.description ?? null))
  if (result.objectId) await open(result.objectId, 5)
  return shown.join('\n')
}

/** Collects all that pages of this context show, tell and leave behind. */
export async function createCollector(context: BrowserContext) {
  const found: Found[] = []
  await context.addInitScript(listenIn)
  context.on('request', (request) =>
    found.push({ where: 'addresses', text: request.url() + request.headers().referer }),
  )
  context.on('console', (message) => found.push({ where: 'console', text: message.text() }))
  context.on('weberror', (error) =>
    found.push({ where: 'errors', text: `${error.error().message} ${error.error().stack}` }),
  )

  return {
    found,
    /** Looks at a page as it is now. */
    async collect(page: Page): Promise<void> {
      found.push(...(await page.evaluate(look)))
      const cdp = await context.newCDPSession(page)
      const previews: string[] = []
      cdp.on('Runtime.consoleAPICalled', ({ args }) => previews.push(JSON.stringify(args)))
      await cdp.send('Runtime.enable')
      await page.evaluate('window.session && console.log("state", session.getState(), session)')
      for (const expression of ['session.getState()', 'session', 'session.getState().token'])
        found.push({ where: 'inspector', text: await inspect(cdp, `window.session && ${expression}`) })
      found.push({ where: 'inspector', text: previews.join('\n') })
      await cdp.detach()
    },
    /** The places where any of these texts was seen, as they are or as addresses and base64 write them. */
    placesOf(secrets: Iterable<string>): string[] {
      const forms = [...secrets].flatMap((text) => [
        text,
        encodeURIComponent(text),
        Buffer.from(text).toString('base64'),
      ])
      return [
        ...new Set(found.filter(({ text }) => forms.some((form) => text.includes(form))).map(({ where }) => where)),
      ]
    },
  }
}
