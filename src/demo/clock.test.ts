// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'

const HOUR = 3_600_000

/** The server's clock, which can be moved, and what it was told. */
function pretendServer({ skew = 0, mayMove = true } = {}) {
  let ahead = 0
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (path.endsWith('/faults')) return Response.json(skew ? [{ clockSkew: skew }] : [])
    const { advance } = JSON.parse(String(init!.body))
    if (advance && !mayMove) return new Response(null, { status: 400 })
    ahead += advance
    return Response.json({ now: real.now() + ahead + skew })
  })
  return { ahead: () => ahead }
}

const real = Date
const load = () => import('./clock.ts')

afterEach(() => {
  globalThis.Date = real
  localStorage.clear()
  vi.unstubAllGlobals()
  vi.resetModules()
})

const near = (ms: number) => expect(Math.abs(Date.now() - real.now() - ms)).toBeLessThan(HOUR / 60)

test('a page that never slept keeps the browser’s own clock', async () => {
  pretendServer()
  const { beginAhead } = await load()
  expect(await beginAhead()).toBe(false)
  expect(Date).toBe(real)
})

test('a sleep moves the server’s clock and this page’s alike, and the page is told that it is back in view', async () => {
  const server = pretendServer({ skew: 10 * 60_000 })
  const { sleep } = await load()
  const woken = vi.fn()
  document.addEventListener('visibilitychange', woken, { once: true })
  await sleep(2 * HOUR)
  expect(server.ahead()).toBe(2 * HOUR)
  near(2 * HOUR)
  expect(woken).toHaveBeenCalledOnce()
})

test('a clock that is ahead is a Date in all else', async () => {
  pretendServer()
  const { sleep } = await load()
  await sleep(HOUR)
  expect(new Date(0).getTime()).toBe(0)
  expect(new Date(2020, 1, 29).getDate()).toBe(29)
  expect(Math.abs(Number(new Date()) - Date.now())).toBeLessThan(HOUR / 60)
  expect(new Date()).toBeInstanceOf(real)
  expect(Date.UTC(2020)).toBe(real.UTC(2020))
  expect(Date().slice(0, 10)).toBe(new Date().toString().slice(0, 10))
})

test('where the server can not be moved, nobody has slept', async () => {
  pretendServer({ mayMove: false })
  const { sleep } = await load()
  await expect(sleep(HOUR)).rejects.toThrow()
  near(0)
  expect(localStorage).toHaveLength(0)
})

test('a new page begins where the others are, and a server that has the true time takes it there', async () => {
  pretendServer()
  const { sleep } = await load()
  await sleep(HOUR)
  globalThis.Date = real
  vi.resetModules()
  pretendServer({ skew: 10 * 60_000 })
  const { beginAhead } = await load()
  expect(await beginAhead()).toBe(true)
  near(0)
  expect(localStorage).toHaveLength(0)
})

test('other tabs sleep along; what else is stored or cleared wakes nobody', async () => {
  pretendServer()
  const { sleepTogether, wakeForGood } = await load()
  sleepTogether()
  const woken = vi.fn()
  document.addEventListener('visibilitychange', woken)
  const stored = (key: string | null) => dispatchEvent(new StorageEvent('storage', { key }))
  stored('something else')
  stored(null)
  expect(woken).not.toHaveBeenCalled()
  localStorage.setItem('stillhere-demo: ahead', String(HOUR))
  stored('stillhere-demo: ahead')
  near(HOUR)
  expect(woken).toHaveBeenCalledOnce()
  document.removeEventListener('visibilitychange', woken)
  wakeForGood()
  near(0)
})
