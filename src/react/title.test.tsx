// @vitest-environment happy-dom
import { act, cleanup } from '@testing-library/react'
import { RequireSession, SessionWarning } from 'stillhere/react'
import { afterEach, describe, expect, test } from 'vitest'
import { createScene, MIN, S } from './scene.tsx'

const page = (
  <>
    <SessionWarning />
    <RequireSession>in</RequireSession>
  </>
)

const hide = (hidden: boolean) =>
  act(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden })
    document.dispatchEvent(new Event('visibilitychange'))
  })

afterEach(() => {
  cleanup()
  Reflect.deleteProperty(document, 'hidden')
  document.title = ''
})

/** A hidden tab with a title of the host's, in which somebody is signed in. */
async function openHidden(title: string) {
  document.title = title
  const scene = createScene(page)
  await scene.signIn()
  hide(true)
  return {
    ...scene,
    warn: () => scene.advance(27 * MIN),
  }
}

describe('the title of a hidden tab that is warned (WCAG 2.4.2)', () => {
  test('leaves a long title of the host’s as long as it is', async () => {
    const long = 'Indicators of compromise, '.repeat(20).trim()
    const { warn } = await openHidden(long)
    await warn()
    expect(document.title).toBe(`Signing out in 2 minutes – ${long}`)
    hide(false)
    expect(document.title).toBe(long)
  })

  test('is the host’s alone as soon as the tab is shown, though the warning is still open', async () => {
    const { warn } = await openHidden('Desk')
    await warn()
    hide(false)
    expect(document.title).toBe('Desk')
    expect(document.querySelector('dialog')!.open).toBe(true)
    hide(true)
    expect(document.title).toBe('Signing out in 2 minutes – Desk')
  })

  test('follows a host that sets another meanwhile, and gives that one back', async () => {
    const { warn, advance } = await openHidden('Feed 1')
    await warn()
    document.title = 'Feed 2'
    await advance(61 * S)
    expect(document.title).toBe('Signing out in 59 seconds – Feed 2')
    hide(false)
    expect(document.title).toBe('Feed 2')
  })

  test('does not pile up where the host puts a count before whatever is there', async () => {
    const { warn, advance } = await openHidden('Desk')
    await warn()
    document.title = `(1) ${document.title}`
    await advance(61 * S)
    expect(document.title).toBe('Signing out in 59 seconds – (1) Desk')
    document.title = `(2) ${document.title}`
    hide(false)
    expect(document.title).toBe('(2) (1) Desk')
  })

  test('is put back also where the browser trims the words', async () => {
    const { warn, rerenderWith } = await openHidden('Desk')
    rerenderWith({ labels: { titleLeft: (time) => ` Out in ${time}` } })
    await warn()
    expect(document.title).toBe('Out in 2 minutes – Desk')
    hide(false)
    expect(document.title).toBe('Desk')
  })

  test('says that one is signed out once the session has ended unseen', async () => {
    const { warn, advance, signIn } = await openHidden('Desk')
    await warn()
    await advance(3 * MIN)
    expect(document.title).toBe('Sign in – Desk')
    hide(false)
    expect(document.title).toBe('Sign in – Desk')
    await signIn()
    expect(document.title).toBe('Desk')
  })
})
