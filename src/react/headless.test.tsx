// @vitest-environment happy-dom
import { act, cleanup, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { type SessionWarningFacts, type SignIn, useSessionWarning, useSignIn, useWarningTitle } from 'stillhere/react'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createScene, MIN, refused, S, throttled, unreachable } from './scene.tsx'

afterEach(cleanup)

describe('a warning of one’s own', () => {
  const seen: { warning: SessionWarningFacts | null; renders: number } = { warning: null, renders: 0 }
  beforeEach(() => Object.assign(seen, { warning: null, renders: 0 }))

  function Own() {
    const warning = useSessionWarning()
    seen.warning = warning
    seen.renders++
    return null
  }
  const now = () => seen.warning!
  async function open(policy = {}) {
    const scene = createScene(<Own />, {}, policy)
    await scene.signIn()
    return scene
  }

  test('is shut, and renders not once, while someone is active', async () => {
    const { advance } = await open()
    const before = seen.renders
    await advance(26 * MIN)
    expect(now().open).toBe(false)
    expect(seen.renders).toBe(before)
  })

  test('knows all that ours shows', async () => {
    const { advance } = await open()
    await advance(27 * MIN)
    expect(now()).toMatchObject({ open: true, cause: 'idle', extendable: true, staying: false, trouble: null })
    expect(now()).toMatchObject({ secondsLeft: 120, secondsInAll: 120, problem: null })
    expect(now().why).toMatch(/^For your security/)
    await advance(65 * S)
    expect(now()).toMatchObject({ secondsLeft: 55, secondsInAll: 120 })
    expect(now().timeLeft).toBe('You will be signed out in 55 seconds.')
    expect(now().announcement).toBe('You will be signed out in 60 seconds.')
  })

  test('gives a live region that comes with it something to change: screen readers tell changes alone', async () => {
    function Region() {
      const { open, announcement } = useSessionWarning()
      return open && <p role="status">{announcement}</p>
    }
    const { signIn, advance } = createScene(<Region />)
    await signIn()
    const changed: unknown[] = []
    const watch = new MutationObserver((records) => changed.push(...records.map(({ target }) => target)))
    watch.observe(document.body, { childList: true, characterData: true, subtree: true })
    await advance(27 * MIN)
    expect(screen.getByRole('status').textContent).toBe('You will be signed out in 2 minutes.')
    expect(changed).toContain(screen.getByRole('status'))
    watch.disconnect()
  })

  test('stays, and is shut by it', async () => {
    const { advance } = await open()
    await advance(27 * MIN)
    await act(() => now().stay())
    expect(now()).toMatchObject({ open: false, announcement: '' })
  })

  test('tells that staying has not worked so far', async () => {
    const { advance, server, settle } = await open()
    await advance(27 * MIN)
    server.error = unreachable()
    act(() => now().dismiss())
    await settle()
    expect(now()).toMatchObject({ open: true, trouble: 'unreachable' })
    expect(now().problem).toMatch(/can not be reached/)
  })

  test('is put away where nothing can be extended, and is back for the next session', async () => {
    const { advance, session, signIn, settle } = await open({ sessionLimit: 20 * MIN, idleTimeout: 25 * MIN })
    await advance(18 * MIN)
    expect(now()).toMatchObject({ open: true, cause: 'limit', extendable: false })
    expect(now().why).toMatch(/can not be extended/)
    act(() => now().dismiss())
    expect(now().open).toBe(false)
    act(() => now().signOut())
    await settle()
    expect(session.getState().reason).toBe('user')
    await signIn()
    await advance(18 * MIN)
    expect(now().open).toBe(true)
  })

  test('that was put away is back once something can be extended', async () => {
    const { advance, session } = await open({ sessionLimit: 20 * MIN, idleTimeout: 20 * MIN + S })
    await advance(19 * MIN)
    act(() => now().dismiss())
    expect(now().open).toBe(false)
    act(() => session.setPolicy({ sessionLimit: 60 * MIN }))
    expect(now()).toMatchObject({ open: true, cause: 'idle', extendable: true, secondsLeft: 61 })
  })

  test('tells the time in the title of a hidden tab alone, and puts it back', async () => {
    function Titled() {
      useWarningTitle(useSessionWarning())
      return null
    }
    document.title = 'host'
    const hide = (hidden: boolean) =>
      act(() => {
        Object.defineProperty(document, 'hidden', { configurable: true, value: hidden })
        document.dispatchEvent(new Event('visibilitychange'))
      })
    const { signIn, advance } = createScene(<Titled />)
    await signIn()
    hide(true)
    expect(document.title).toBe('host')
    hide(false)
    await advance(28 * MIN)
    expect(document.title).toBe('host')
    hide(true)
    expect(document.title).toBe('Signing out in 60 seconds – host')
    hide(false)
    expect(document.title).toBe('host')
    Reflect.deleteProperty(document, 'hidden')
  })
})

describe('a login form of one’s own', () => {
  const seen: { form: SignIn | null } = { form: null }
  function Own() {
    seen.form = useSignIn()
    return null
  }
  const form = () => seen.form!
  const ADA = { username: 'ada', password: 'secret' }
  async function open() {
    const scene = createScene(<Own />)
    await scene.settle()
    const submit = async (credentials: Record<string, string> = ADA) => {
      let isIn = false
      await act(async () => {
        const outcome = form().submit(credentials)
        await scene.world.settle()
        isIn = await outcome
      })
      return isIn
    }
    return { ...scene, submit }
  }

  test('signs in, and says so', async () => {
    const { submit, session } = await open()
    expect(await submit()).toBe(true)
    expect(session.getState().user!.name).toBe('ada')
  })

  test('asks the server nothing while something is missing', async () => {
    const { submit, server } = await open()
    expect(await submit({ username: 'ada', password: '' })).toBe(false)
    expect(form().problem).toMatchObject({ kind: 'missing', isInput: true })
    expect(server.signIns).toBe(0)
  })

  test.each([
    ['refused', refused, { isInput: true, text: 'The user name or the password is not right.' }],
    [
      'unreachable',
      unreachable,
      { isInput: false, text: 'The server can not be reached right now. Try again in a moment.' },
    ],
    [
      'throttled',
      () => throttled(90 * S),
      { isInput: false, text: 'Too many attempts. You can try again in 2 minutes.' },
    ],
  ])('knows what went wrong: %s', async (kind, error, problem) => {
    const { submit, server } = await open()
    server.error = error()
    expect(await submit()).toBe(false)
    expect(form().problem).toEqual({ kind, ...problem })
  })

  test('keeps a problem the same one while the host renders, and has a new one when the same happens again', async () => {
    const { submit, server, rerenderWith } = await open()
    server.error = refused()
    await submit()
    const first = form().problem
    rerenderWith({ labels: {} })
    expect(form().problem).toBe(first)
    await submit()
    expect(form().problem).not.toBe(first)
  })

  test('forgets what went wrong once someone has signed in', async () => {
    const { submit, server } = await open()
    server.error = refused()
    await submit()
    server.error = null
    expect(await submit()).toBe(true)
    expect(form().problem).toBeNull()
  })

  test('counts down while throttled, asks nobody meanwhile, and then is free again', async () => {
    const { submit, server, advance } = await open()
    server.error = throttled(5 * S)
    await submit()
    expect(form().wait).toBe(5)
    await advance(2 * S)
    expect(form().wait).toBe(3)
    expect(await submit()).toBe(false)
    expect(server.signIns).toBe(1)
    await advance(3 * S)
    expect(form()).toMatchObject({ wait: 0, problem: null })
  })

  test('is busy while the server thinks, and leaves the attempt when it goes', async () => {
    const { server, settle, rerender, session, world } = await open()
    let answer = () => {}
    server.gate = new Promise((resolve) => {
      answer = resolve
    })
    await act(async () => {
      void form().submit(ADA)
      await world.settle()
    })
    expect(form().busy).toBe(true)
    rerender(<StrictMode />)
    answer()
    await settle()
    expect(server.revoked).toBe(1)
    expect(session.getState().status).not.toBe('active')
  })

  test('knows why the last session ended, in words too, and whose it was', async () => {
    const { submit, advance, session, settle } = await open()
    expect(form()).toMatchObject({ reason: null, ended: null, lastUsername: undefined })
    await submit()
    await advance(30 * MIN)
    expect(form()).toMatchObject({ reason: 'idle', lastUsername: 'ada' })
    expect(form().ended).toMatch(/not been active/)
    await submit()
    act(() => session.signOut())
    await settle()
    expect(form()).toMatchObject({ reason: 'user', ended: 'You have signed out.', lastUsername: undefined })
  })
})
