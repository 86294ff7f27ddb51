// @vitest-environment happy-dom
import { act, cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { LABELS, LoginPage, RequireSession, SessionWarning, TimeLimit } from './index.ts'
import { createScene, MIN, S, throttled, unreachable } from './scene.tsx'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const user = userEvent.setup({ delay: null })
const page = (
  <>
    <SessionWarning />
    <RequireSession>
      <input aria-label="draft" />
    </RequireSession>
  </>
)
const part = (name: string) => document.querySelector(`[data-stillhere="${name}"]`)
const inWords = (seconds: number) => LABELS.timeLeft(LABELS.time(seconds))

/** Every write below an element with that name, of whatever kind, also one of the same text; the element itself coming counts as none. */
function writesTo(name: string): string[] {
  const writes: string[] = []
  const note = (records: MutationRecord[]) => {
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement
      if (element?.closest(`[data-stillhere="${name}"]`)) writes.push(element.textContent ?? '')
    }
  }
  new MutationObserver(note).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  })
  return writes
}

describe('what is told to a screen reader', () => {
  test('of two minutes is written four times, and then no more', async () => {
    const { signIn, advance } = createScene(page)
    await signIn()
    const writes = writesTo('spoken')
    await advance(27 * MIN)
    for (let second = 1; second < 120; second++) await advance(S)
    expect(part('time')!.textContent).toBe(inWords(1))
    expect(writes).toEqual([120, 60, 40, 20].map(inWords))
  })

  test('of five minutes is written at each whole minute, and at 60, 40 and 20 s', async () => {
    const { signIn, advance } = createScene(page, {}, { warnBefore: 5 * MIN })
    await signIn()
    const writes = writesTo('spoken')
    await advance(24 * MIN)
    for (let second = 1; second < 300; second++) await advance(S)
    expect(writes).toEqual([300, 240, 180, 120, 60, 40, 20].map(inWords))
  })

  test('of a warning that a page comes back to in its middle begins with the time that is left then', async () => {
    const { signIn, advance, sleep } = createScene(page)
    await signIn()
    const writes = writesTo('spoken')
    await sleep(28 * MIN + 15 * S)
    for (let second = 1; second < 45; second++) await advance(S)
    expect(writes).toEqual([45, 40, 20].map(inWords))
  })

  test('of a hidden tab goes on, so that whoever comes back to it hears no old time', async () => {
    const { signIn, advance, tab } = createScene(page)
    await signIn()
    await advance(27 * MIN)
    const writes = writesTo('spoken')
    act(() => tab.hide())
    await advance(70 * S)
    expect(writes).toEqual([inWords(60)])
    expect(part('spoken')!.textContent).toBe(inWords(60))
  })

  test('is in a region that is there, empty, before anything is said in it', async () => {
    const found: (string | null)[] = []
    const showModal = HTMLDialogElement.prototype.showModal
    vi.spyOn(HTMLDialogElement.prototype, 'showModal').mockImplementation(function (this: HTMLDialogElement) {
      found.push(this.querySelector('[aria-live][aria-atomic="true"]')!.textContent)
      showModal.call(this)
    })
    const { signIn, advance } = createScene(page)
    await signIn()
    await advance(27 * MIN)
    expect(found[0]).toBe('')
    expect(part('spoken')!.textContent).toBe(inWords(120))
  })

  test('when staying fails is told once as a status, and takes no focus', async () => {
    const { signIn, advance, server, settle } = createScene(page)
    await signIn()
    await advance(27 * MIN)
    const writes = writesTo('trouble')
    expect(part('trouble')!.getAttribute('role')).toBe('status')
    expect(part('trouble')!.textContent).toBe('')
    server.error = unreachable()
    await user.keyboard('{Enter}')
    await settle()
    expect(document.activeElement).toBe(part('stay'))
    const before = part('trouble')!.firstChild
    await advance(25 * S)
    expect(writes.filter((text, n) => text !== writes[n - 1])).toEqual([LABELS.stayFailed])
    expect(part('trouble')!.firstChild).toBe(before)
  })

  test('of a refresh that fails while someone is active is nothing: whether to tell is the host’s to choose', async () => {
    const { signIn, advance, server, session } = createScene(page)
    await signIn()
    const writes: MutationRecord[] = []
    new MutationObserver((records) => writes.push(...records)).observe(document.body, {
      subtree: true,
      childList: true,
    })
    server.error = unreachable()
    await advance(10 * MIN)
    act(() => session.touch())
    await advance(MIN)
    expect(session.getState()).toMatchObject({ status: 'active', trouble: 'unreachable' })
    expect(writes).toEqual([])
  })

  test('when another cause comes first meanwhile is told, as nothing else tells of it', async () => {
    const { signIn, advance, settle } = createScene(page, {}, { sessionLimit: 29.5 * MIN })
    await signIn()
    await advance(28 * MIN)
    const writes = writesTo('why')
    expect(part('why')!.getAttribute('aria-live')).toBe('polite')
    expect(part('why')!.textContent).toBe(LABELS.warningIdle)
    await user.keyboard('{Enter}')
    await settle()
    await advance(S)
    expect(writes).toEqual([LABELS.warningLimit])
  })
})

describe('the countdown', () => {
  test('may be shown in the steps in which it is spoken, without a bar', async () => {
    const { signIn, advance } = createScene(
      <>
        <SessionWarning countdown="coarse" />
        <RequireSession />
      </>,
    )
    await signIn()
    const writes = writesTo('time')
    await advance(27 * MIN)
    expect(part('progress')).toBe(null)
    for (let second = 1; second < 120; second++) await advance(S)
    expect([...new Set(writes)]).toEqual([60, 40, 20].map(inWords))
    expect(part('time')!.textContent).toBe(part('spoken')!.textContent)
  })
})

describe('unsaved work', () => {
  test.each([
    ['lost', LABELS.willBeLost, LABELS.wasLost],
    ['kept', LABELS.willBeKept, LABELS.wasKept],
  ] as const)(
    'that is %s: the warning says so in its description, and the login page afterwards',
    async (unsaved, before, after) => {
      const { signIn, advance, session, settle } = createScene(
        <>
          <SessionWarning unsaved={unsaved} />
          <RequireSession login={<LoginPage unsaved={unsaved} />} />
        </>,
      )
      await signIn()
      await advance(27 * MIN)
      const described = part('warning')!.getAttribute('aria-describedby')!.split(' ')
      expect(described.map((id) => document.getElementById(id)!.textContent)).toEqual([LABELS.warningIdle, before])
      await advance(2 * MIN)
      const heading = screen.getByRole('heading')
      expect(document.activeElement).toBe(heading)
      expect(document.getElementById(heading.getAttribute('aria-describedby')!)!.textContent).toBe(
        `${LABELS.reasons.idle} ${after}`,
      )
      // Whoever signs out by hand knows.
      await signIn()
      act(() => session.signOut())
      await settle()
      expect(part('ended')!.textContent).toBe(LABELS.reasons.user)
    },
  )

  test('is not spoken of unless the host says what becomes of it', async () => {
    const { signIn, advance } = createScene(page)
    await signIn()
    await advance(27 * MIN)
    expect(part('unsaved')).toBe(null)
    await advance(2 * MIN)
    expect(part('ended')!.textContent).toBe(LABELS.reasons.idle)
  })
})

describe('the time limit', () => {
  const task = (
    <RequireSession>
      <TimeLimit unsaved="lost" />
    </RequireSession>
  )
  const told = () => part('time-limit')!.textContent

  test('is told where a task begins, from the policy as it is, and anew when that changes', async () => {
    const { signIn, session } = createScene(task)
    await signIn()
    expect(told()).toBe(
      'If you are not active for 29 minutes, you will be signed out. We warn you 2 minutes before that. What you have not saved will be lost.',
    )
    act(() => session.setPolicy({ idleTimeout: 10 * MIN, warnBefore: 90 * S }))
    expect(told()).toContain('for 10 minutes,')
    expect(told()).toContain('60 seconds before')
  })

  test('is told of nobody, and as less rather than as more', async () => {
    const { settle, signIn } = createScene(<TimeLimit />, {}, { idleTimeout: 119 * S })
    await settle()
    expect(part('time-limit')).toBe(null)
    await signIn()
    expect(told()).toContain('for 60 seconds,')
    expect(told()).not.toContain('saved')
  })
})

test('a button that has to wait changes its name in coarse steps, and leaves the focus to what can be pressed', async () => {
  const { settle, server, advance } = createScene(<RequireSession>in</RequireSession>)
  await settle()
  server.error = throttled(90 * S)
  await user.type(screen.getByLabelText('User name'), 'ada')
  await user.type(screen.getByLabelText('Password'), 'secret')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  await settle()
  expect(document.activeElement).toBe(screen.getByRole('alert'))
  const names = new Set<string>()
  for (let second = 0; second < 90; second++) {
    names.add(part('submit')!.textContent!)
    await advance(S)
  }
  expect([...names]).toEqual(['Wait 2 minutes', 'Wait 60 seconds', 'Wait 40 seconds', 'Wait 20 seconds'])
  expect(part('problem')).toBe(null)
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Sign in' }))
})
