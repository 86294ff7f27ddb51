// @vitest-environment happy-dom
import { type QueryClient, QueryObserver, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { StrictMode } from 'react'
import { SessionOverError } from 'stillhere'
import { RequireSession, SessionProvider } from 'stillhere/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PersonalQueries } from './PersonalQueries.tsx'
import { clearOnLeave, createQueryClient } from './queries.ts'
import { ANALYST, createScene, HOME, LEAD } from './scene.ts'

let scene: Awaited<ReturnType<typeof createScene>>
beforeEach(async () => {
  scene = await createScene()
})
afterEach(() => {
  cleanup()
  scene.end()
})

/** The query of the tests: what the API answers, and for whom. */
const feeds = () => ({
  queryKey: ['feeds'],
  queryFn: async () => {
    const name = scene.session.getState().user?.key
    const response = await scene.session.fetch(`${HOME}/api/feeds/`)
    return { name, status: response.status }
  },
})
const isSent = () => vi.waitFor(() => expect(scene.requests().length).toBeGreaterThan(0))
/** The session ends by itself. */
const lapse = async () => {
  vi.setSystemTime(Date.now() + 3_600_000)
  scene.session.touch()
  await vi.waitFor(() => expect(scene.session.getState().status).toBe('signed-out'))
}

describe('a query', () => {
  test('is not tried again when the session is over, and sends nothing', async () => {
    scene.session.signOut()
    const queryFn = vi.fn(feeds().queryFn)
    await expect(createQueryClient().fetchQuery({ ...feeds(), queryFn, retryDelay: 0 })).rejects.toThrow(
      SessionOverError,
    )
    expect(queryFn).toHaveBeenCalledTimes(1)
    expect(scene.requests()).toEqual([])
  })

  test('is tried again for anything else', async () => {
    const queryFn = vi.fn(() => Promise.reject(new Error('no network')))
    const observer = new QueryObserver(createQueryClient(), { queryKey: ['x'], queryFn, retryDelay: 0 })
    const stop = observer.subscribe(() => {})
    await vi.waitFor(() => expect(observer.getCurrentResult().status).toBe('error'))
    expect(queryFn).toHaveBeenCalledTimes(4)
    stop()
  })
})

describe('one cache for all', () => {
  let queryClient: QueryClient
  let stop: () => void
  const begin = (options = {}) => {
    queryClient = createQueryClient()
    stop = clearOnLeave(queryClient, scene.session, options)
  }
  const cached = () => queryClient.getQueryCache().getAll()
  afterEach(() => stop())

  test('holds nothing of one who has left, be it by hand or by time', async () => {
    for (const leave of [async () => scene.session.signOut(), lapse]) {
      begin()
      await queryClient.fetchQuery(feeds())
      expect(cached()).toHaveLength(1)
      await leave()
      expect(cached()).toEqual([])
      stop()
      await scene.signIn()
    }
  })

  test('gets nothing of what was under way for the one before', async () => {
    begin()
    const answer = scene.hold()
    const under = queryClient.fetchQuery(feeds()).catch((error: Error) => error)
    await isSent()
    scene.session.signOut()
    await scene.signIn(LEAD)
    answer()
    await under
    expect(cached()).toEqual([])
    expect((await queryClient.fetchQuery(feeds())).name).toBe(scene.session.getState().user!.key)
  })

  test('is cleared also where somebody else signs in without the first one leaving', async () => {
    begin()
    await queryClient.fetchQuery(feeds())
    await scene.signIn(LEAD)
    expect(cached()).toEqual([])
  })

  test('with someone watching, an end makes no request, nor does a return to the window', async () => {
    begin()
    queryClient.mount()
    const unwatch = new QueryObserver(queryClient, { ...feeds(), staleTime: 0 }).subscribe(() => {})
    await vi.waitFor(() => expect(queryClient.getQueryData(['feeds'])).toBeTruthy())
    scene.session.signOut()
    const before = scene.requests().length
    window.dispatchEvent(new Event('visibilitychange'))
    await queryClient.refetchQueries()
    expect(scene.requests()).toHaveLength(before)
    unwatch()
    queryClient.unmount()
  })

  test('under a lock it is kept for the same person, who finds it fetched anew', async () => {
    begin({ lock: true })
    const observer = new QueryObserver(queryClient, feeds())
    const unwatch = observer.subscribe(() => {})
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBeTruthy())
    await lapse()
    expect(queryClient.getQueryData(['feeds'])).toBeTruthy()
    const before = scene.requests().length
    await scene.signIn(ANALYST)
    await vi.waitFor(() => expect(scene.requests().length).toBe(before + 1))
    expect(cached()).toHaveLength(1)
    unwatch()
  })

  test.each([
    ['somebody else comes', async () => lapse().then(() => scene.signIn(LEAD))],
    ['the person leaves by hand', async () => scene.session.signOut()],
  ])('under a lock, too, nothing is left once %s', async (_, change) => {
    begin({ lock: true })
    await queryClient.fetchQuery(feeds())
    await change()
    expect(cached()).toEqual([])
  })
})

describe('a cache of each person’s own', () => {
  const clients: QueryClient[] = []
  function Feeds() {
    const queryClient = useQueryClient()
    if (clients.at(-1) !== queryClient) clients.push(queryClient)
    const { data } = useQuery(feeds())
    const { mutate } = useMutation({
      mutationFn: async () => (await scene.session.fetch(`${HOME}/api/feeds/1`)).status,
      onSuccess: (status) => queryClient.setQueryData(['feeds'], { name: 'the one before', status }),
    })
    return (
      <>
        <p>Feeds for {data?.name ?? 'nobody'}</p>
        <button onClick={() => mutate()} type="button">
          Change
        </button>
      </>
    )
  }
  const show = () =>
    render(
      <StrictMode>
        <SessionProvider session={scene.session}>
          <RequireSession>
            <PersonalQueries>
              <Feeds />
            </PersonalQueries>
          </RequireSession>
        </SessionProvider>
      </StrictMode>,
    )
  const shows = (key: string) => waitFor(() => screen.getByText(`Feeds for ${key}`))
  const me = () => scene.session.getState().user!.key!

  test('a change that was under way for one never shows to the next', async () => {
    clients.length = 0
    show()
    await shows(me())
    const first = me()
    const answer = scene.hold()
    act(() => screen.getByText('Change').click())
    await vi.waitFor(() => expect(scene.requests().some(({ path }) => path.endsWith('/feeds/1'))).toBe(true))
    const old = clients.at(-1)!
    await act(async () => scene.session.signOut())
    expect(screen.queryByText(/Feeds/)).toBe(null)
    expect(old.getQueryCache().getAll()).toEqual([])
    await act(() => scene.signIn(LEAD))
    expect(me()).not.toBe(first)
    await shows(me())
    answer()
    await vi.waitFor(() => expect(old.getQueryData(['feeds'])).toMatchObject({ name: 'the one before' }))
    await shows(me())
    expect(clients.at(-1)).not.toBe(old)
  })
})
