// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Secret } from '../core/secret.ts'
import { LoginPage, RequireSession, SessionWarning, useSession } from './index.ts'
import { createScene, MIN, S } from './scene.tsx'

afterEach(cleanup)

const user = userEvent.setup({ delay: null })
const mounts = { count: 0 }
beforeEach(() => {
  mounts.count = 0
})

function Draft() {
  const name = useSession((state) => state.user?.name)
  useEffect(() => {
    mounts.count++
  }, [])
  return (
    <>
      <p>private to {name}</p>
      <input aria-label="draft" />
    </>
  )
}

/** Unmounts its form for whoever is not signed in, as pages do that go by roles. */
function ForAda() {
  return useSession((state) => state.user?.name) === 'ada' ? <Draft /> : null
}

const onSignedIn = vi.fn()
const page = (
  <>
    <SessionWarning />
    <RequireSession mode="lock" login={<LoginPage onSignedIn={onSignedIn} />}>
      <ForAda />
    </RequireSession>
  </>
)
const dialog = () => document.querySelector<HTMLDialogElement>('dialog[data-stillhere="lock"]')
const gate = () => document.querySelector<HTMLElement>('[data-stillhere="gate"]')
const draft = () => document.querySelector<HTMLInputElement>('[aria-label="draft"]')

async function lockUp(over: Parameters<typeof createScene>[3] = {}, ui = page) {
  const scene = createScene(ui, {}, {}, over)
  await scene.signIn()
  await user.type(draft()!, 'half')
  await scene.advance(30 * MIN)
  return scene
}

describe('the locked gate', () => {
  test('keeps its children after an idle end: inert, hidden, under a modal dialog with the login form', async () => {
    await lockUp()
    expect(dialog()!.open).toBe(true)
    expect(gate()!.hasAttribute('inert')).toBe(true)
    expect(gate()!.style.visibility).toBe('hidden')
    expect(draft()!.value).toBe('half')
    expect((screen.getByLabelText('User name') as HTMLInputElement).value).toBe('ada')
    expect(screen.getByText(/not been active/)).toBeTruthy()
  })

  test('opens for the same person, with what was typed, mounted all the time, and goes nowhere else', async () => {
    const { settle } = await lockUp()
    const before = mounts.count
    await user.type(screen.getByLabelText('Password'), 'secret')
    await user.keyboard('{Enter}')
    await settle()
    expect(dialog()).toBe(null)
    expect(gate()!.hasAttribute('inert')).toBe(false)
    expect(draft()!.value).toBe('half')
    expect(document.activeElement).toBe(draft())
    expect(mounts.count).toBe(before)
    expect(onSignedIn).not.toHaveBeenCalled()
  })

  test('gives another person a fresh tree, which at no time is the old one opened', async () => {
    const { signIn, session } = await lockUp(
      {},
      <RequireSession mode="lock">
        <Draft />
      </RequireSession>,
    )
    const opened: string[] = []
    session.subscribe(() => {
      if (gate() && !gate()!.hasAttribute('inert')) opened.push(draft()?.value ?? '')
    })
    await signIn('grace')
    expect(opened).not.toContain('half')
    expect(dialog()).toBe(null)
    expect(draft()!.value).toBe('')
    expect(screen.getByText('private to grace')).toBeTruthy()
  })

  test('gives whoever is somebody else the login page', async () => {
    const { settle } = await lockUp()
    await user.click(screen.getByRole('button', { name: /Not you/ }))
    await settle()
    expect([dialog(), gate()]).toEqual([null, null])
    expect((screen.getByLabelText('User name') as HTMLInputElement).value).toBe('')
  })

  test('keeps nothing after signing out by hand', async () => {
    const { signIn, session, settle } = createScene(page)
    await signIn()
    act(() => session.signOut())
    await settle()
    expect([dialog(), gate()]).toEqual([null, null])
  })

  test('keeps nothing of a session that a new one replaces, though it is the same person’s', async () => {
    const { signIn } = createScene(page)
    await signIn()
    await user.type(draft()!, 'half')
    await signIn()
    expect(draft()!.value).toBe('')
  })

  test('keeps nothing where the server has no key for people: nobody could be known again', async () => {
    await lockUp({ signIn: async () => nobody() })
    expect([dialog(), gate()]).toEqual([null, null])
    expect(screen.getByRole('heading', { name: 'Sign in' })).toBeTruthy()
  })

  test('is dismissed neither by Esc nor by a close that can not be prevented', async () => {
    const { settle } = await lockUp()
    expect(fireEvent(dialog()!, new Event('cancel', { cancelable: true }))).toBe(false)
    act(() => dialog()!.close())
    await settle()
    expect(dialog()!.open).toBe(true)
  })

  test('shares a page with another one: neither is brought before the other for ever', async () => {
    const scene = createScene(
      <>
        {page}
        <RequireSession mode="lock">
          <RequireSession mode="lock">beside</RequireSession>
        </RequireSession>
      </>,
    )
    await scene.signIn()
    await user.type(draft()!, 'half')
    const opened = vi.spyOn(HTMLDialogElement.prototype, 'showModal')
    await scene.advance(30 * MIN)
    // Observers are told of it in turns.
    for (let turn = 0; turn < 5; turn++) await scene.settle()
    expect(opened.mock.calls.length).toBeLessThan(10)
    await scene.signIn()
    expect(draft()!.value).toBe('half')
    expect(dialog()).toBe(null)
  })

  test('locks again after each end, and opens again', async () => {
    const { signIn, advance } = await lockUp()
    for (let round = 0; round < 3; round++) {
      await signIn()
      expect(dialog()).toBe(null)
      await advance(30 * MIN)
      expect(dialog()!.open).toBe(true)
    }
    expect(draft()!.value).toBe('half')
  })

  test('leaves nothing behind when unmounted', async () => {
    const { unmount, settle, tab, world, session } = await lockUp()
    unmount()
    await settle()
    expect(tab.listeners()).toBe(0)
    session.dispose()
    await world.advance(S)
    expect(world.loose()).toBe(0)
  })
})

const nobody = () => ({
  token: new Secret('t'),
  expiresAt: Date.UTC(2026, 0, 5, 9, 30),
  user: { key: null, name: 'ada' },
})
