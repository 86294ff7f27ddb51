import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Records } from './record.ts'
import { createTabs } from './tabs.ts'

const S = 1_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** One shared store, as IndexedDB is. */
function createStore() {
  const values = new Map<string, unknown>()
  const records: Records = {
    retry: () => {},
    read: async (key) => values.get(key) ?? null,
    update: async (key, change) => {
      values.set(key, change(values.get(key) ?? null))
      return values.get(key)
    },
  }
  return { records, values }
}
const none: Records = { retry: () => {}, read: async () => undefined, update: async () => undefined }

/** Work that lasts so long, and notes when it began and ended. */
const lasting = (ms: number, notes: string[], name: string) => async () => {
  notes.push(`${name} begins`)
  await new Promise((resolve) => setTimeout(resolve, ms))
  notes.push(`${name} ends`)
  return name
}

describe('without Web Locks', () => {
  beforeEach(() => {
    vi.stubGlobal('navigator', {})
  })

  test('a lease lets one tab work at a time', async () => {
    const { records } = createStore()
    const notes: string[] = []
    const work = ['a', 'b'].map((name) =>
      createTabs('app', records).exclusive('refresh', 12 * S, lasting(S, notes, name)),
    )
    await vi.advanceTimersByTimeAsync(5 * S)
    expect(await Promise.all(work)).toEqual(['a', 'b'])
    expect(notes).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })

  test('a waiting tab gives up after its patience', async () => {
    const { records } = createStore()
    void createTabs('app', records).exclusive('refresh', 12 * S, lasting(60 * S, [], 'a'))
    const waiting = createTabs('app', records).exclusive('refresh', 3 * S, lasting(0, [], 'b'))
    await vi.advanceTimersByTimeAsync(4 * S)
    expect(await waiting).toBe(null)
  })

  test('the lease of a tab that died runs out', async () => {
    const { records, values } = createStore()
    values.set('app:refresh', { by: 'dead', until: Date.now() + 15 * S })
    const waiting = createTabs('app', records).exclusive('refresh', 30 * S, lasting(0, [], 'b'))
    await vi.advanceTimersByTimeAsync(16 * S)
    expect(await waiting).toBe('b')
  })

  test('a lease written before the clock was set back binds nobody', async () => {
    const { records, values } = createStore()
    values.set('app:refresh', { by: 'dead', until: Date.now() + 3_600 * S })
    const work = createTabs('app', records).exclusive('refresh', 12 * S, lasting(0, [], 'b'))
    await vi.advanceTimersByTimeAsync(S)
    expect(await work).toBe('b')
  })

  test('disposed while waiting, it neither works nor leaves a timer', async () => {
    const { records, values } = createStore()
    values.set('app:revoke', { by: 'other', until: Date.now() + 15 * S })
    const notes: string[] = []
    const tabs = createTabs('app', records)
    void tabs.exclusive('revoke', 86_400 * S, lasting(0, notes, 'a'))
    await vi.advanceTimersByTimeAsync(S)
    tabs.dispose()
    await vi.advanceTimersByTimeAsync(20 * S)
    expect(notes).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('without IndexedDB either, each tab works for itself', async () => {
    const notes: string[] = []
    const work = ['a', 'b'].map((name) => createTabs('app', none).exclusive('refresh', 12 * S, lasting(S, notes, name)))
    await vi.advanceTimersByTimeAsync(2 * S)
    expect(await Promise.all(work)).toEqual(['a', 'b'])
  })
})

describe('with Web Locks', () => {
  /** A lock that is never given. */
  const busy = {
    locks: {
      request: (_: string, { signal }: { signal: AbortSignal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    },
  }
  /** A page that may take no locks, such as one that is being put away. */
  const forbidden = { locks: { request: () => Promise.reject(new DOMException('not active', 'InvalidStateError')) } }
  const free = { locks: { request: (_: string, __: object, begin: () => Promise<unknown>) => begin() } }

  test('a waiting tab gives up after its patience, and leaves no timer', async () => {
    vi.stubGlobal('navigator', busy)
    const work = createTabs('app', none).exclusive('refresh', 12 * S, lasting(0, [], 'a'))
    await vi.advanceTimersByTimeAsync(12 * S)
    expect(await work).toBe(null)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('disposed while waiting, it leaves no timer', async () => {
    vi.stubGlobal('navigator', busy)
    const tabs = createTabs('app', none)
    const work = tabs.exclusive('revoke', 86_400 * S, lasting(0, [], 'a'))
    tabs.dispose()
    expect(await work).toBe(null)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a page that may take none works all the same', async () => {
    vi.stubGlobal('navigator', forbidden)
    const work = createTabs('app', none).exclusive('refresh', 12 * S, lasting(0, [], 'a'))
    await vi.advanceTimersByTimeAsync(S)
    expect(await work).toBe('a')
  })

  test('is let go of after ten seconds, whatever the work does', async () => {
    let released = false
    vi.stubGlobal('navigator', {
      locks: {
        request: async (_: string, __: object, begin: () => Promise<unknown>) => {
          await begin()
          released = true
        },
      },
    })
    void createTabs('app', none).exclusive('refresh', 12 * S, lasting(60 * S, [], 'a'))
    await vi.advanceTimersByTimeAsync(10 * S)
    expect(released).toBe(true)
  })

  test('work that fails passes its error on', async () => {
    vi.stubGlobal('navigator', free)
    const work = createTabs('app', none).exclusive('refresh', 12 * S, () => Promise.reject(new Error('no')))
    await expect(work).rejects.toThrow('no')
  })
})

describe('the channel', () => {
  let channels: Map<string, Set<Channel>>
  class Channel {
    onmessage: ((event: { data: unknown }) => void) | null = null
    readonly name: string
    constructor(name: string) {
      this.name = name
      channels.set(name, (channels.get(name) ?? new Set()).add(this))
    }
    postMessage(data: unknown) {
      for (const other of channels.get(this.name)!) if (other !== this) other.onmessage?.({ data })
    }
    close() {
      channels.get(this.name)!.delete(this)
    }
  }
  const openChannels = () => [...channels.values()].reduce((count, set) => count + set.size, 0)

  beforeEach(() => {
    channels = new Map()
    vi.stubGlobal('BroadcastChannel', Channel)
    vi.stubGlobal('addEventListener', () => {})
  })

  test('a question is answered on a channel of its own, which nobody else hears', async () => {
    const [asks, answers, hears] = [1, 2, 3].map(() => createTabs('app', none))
    const heard: unknown[] = []
    hears!.onMessage((message) => heard.push(message))
    answers!.onAsk(({ sessionId }) => (sessionId === 's' ? 'the grant' : null))
    expect(await asks!.ask({ sessionId: 's', generation: 1 })).toBe('the grant')
    expect(JSON.stringify(heard)).not.toContain('the grant')
  })

  test('a question that nobody answers comes back empty after a second, and closes what it opened', async () => {
    const tabs = createTabs('app', none)
    const answer = tabs.ask({ sessionId: 's', generation: 1 })
    await vi.advanceTimersByTimeAsync(S)
    expect(await answer).toBe(null)
    expect(openChannels()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('where there is none, nothing is said, and nothing breaks', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    const tabs = createTabs('app', none)
    tabs.post({ v: 1, app: 'app', kind: 'active', sessionId: 's', at: 0 })
    const stop = tabs.onMessage(() => {})
    expect(await tabs.ask({ sessionId: 's', generation: 1 })).toBe(null)
    stop()
  })
})
