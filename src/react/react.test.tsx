// @vitest-environment happy-dom
import { act, cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { LoginPage, RequireSession, SessionWarning, useSecondsLeft, useSession, useSessionManager } from './index.ts'

import { createScene, MIN, refused, S, throttled, unreachable } from './scene.tsx'
import { toSpoken } from './warning.ts'

afterEach(cleanup)

const renders = { host: 0 }
function Host() {
  useSession((state) => state.user)
  renders.host++
  return null
}

const seen: (number | null)[] = []
function Seconds() {
  seen.push(useSecondsLeft())
  return null
}

function Lost() {
  useSessionManager()
  return null
}

const user = userEvent.setup({ delay: null })
const field = (name: string) => screen.getByLabelText(name) as HTMLInputElement

async function fillIn(name = 'ada', password = 'secret') {
  if (name) await user.type(field('User name'), name)
  if (password) await user.type(field('Password'), password)
}
const submit = () => user.click(screen.getByRole('button', { name: 'Sign in' }))

describe('the gate', () => {
  const page = (
    <RequireSession checking={<p>checking</p>}>
      <p>private</p>
      <input aria-label="draft" />
    </RequireSession>
  )

  test('shows nothing private before it knows, then the login page, then its children', async () => {
    const { signIn, settle } = createScene(page)
    expect(screen.getByText('checking')).toBeTruthy()
    expect(screen.queryByText('private')).toBe(null)
    await settle()
    expect(screen.getByRole('heading', { name: 'Sign in' })).toBeTruthy()
    await signIn()
    expect(screen.getByText('private')).toBeTruthy()
  })

  test('is veiled in the very task in which the page is put away, and unveiled after the check, with what was typed', async () => {
    const { signIn, tab } = createScene(page)
    await signIn()
    await user.type(screen.getByLabelText('draft'), 'half')
    const gate = document.querySelector('[data-stillhere="gate"]')!
    act(() => {
      tab.freeze()
      // Not a moment later.
      expect((gate as HTMLElement).style.visibility).toBe('hidden')
      expect(gate.hasAttribute('inert')).toBe(true)
    })
    await act(() => tab.thaw())
    expect((gate as HTMLElement).style.visibility).toBe('')
    expect(gate.hasAttribute('inert')).toBe(false)
    expect((screen.getByLabelText('draft') as HTMLInputElement).value).toBe('half')
  })

  test('gives another user a fresh tree', async () => {
    const { signIn } = createScene(page)
    await signIn('ada')
    await user.type(screen.getByLabelText('draft'), 'ada’s')
    await signIn('grace')
    expect((screen.getByLabelText('draft') as HTMLInputElement).value).toBe('')
  })

  test('shows a tab that was away past its deadline nothing, and then the login page', async () => {
    const { signIn, sleep } = createScene(page)
    await signIn()
    await sleep(60 * MIN)
    expect(screen.queryByText('private')).toBe(null)
    expect(screen.getByText(/not been active/)).toBeTruthy()
  })
})

describe('the login page', () => {
  const page = <RequireSession>in</RequireSession>

  test('has what password managers look for', async () => {
    const { settle } = createScene(page)
    await settle()
    expect(field('User name').autocomplete).toBe('username')
    expect(field('Password').autocomplete).toBe('current-password')
    expect(field('Password').form).toBeInstanceOf(HTMLFormElement)
  })

  test.each([
    ['a refusal', refused, 'The user name or the password is not right.'],
    ['silence', unreachable, 'The server can not be reached right now. Try again in a moment.'],
    ['throttling', () => throttled(90 * S), 'Too many attempts. You can try again in 2 minutes.'],
  ])('says of %s what it is, and puts the focus there', async (_, error, text) => {
    const { settle, server } = createScene(page)
    await settle()
    server.error = error()
    await fillIn()
    await submit()
    await settle()
    expect(screen.getByRole('alert').textContent).toBe(text)
    expect(document.activeElement).toBe(screen.getByRole('alert'))
  })

  test('keeps quiet while throttled, and comes back by itself', async () => {
    const { settle, server, advance } = createScene(page)
    await settle()
    server.error = throttled(5 * S)
    await fillIn()
    await submit()
    await settle()
    server.error = null
    await user.click(screen.getByRole('button', { name: /Wait/ }))
    expect(server.signIns).toBe(1)
    await advance(5 * S)
    expect(screen.queryByRole('alert')).toBe(null)
    await submit()
    await settle()
    expect(screen.getByText('in')).toBeTruthy()
  })

  test('waits no longer though the clock is set back meanwhile', async () => {
    const { settle, server, advance, world } = createScene(page)
    await settle()
    server.error = throttled(30 * S)
    await fillIn()
    await submit()
    await settle()
    world.setClock(-60 * MIN)
    await advance(31 * S)
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeTruthy()
  })

  test('keeps a host’s own mistake after signing in apart from a failed sign-in', async () => {
    const mistakes: unknown[] = []
    const note = (reason: unknown) => mistakes.push(reason)
    process.on('unhandledRejection', note)
    const onSignedIn = () => {
      throw new Error('the host’s own')
    }
    const { settle, session } = createScene(
      <RequireSession login={<LoginPage onSignedIn={onSignedIn} />}>in</RequireSession>,
    )
    await settle()
    await fillIn()
    await submit()
    await settle()
    await vi.waitFor(() => expect(mistakes).toEqual([new Error('the host’s own')]))
    process.off('unhandledRejection', note)
    expect(session.getState().status).toBe('active')
  })

  test('keeps no password where the form goes on being shown after signing in, and keeps it after a failure', async () => {
    const { settle, server, session } = createScene(<LoginPage />)
    await settle()
    server.error = unreachable()
    await fillIn()
    await submit()
    await settle()
    expect(field('Password').value).not.toBe('')
    server.error = null
    await submit()
    await settle()
    expect(session.getState().status).toBe('active')
    expect(field('Password').value).toBe('')
  })

  test('asks for what is missing without asking the server', async () => {
    const { settle, server } = createScene(page)
    await settle()
    await submit()
    expect(screen.getByRole('alert').textContent).toBe('Enter your user name and your password.')
    expect(server.signIns).toBe(0)
  })

  test('sends a password exactly as typed', async () => {
    const { settle, session } = createScene(page)
    const signIn = vi.spyOn(session, 'signIn')
    await settle()
    await fillIn('ada', '  pass wörd ')
    await submit()
    await settle()
    expect(signIn).toHaveBeenCalledWith({ username: 'ada', password: '  pass wörd ' })
  })

  test('submitted twice sends once', async () => {
    const { settle, server } = createScene(page)
    await settle()
    await fillIn()
    await user.dblClick(screen.getByRole('button', { name: 'Sign in' }))
    await settle()
    expect(server.signIns).toBe(1)
  })

  test('left while the server thinks: the answer is revoked', async () => {
    const { settle, server, rerender, session } = createScene(page)
    await settle()
    let open = () => {}
    server.gate = new Promise((resolve) => {
      open = resolve
    })
    await fillIn()
    await submit()
    rerender(<p>somewhere else</p>)
    open()
    await settle()
    expect(server.revoked).toBe(1)
    expect(session.getState().status).not.toBe('active')
  })

  test('keeps the name after an idle end, and not after signing out by hand', async () => {
    const { signIn, advance, session, settle } = createScene(page)
    await signIn('ada')
    await advance(30 * MIN)
    expect(field('User name').value).toBe('ada')
    await signIn('ada')
    act(() => session.signOut())
    await settle()
    expect(field('User name').value).toBe('')
    expect(screen.getByText('You have signed out.')).toBeTruthy()
  })

  test('shows the password on demand', async () => {
    const { settle } = createScene(page)
    await settle()
    const toggle = screen.getByRole('button', { name: 'Show password' })
    expect(toggle.getAttribute('aria-pressed')).toBe('false')
    await user.click(toggle)
    expect(toggle.getAttribute('aria-pressed')).toBe('true')
    expect(field('Password').type).toBe('text')
  })
})

describe('the warning', () => {
  const page = (
    <>
      <SessionWarning />
      <RequireSession>
        <button type="button">work</button>
      </RequireSession>
    </>
  )
  const dialog = () => screen.queryByRole('alertdialog')

  test('is a modal alert dialog with a name and a static description, focused on staying', async () => {
    const { signIn, advance } = createScene(page)
    await signIn()
    screen.getByRole('button', { name: 'work' }).focus()
    await advance(27 * MIN)
    const { getByRole } = within(dialog()!)
    expect(dialog()!.getAttribute('aria-modal')).toBe('true')
    expect(document.getElementById(dialog()!.getAttribute('aria-labelledby')!)!.textContent).toMatch(
      /about to be signed out/,
    )
    expect(document.getElementById(dialog()!.getAttribute('aria-describedby')!)!.textContent).not.toMatch(/\d/)
    expect(document.activeElement).toBe(getByRole('button', { name: 'Stay signed in' }))
  })

  test('closes on staying and gives the focus back', async () => {
    const { signIn, advance, settle } = createScene(page)
    await signIn()
    screen.getByRole('button', { name: 'work' }).focus()
    await advance(27 * MIN)
    await user.click(screen.getByRole('button', { name: 'Stay signed in' }))
    await settle()
    expect(dialog()).toBe(null)
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'work' }))
  })

  test('closed by a way that can not be prevented counts as staying, and never leaves the countdown unseen', async () => {
    const { signIn, advance, settle, server } = createScene(page)
    await signIn()
    await advance(27 * MIN)
    server.error = unreachable()
    act(() => (dialog() as HTMLDialogElement).close())
    await settle()
    expect((dialog() as HTMLDialogElement).open).toBe(true)
    expect(dialog()!.textContent).toMatch(/can not be reached/)
  })

  test('counts down in minutes, then in seconds, and speaks in coarse steps', async () => {
    const { signIn, advance } = createScene(page)
    await signIn()
    await advance(27 * MIN)
    const spoken = () => dialog()!.querySelector('[data-stillhere="spoken"]')!.textContent
    const shown = () => dialog()!.querySelector('[data-stillhere="time"]')!.textContent
    expect([shown(), spoken()]).toEqual(Array(2).fill('You will be signed out in 2 minutes.'))
    await advance(65 * S)
    expect(shown()).toBe('You will be signed out in 55 seconds.')
    expect(spoken()).toBe('You will be signed out in 60 seconds.')
    await advance(54 * S)
    expect(shown()).toBe('You will be signed out in 1 second.')
    expect(spoken()).toBe('You will be signed out in 20 seconds.')
  })

  test('the ring drains second by second, hurries in the last 20 s, and is nothing to a screen reader', async () => {
    const { signIn, advance } = createScene(page)
    await signIn()
    await advance(27 * MIN)
    const clock = () => dialog()!.querySelector('[data-stillhere="clock"]')!
    const gone = () => Number(clock().querySelector('[stroke-dashoffset]')!.getAttribute('stroke-dashoffset'))
    expect(clock().getAttribute('aria-hidden')).toBe('true')
    expect(clock().textContent).toBe('2\nmin')
    // At a second's beginning the ring sets out for where the second ends.
    expect(gone()).toBeCloseTo(1 / 120)
    await advance(99 * S)
    expect(clock().textContent).toBe('21\nsec')
    expect(gone()).toBeCloseTo(100 / 120)
    expect(dialog()!.dataset.hurry).toBeUndefined()
    await advance(1 * S)
    expect(dialog()!.dataset.hurry).toBe('')
    await advance(19 * S)
    expect(clock().textContent).toBe('1\nsec')
    expect(gone()).toBe(1)
  })

  test('does not stand at nought after a sleep: its next second ends the session', async () => {
    const { world, signIn, advance, session } = createScene(
      <>
        <SessionWarning />
        <RequireSession>
          <p>private</p>
        </RequireSession>
      </>,
    )
    await signIn()
    await advance(27 * MIN + 10 * S)
    expect(screen.getByRole('alertdialog')).toBeTruthy()
    await act(() => world.sleep(2 * 60 * MIN, { frozenTimers: true }))
    await advance(1 * S)
    expect(session.getState()).toMatchObject({ status: 'signed-out', reason: 'idle' })
    expect(screen.queryByText('private')).toBe(null)
  })

  test('pressed twice where a limit takes over, does not sign out by the second press', async () => {
    const { signIn, advance, settle, session } = createScene(page, {}, { sessionLimit: 29.5 * MIN })
    await signIn()
    await advance(28 * MIN)
    await user.keyboard('{Enter}')
    await settle()
    expect(session.getState()).toMatchObject({ status: 'warning', cause: 'limit', extendable: false })
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Not now' }))
    await user.keyboard('{Enter}')
    await settle()
    expect(session.getState().status).toBe('warning')
    expect(dialog()).toBe(null)
  })

  test('renders once a second, in itself alone, and not at all while active', async () => {
    renders.host = 0
    const { signIn, advance } = createScene(
      <>
        {page}
        <Host />
      </>,
    )
    await signIn()
    const before = renders.host
    await advance(28 * MIN)
    expect(renders.host).toBe(before)
  })
})

test.each([
  [180, [180, 120, 60, 40, 20]],
  [100, [100, 60, 40, 20]],
  [34, [34, 20]],
  [12, [12]],
])(
  'what is spoken of %i s begins with the truth, then changes at each minute, and at 60, 40 and 20 s',
  (opened, steps) => {
    const said = Array.from({ length: opened }, (_, n) => toSpoken(opened - n, opened))
    expect([...new Set(said)]).toEqual(steps)
  },
)

test('the seconds left tick with the deadline, and are never negative', async () => {
  seen.length = 0
  const { signIn, advance } = createScene(<Seconds />)
  await signIn()
  await advance(29 * MIN)
  expect(seen[0]).toBe(null)
  expect(Math.max(...(seen as number[]))).toBe(29 * 60)
  expect(seen.at(-1)).toBe(null)
  expect(seen.filter((s) => s !== null && s < 0)).toEqual([])
})

test('under StrictMode one start is left after mounting, and none after unmounting', async () => {
  const { world, tab, unmount, settle, signIn } = createScene(<SessionWarning />)
  await signIn()
  expect(tab.listeners()).toBeGreaterThan(0)
  unmount()
  await settle()
  expect(tab.listeners()).toBe(0)
  expect(world.loose()).toBe(0)
})

test('without a provider a component says what to do', () => {
  const silence = vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(() => render(<Lost />)).toThrow('wrap this component in <SessionProvider session={…}>')
  silence.mockRestore()
})
