import { randomId } from './bytes.ts'
import { type Change, type Store, StoreUnavailable } from './store.ts'

/** The one function of a client of the package `redis` that the store calls. */
export type RedisClient = {
  /** Sends a command and its arguments. */
  sendCommand: (args: string[]) => Promise<unknown>
}

/** Where the store is, and how long it is waited for. */
export type RedisStoreOptions = {
  /** `redis://` or `rediss://` address, `redis://127.0.0.1:6379` by default; no longer than `timeout` is waited for it. */
  url?: string
  /** A client of yours instead, connected and closed by you. */
  client?: RedisClient
  /** What all keys begin with, `stillhere-mock:` by default: who shares it is one server, and has its signing keys. */
  prefix?: string
  /** Milliseconds after which a command is given up and the connection made anew, 1000 by default. */
  timeout?: number
}

const DEFAULT_URL = 'redis://127.0.0.1:6379'
const SCAN_COUNT = '1000'

// Compare-and-set in one step. WATCH would need a connection for each change; each text is of one write alone, by the id
// after its JSON. An empty text stands for no entry: JSON is never empty.
const COMPARE_AND_SET = `
local current = redis.call('GET', KEYS[1]) or ''
if current ~= ARGV[1] then return 0 end
if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`

// JSON on one line, then the id: whoever finds a text knows whose write it was, also where the answer to it was lost.
const format = (value: unknown) => `${JSON.stringify(value)}\n${randomId()}`

const parse = <Value>(text: unknown) =>
  typeof text === 'string' ? (JSON.parse(text.split('\n', 1)[0]!) as Value) : undefined

const escapeGlob = (text: string) => text.replace(/[\\*?[\]]/g, '\\$&')

type Connection = { ready: Promise<RedisClient>; drop: () => void }

async function loadPackage() {
  try {
    return await import('redis')
  } catch (cause) {
    throw new Error('redisStore: the package redis is not installed; type: npm install redis', { cause })
  }
}

/** Connections made when needed, and made anew by the next command after anything went wrong with the last one. */
async function createConnections(url: string, timeout: number) {
  const { createClient } = await loadPackage()
  let current: Connection | undefined

  function open(): Connection {
    // Nothing is queued or repeated behind our back: a change that was given up must not happen later.
    const socket = { connectTimeout: timeout, reconnectStrategy: false } as const
    const client = createClient({ url, disableOfflineQueue: true, socket })
    const drop = () => {
      if (current === connection) current = undefined
      if (client.isOpen) client.destroy()
    }
    client.on('error', drop)
    const connection = { ready: client.connect(), drop }
    connection.ready.catch(drop)
    return connection
  }

  return { get: () => (current ??= open()), close: () => current?.drop() }
}

/**
 * A store in one Redis or Valkey, so that several processes can be instances of one server; loads the optional package
 * `redis` and rejects if it is not installed or the address is none. Whoever can read that Redis can sign tokens.
 */
export async function redisStore(options: RedisStoreOptions = {}): Promise<Store> {
  const { url = DEFAULT_URL, client, prefix = 'stillhere-mock:', timeout = 1000 } = options
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw new TypeError('redisStore: url must look like redis://host:6379')
  }
  const own = client ? undefined : await createConnections(url, timeout)
  const connect = (): Connection => (client ? { ready: Promise.resolve(client), drop() {} } : own!.get())

  /** One command, given up after the time limit. */
  async function send(...args: string[]): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      const { ready, drop } = connect()
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          drop()
          reject(new Error(`Redis did not answer within ${timeout} ms.`))
        }, timeout)
      })
      return await Promise.race([ready.then((connected) => connected.sendCommand(args)), late])
    } catch (cause) {
      throw new StoreUnavailable(cause)
    } finally {
      clearTimeout(timer)
    }
  }

  /** Puts the next text in the place of the one before, if that is still there, and gives what is there now: also where the answer to a write is lost. */
  async function replace(key: string, before: unknown, next: string, keepFor: string): Promise<unknown> {
    const expected = typeof before === 'string' ? before : ''
    try {
      if ((await send('EVAL', COMPARE_AND_SET, '1', prefix + key, expected, next, keepFor)) === 1) return next
    } catch (error) {
      if ((await send('GET', prefix + key)) === next) return next
      throw error
    }
    // It may be ours: a client that sends again what got no answer is refused by its own write.
    return send('GET', prefix + key)
  }

  async function* scan(begin: string): AsyncGenerator<string[]> {
    let cursor = '0'
    do {
      const reply = await send('SCAN', cursor, 'MATCH', `${escapeGlob(prefix + begin)}*`, 'COUNT', SCAN_COUNT)
      const [next, keys] = reply as [string, string[]]
      if (keys.length > 0) yield keys
      cursor = String(next)
    } while (cursor !== '0')
  }

  return {
    read: async <Value>(key: string) => parse<Value>(await send('GET', prefix + key)),
    async update<Value>(key: string, change: Change<Value>) {
      const until = performance.now() + timeout
      let before = await send('GET', prefix + key)
      do {
        const next = change(parse<Value>(before))
        if (!next) return undefined
        const keepFor = Number.isFinite(next.keepForMs) ? String(Math.max(1, Math.ceil(next.keepForMs))) : ''
        const text = format(next.value)
        before = await replace(key, before, text, keepFor)
        if (before === text) return next.value
      } while (performance.now() < until)
      throw new StoreUnavailable(new Error(`${key}: others changed it again and again.`))
    },
    async list<Value>(begin: string) {
      // SCAN may give a key twice.
      const found = new Map<string, Value>()
      for await (const keys of scan(begin)) {
        const texts = (await send('MGET', ...keys)) as unknown[]
        keys.forEach((key, i) => {
          const value = parse<Value>(texts[i])
          if (value !== undefined) found.set(key.slice(prefix.length), value)
        })
      }
      return [...found]
    },
    async clear() {
      for await (const keys of scan('')) await send('UNLINK', ...keys)
    },
    close: async () => own?.close(),
  }
}
