import { jest } from '@jest/globals'
import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createElement } from 'react'
import { RequireSession, SessionProvider, SessionWarning, useSession } from 'stillhere/react'
import { createTestSession } from 'stillhere/testing'

const ADA = { user: { name: 'Ada' }, roles: ['admin'] }

function DeleteButton() {
  const isAdmin = useSession((state) => state.roles.includes('admin'))
  return isAdmin && createElement('button', { type: 'button' }, 'Delete')
}

function renderWith(options) {
  const test = createTestSession({ act, ...options })
  const page = createElement(RequireSession, null, createElement('h1', null, 'Private'), createElement(DeleteButton))
  render(createElement(SessionProvider, { session: test.session }, createElement(SessionWarning), page))
  return test
}

beforeAll(() => {
  // jsdom does not open dialogs.
  HTMLDialogElement.prototype.showModal ??= function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close ??= function () {
    this.open = false
  }
})
afterEach(() => {
  cleanup()
  jest.useRealTimers()
})

test('a guarded page is there at once', () => {
  renderWith(ADA)
  expect(screen.getByRole('heading', { name: 'Private' })).toBeTruthy()
})

test('a button is there for one role alone', async () => {
  const { become } = renderWith({ user: { name: 'Grace' } })
  expect(screen.queryByRole('button', { name: 'Delete' })).toBe(null)
  await become(ADA)
  expect(screen.getByRole('button', { name: 'Delete' })).toBeTruthy()
})

for (const timers of ['real', 'fake']) {
  test(`the warning opens, Stay closes it, and the end shows the login page, with ${timers} timers`, async () => {
    if (timers === 'fake') jest.useFakeTimers()
    const user = userEvent.setup(timers === 'fake' ? { advanceTimers: jest.advanceTimersByTime } : {})
    const { warn, expire, advance, settle } = renderWith(ADA)
    await warn()
    expect(screen.getByRole('alertdialog').textContent).toContain('2 minutes')
    await advance(90_000)
    expect(screen.getByRole('alertdialog').textContent).toContain('30 seconds')
    await user.click(screen.getByRole('button', { name: 'Stay signed in' }))
    await settle()
    expect(screen.queryByRole('alertdialog')).toBe(null)
    await expire()
    expect(screen.getByText(/not been active/)).toBeTruthy()
    await user.type(screen.getByLabelText('Password'), 'anything{Enter}')
    expect(await screen.findByRole('heading', { name: 'Private' })).toBeTruthy()
  })
}

test('what the page loads is what the test says', async () => {
  const { session } = renderWith({ ...ADA, fetch: async () => ({ ok: true, status: 200, json: async () => ['one'] }) })
  expect(await (await session.fetch('/api/feeds/')).json()).toEqual(['one'])
})
