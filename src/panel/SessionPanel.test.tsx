// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { Profiler, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import { createTestSession, type TestSessionOptions } from '../testing/index.ts'
import { type RecordingExport, SessionPanel, type SessionPanelProps } from './index.ts'
import { toClock } from './words.ts'

const S = 1_000
const MIN = 60 * S

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

async function shown(props: Partial<SessionPanelProps> = {}, options: TestSessionOptions = {}) {
  const made = createTestSession({ act: (work) => act(work), user: { name: 'Ada', key: '7' }, ...options })
  let commits = 0
  const view = render(
    <StrictMode>
      <Profiler id="panel" onRender={() => commits++}>
        <SessionPanel session={made.session} {...props} />
      </Profiler>
    </StrictMode>,
  )
  await made.settle()
  return { ...made, ...view, commits: () => commits }
}

const factsOf = () =>
  Object.fromEntries(
    screen
      .getAllByRole('term')
      .slice(0, 5)
      .map((term) => [term.textContent, term.nextElementSibling!.textContent]),
  )
const listed = () => screen.queryAllByRole('listitem').filter((item) => item.dataset.type)

test('it says how the session stands, and counts down', async () => {
  const { advance, world } = await shown()
  const end = toClock(world.now() + 29 * MIN)
  expect(factsOf()).toEqual({
    Status: 'Active',
    'Ends at': end,
    'Time left': '29:00',
    Refreshes: '0',
    Tabs: 'shared',
  })
  await advance(61 * S)
  expect(factsOf()).toMatchObject({ 'Time left': '27:59' })
  expect(screen.getByText('Refreshes on the next activity.')).toBeTruthy()
})

test('what happens is listed at once, newest first, and summed up in the name of the drawing', async () => {
  const { advance, press, session } = await shown()
  expect(screen.getByText(/Nothing yet since/)).toBeTruthy()
  await advance(61 * S)
  await press()
  expect(factsOf()).toMatchObject({ Refreshes: '1' })
  await act(async () => session.signOut())
  expect(listed().map(({ dataset }) => dataset.type)).toEqual(['revoked', 'ended', 'refreshed'])
  expect(factsOf()).toMatchObject({ Status: 'Signed out', 'Time left': '–' })
  expect(screen.getByRole('img').getAttribute('aria-label')).toMatch(
    /: active in 2 seconds, 1 refresh, 0 failed, 0 warnings, nobody signed in now\.$/,
  )
})

test('a mark tells by pointer and by keyboard what it is; Tab stops once, and arrows lead on', async () => {
  const { advance, press, session } = await shown()
  await advance(61 * S)
  await press()
  await advance(90 * S)
  await act(async () => session.signOut())
  const group = screen.getByRole('group', { name: 'Marks in the timeline' })
  const marks = within(group).getAllByRole('button')
  expect(marks.map(({ tabIndex }) => tabIndex)).toEqual([-1, 0])
  expect(marks[0]!.getAttribute('aria-label')).toMatch(/^[\d:]+: Refreshed by this tab in 0 ms: token 2\.$/)
  const told = () => document.querySelector('[data-part="told"]')!.textContent
  act(() => marks[1]!.focus())
  expect(told()).toContain('Ended by this tab: signed out.')
  fireEvent.keyDown(marks[1]!, { key: 'ArrowLeft' })
  expect(document.activeElement).toBe(marks[0])
  expect(told()).toContain('Refreshed by this tab')
  fireEvent.pointerEnter(marks[1]!)
  expect(told()).toContain('Ended by this tab')
})

test('the window is chosen, and moved by buttons and by keys', async () => {
  const { advance, press } = await shown()
  const user = userEvent.setup({ delay: null })
  await advance(8 * MIN)
  await press()
  await advance(2 * S)
  const name = () => screen.getByRole('img').getAttribute('aria-label')!
  const [from] = /[\d:]+/.exec(name())!
  expect(screen.getByRole('button', { name: '5 min' }).getAttribute('aria-pressed')).toBe('true')
  await user.click(screen.getByRole('button', { name: 'Earlier' }))
  expect(/[\d:]+/.exec(name())![0]).not.toBe(from)
  expect(screen.getByRole('button', { name: 'Now' }).getAttribute('aria-pressed')).toBe('false')
  fireEvent.keyDown(screen.getByRole('button', { name: 'Later' }), { key: 'End' })
  expect(/[\d:]+/.exec(name())![0]).toBe(from)
  fireEvent.keyDown(screen.getByRole('button', { name: 'Later' }), { key: 'Home' })
  expect(screen.getByRole('button', { name: 'Now' }).getAttribute('aria-pressed')).toBe('false')
  await user.click(screen.getByRole('button', { name: 'Now' }))
  await user.click(screen.getByRole('button', { name: '1 h' }))
  expect(name()).toContain('active in 2 seconds')
})

test('paged back, it stays where it is while time goes on', async () => {
  const { advance } = await shown()
  const user = userEvent.setup({ delay: null })
  await advance(6 * MIN)
  await user.click(screen.getByRole('button', { name: 'Earlier' }))
  const before = screen.getByRole('img').getAttribute('aria-label')!.split(':', 3).join()
  await advance(30 * S)
  expect(screen.getByRole('img').getAttribute('aria-label')!.split(':', 3).join()).toBe(before)
})

test('claims are shown in words, times made readable, and never what is called a secret', async () => {
  const startAt = Date.UTC(2026, 0, 5, 9)
  const claims = {
    custom: { deep: true },
    api_token: 'hidden-value',
    exp: startAt / 1_000 + 27 * 60,
    iat: startAt / 1_000,
    roles: ['admin', 'lead'],
    sub: '7',
  }
  await shown({}, { startAt, claims })
  const details = document.querySelector('[data-part="claims"]')!
  expect(details.querySelector('summary')!.textContent).toBe('Token 1: 30:00 of 30:00 left')
  const rows = [...details.querySelectorAll('dl > div')].map((row) => row.textContent)
  expect(rows.slice(2)).toEqual([
    'sub about whom7',
    `exp ends${toClock(startAt + 27 * MIN)} (expires in 27 min)`,
    `iat issued${toClock(startAt)} (0 s ago)`,
    'roles rolesadmin, lead',
    'custom {"deep":true}',
    'api_token [secret]',
  ])
  expect(document.body.innerHTML).not.toContain('hidden-value')
  expect(document.body.innerHTML).not.toContain('test-token')
})

test('it renders once a second at most, however busy somebody is, and not at all while nobody sees it', async () => {
  let tellView = (_: boolean) => {}
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        tellView = (isIntersecting) => tell([{ isIntersecting }])
      }
      observe() {}
      disconnect() {}
    },
  )
  const { advance, session, commits } = await shown()
  const begun = commits()
  for (let tenth = 0; tenth < 200; tenth++) {
    await advance(100)
    session.touch()
  }
  expect(commits() - begun).toBeGreaterThan(10)
  expect(commits() - begun).toBeLessThanOrEqual(21)
  act(() => tellView(false))
  const hidden = commits()
  for (let second = 0; second < 10; second++) await advance(1 * S)
  expect(commits()).toBe(hidden)
  act(() => tellView(true))
  expect(factsOf()).toMatchObject({ 'Time left': '28:50' })
  vi.unstubAllGlobals()
})

test('it is exported to a file, or to whoever asks for it', async () => {
  const taken: RecordingExport[] = []
  const { rerender, session } = await shown({ onExport: (recording) => taken.push(recording) })
  const user = userEvent.setup({ delay: null })
  await user.click(screen.getByRole('button', { name: 'Export JSON' }))
  expect(taken).toMatchObject([{ format: 'stillhere-recording', v: 1, status: 'active' }])

  let file: Blob | undefined
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    file = blob as Blob
    return 'blob:it'
  })
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    expect(this.download).toMatch(/^stillhere-2026-01-05T[\d-]+\.json$/)
  })
  rerender(<SessionPanel session={session} />)
  await user.click(screen.getByRole('button', { name: 'Export JSON' }))
  expect(JSON.parse(await file!.text())).toMatchObject({ format: 'stillhere-recording' })
})

test('it is copied, and says whether that worked', async () => {
  await shown()
  const user = userEvent.setup({ delay: null })
  await user.click(screen.getByRole('button', { name: 'Copy JSON' }))
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe('Copied.'))
  expect(await navigator.clipboard.readText()).toContain('stillhere-recording')
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('no'))
  await user.click(screen.getByRole('button', { name: 'Copy JSON' }))
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe('The browser does not let it be copied.'))
})

test('a long list is short at first', async () => {
  const { advance, press } = await shown()
  for (let count = 0; count < 12; count++) {
    await advance(61 * S)
    await press()
  }
  expect(listed()).toHaveLength(8)
  fireEvent.click(screen.getByRole('button', { name: 'Show all 12' }))
  expect(listed()).toHaveLength(12)
})

test('on a server it renders its frame and nothing of the session', () => {
  const { session } = createTestSession({ user: { name: 'Ada' } })
  expect(renderToString(<SessionPanel session={session} />)).not.toMatch(/Ada|Active|svg/)
})
