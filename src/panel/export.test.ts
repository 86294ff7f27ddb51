import { expect, test } from 'vitest'
import { AuthError } from '../core/errors.ts'
import { ANALYST, createPlain, createScene, MIN, S } from '../core/scene.ts'
import { Secret } from '../core/secret.ts'
import { connectReduxDevtools } from './devtools.ts'
import { recordSession } from './recording.ts'
import { scrub } from './redact.ts'

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS1zZXJ2ZXI'
const PERSONAL = [
  'ada.lovelace',
  'Ada Lovelace',
  'key-of-ada',
  'Countess of Lovelace',
  'ada@example.com',
  '+44 20 1234',
  'London',
]
const ID = 'jti-1234567890-abcdefghijkl'

const claims = {
  iss: 'https://id.example',
  aud: 'console',
  scope: 'read write',
  roles: ['admin'],
  iat: 1_767_603_600,
  exp: 1_767_605_400,
  jti: ID,
  sub: 'key-of-ada',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  phone_number: '+44 20 1234',
  address: { locality: 'London', titles: ['Countess of Lovelace'] },
  'https://example.com/employee': 4711,
}

/** A session whose every text names somebody. */
function createPersonal() {
  const user = { key: 'key-of-ada', name: 'Ada Lovelace' }
  const more = {
    claims,
    user,
    refreshToken: new Secret(`refresh-${TOKEN}`),
    csrf: { name: 'x', value: new Secret(`csrf-${TOKEN}`) },
  }
  let isDown = false
  const plain = createPlain()
  const backend = createPlain({
    async signIn(credentials, call) {
      return { ...(await plain.signIn(credentials, call)), ...more, token: new Secret(TOKEN) }
    },
    async refresh(grant, call) {
      if (isDown)
        throw new AuthError('unreachable', `GET /users/ada.lovelace?token=${TOKEN}: ADA@example.com is not served`)
      return { ...(await plain.refresh!(grant, call)), ...more, token: new Secret(TOKEN) }
    },
  })
  const scene = createScene({ backend })
  return {
    ...scene,
    fail: () => {
      isDown = true
    },
  }
}

const SESSION_ID = 'session-0123-4567'
const SECRETS = [...TOKEN.split('.'), TOKEN, 'bug#1', ID, SESSION_ID]

async function live(onTab: (tab: ReturnType<ReturnType<typeof createPersonal>['open']>) => void) {
  const scene = createPersonal()
  const tab = scene.open({ ...scene.world.openTab(), id: () => SESSION_ID })
  await scene.world.settle()
  onTab(tab)
  await tab.signIn({ username: 'ada.lovelace', password: ANALYST.password })
  await scene.world.settle()
  const release = tab.keepAwake('Import for Ada Lovelace (ada.lovelace)', { max: MIN })
  await scene.world.advance(30 * S)
  release()
  await scene.world.advance(61 * S)
  tab.touch()
  await scene.world.advance(70 * S)
  scene.fail()
  tab.touch()
  await scene.world.advance(5 * S)
  return { ...scene, tab }
}

test('what is exported has its form, and neither a secret nor anybody’s name in it', async () => {
  let recording: ReturnType<typeof recordSession> | undefined
  const { tab, world } = await live((tab) => {
    recording = recordSession(tab)
  })
  for (const isOver of [false, true]) {
    if (isOver) {
      tab.signOut()
      await world.settle()
    }
    const text = JSON.stringify(recording)
    for (const value of [...SECRETS, ...PERSONAL]) expect(text.toLowerCase()).not.toContain(value.toLowerCase())
    expect(text).not.toContain('4711')
    expect(JSON.parse(text)).toMatchObject({ format: 'stillhere-recording', v: 1 })
  }
  const text = JSON.stringify(recording)
  // What is left is of use.
  expect(text).toContain('Import for [redacted]')
  expect(text).toContain('Refresh failed, unreachable: GET /users/[redacted]?')
})

test('claims about the token stay, ids are cut short, and the rest is a name and no value', async () => {
  let recording: ReturnType<typeof recordSession> | undefined
  await live((tab) => {
    recording = recordSession(tab)
  })
  expect(recording!.toJSON().claims).toEqual({
    iss: 'https://id.example',
    aud: 'console',
    scope: 'read write',
    roles: ['admin'],
    iat: 1_767_603_600,
    exp: 1_767_605_400,
    jti: 'jti-1234…',
    sub: '[redacted]',
    name: '[redacted]',
    email: '[redacted]',
    phone_number: '[redacted]',
    address: '[redacted]',
    'https://example.com/employee': '[redacted]',
  })
})

test('a name with signs that mean something to patterns is blotted out, too', () => {
  expect(scrub({ a: ['by a.b*(c)'] }, ['a.b*(c)'])).toEqual({ a: ['by [redacted]'] })
  expect(scrub('as axb*(c)', ['a.b*(c)'])).toBe('as axb*(c)')
})

/** The extension, as far as zustand's middleware talks to it. */
function fakeExtension() {
  const sent: { action: { type: string }; state: unknown }[] = []
  const connection = {
    init: (state: unknown) => sent.push({ action: { type: '@@INIT' }, state }),
    send: (action: { type: string }, state: unknown) => sent.push({ action, state }),
    subscribe: () => () => {},
    unsubscribe: () => {},
  }
  return { sent, extension: { connect: () => connection } }
}

test('in the Redux DevTools each event is an action, and nothing is secret or personal', async () => {
  const { sent, extension } = fakeExtension()
  const page = { __REDUX_DEVTOOLS_EXTENSION__: extension }
  Object.assign(globalThis, page, { window: page })
  try {
    let off = () => {}
    const { tab, world } = await live((tab) => {
      off = connectReduxDevtools(tab, { name: 'mine' })
    })
    tab.signOut()
    await world.settle()
    const types = sent.map(({ action }) => action.type)
    expect(types).toEqual(
      expect.arrayContaining([
        '@@INIT',
        'signed-in',
        'kept-awake',
        'released',
        'refreshed',
        'failed',
        'ended',
        'revoked',
      ]),
    )
    const text = JSON.stringify(sent).toLowerCase()
    for (const value of [...SECRETS, ...PERSONAL]) expect(text).not.toContain(value.toLowerCase())
    expect(text).toContain('[secret]')
    const before = sent.length
    off()
    await tab.signIn({ username: 'ada.lovelace' })
    await world.settle()
    expect(sent).toHaveLength(before)
  } finally {
    for (const name of ['__REDUX_DEVTOOLS_EXTENSION__', 'window']) Reflect.deleteProperty(globalThis, name)
  }
})

test('without the extension nothing is listened to', async () => {
  const { open, world } = createPersonal()
  const tab = open()
  await world.settle()
  let subscribed = 0
  connectReduxDevtools({
    ...tab,
    subscribe: () => {
      subscribed++
      return () => {}
    },
  })()
  expect(subscribed).toBe(0)
})
