// @vitest-environment happy-dom
import { readdir, readFile } from 'node:fs/promises'
import { act, cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import {
  createLabels,
  LABELS,
  LABELS_DE,
  LoginPage,
  RequireSession,
  type SessionProviderProps,
  SessionWarning,
} from 'stillhere/react'
import ts from 'typescript'
import { afterEach, describe, expect, test } from 'vitest'
import { accented, pseudo } from '../demo/pseudo.ts'
import { createScene, MIN, refused, S, throttled, unreachable } from './scene.tsx'

afterEach(() => {
  cleanup()
  document.documentElement.lang = ''
})

const user = userEvent.setup({ delay: null })
const press = (name: string) => user.click(screen.getByRole('button', { name }))
const page = (
  <>
    <SessionWarning />
    <RequireSession>in</RequireSession>
  </>
)
const reset = { passwordReset: { requestPin: async () => {}, change: async () => {} } }

const READ_OUT = /^(aria-(label|description|valuetext|roledescription)|title|alt|placeholder|label)$/

/** Words that people meet and that stand in the source itself: texts of elements, and attributes that are read out. */
function wordsIn(source: string): string[] {
  const found: string[] = []
  function visit(node: ts.Node, isShown: boolean): void {
    const isText = ts.isJsxText(node) || (isShown && (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)))
    if (isText && /\p{L}/u.test(node.text)) found.push(node.text.trim())
    ts.forEachChild(node, (child) => {
      if (ts.isJsxAttribute(node)) visit(child, READ_OUT.test(node.name.getText()))
      // What decides between words is none.
      else if (ts.isConditionalExpression(node)) visit(child, isShown && child !== node.condition)
      else visit(child, (isShown && !ts.isJsxOpeningLikeElement(child)) || isChild(node))
    })
  }
  const isChild = (node: ts.Node) => ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)
  visit(ts.createSourceFile('it.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX), false)
  return found
}

describe('every word', () => {
  test('stands in the labels, and none in a component', async () => {
    const files = (await readdir(import.meta.dirname)).filter((name) => /(?<!\.test|scene)\.tsx$/.test(name))
    expect(files).toContain('SessionWarning.tsx')
    const found = await Promise.all(
      files.map(async (name) => [name, wordsIn(await readFile(`${import.meta.dirname}/${name}`, 'utf8'))]),
    )
    expect(found).toEqual(files.map((name) => [name, []]))
  })

  test.each([
    '<p>Hello</p>',
    '<p>{isIn ? "Hello" : labels.stay}</p>',
    '<p>{isIn && `Hello`}</p>',
    '<p>{`Hello $'.concat('{name}`}</p>'),
    '<p aria-label="Hello" />',
    '<p title={isIn ? "Hello" : undefined} />',
    '<p>{list.map(() => "Hello")}</p>',
  ])('would be found in %s', (source) => expect(wordsIn(source)).toEqual([expect.stringContaining('Hello')]))

  test('that is shown, said or in the title comes from the labels given', async () => {
    const labels = pseudo('en-XA', accented)
    document.title = 'host'
    const isOurs = () => {
      const texts: string[] = []
      for (const element of document.querySelectorAll('[data-stillhere] *')) {
        for (const name of ['aria-label', 'title', 'alt', 'placeholder']) texts.push(element.getAttribute(name) ?? '')
        for (const node of element.childNodes) if (node.nodeType === 3) texts.push(node.textContent!)
      }
      expect(texts.filter(Boolean).length).toBeGreaterThan(3)
      expect(texts.filter((text) => text && !/^\[.*·\]$/s.test(text))).toEqual([])
    }
    const { settle, server, signIn, advance, session } = createScene(page, { labels }, {}, reset)
    await settle()
    isOurs()
    expect(document.title).toBe(`${labels.signInTitle} – host`)
    for (const error of [refused(), unreachable(), throttled(5 * S)]) {
      server.error = error
      await user.type(screen.getByLabelText(labels.username), 'ada')
      await user.type(screen.getByLabelText(labels.password), 'secret')
      await press(labels.signIn)
      await settle()
      expect(screen.getByRole('alert')).toBeTruthy()
      isOurs()
    }
    server.error = null
    await advance(5 * S)
    await press(labels.forgotPassword)
    isOurs()
    await press(labels.sendPin)
    isOurs()
    await user.type(screen.getByLabelText(labels.username), 'ada')
    await press(labels.sendPin)
    await settle()
    isOurs()
    await signIn()
    await advance(27 * MIN)
    isOurs()
    server.error = unreachable()
    await press(labels.stay)
    isOurs()
    await advance(60 * S)
    act(() => session.signOut())
    await settle()
    isOurs()
  })
})

describe('a language', () => {
  const shown = (labels: SessionProviderProps['labels']) => createScene(page, labels ? { labels } : {})
  const part = () => document.querySelector('[data-stillhere="words"]')!
  const marks = () => [part().getAttribute('lang'), part().getAttribute('dir')]
  const words = Object.fromEntries(
    Object.entries(LABELS).filter(([key]) => key !== 'locale' && key !== 'time'),
  ) as typeof LABELS

  test('has its times from Intl: one or many, minutes above a minute', () => {
    expect([1, 2, 60, 61, 600].map(LABELS.time)).toEqual([
      '1 second',
      '2 seconds',
      '60 seconds',
      '2 minutes',
      '10 minutes',
    ])
    expect([1, 2, 61].map(LABELS_DE.time)).toEqual(['1 Sekunde', '2 Sekunden', '2 Minuten'])
    // Polish has three plurals, Arabic a dual.
    expect([1, 2, 5].map(createLabels('pl', words).time)).toEqual(['1 sekunda', '2 sekundy', '5 sekund'])
    expect(createLabels('ar', words).time(120)).toBe('دقيقتان')
  })

  test('may write its times itself', () => {
    expect(createLabels('tlh', { ...words, time: (seconds) => `lup ${seconds}` }).time(3)).toBe('lup 3')
  })

  test('that is none is an error that says how to write one', () => {
    expect(() => createLabels('de_DE', words)).toThrow(
      '"de_DE" is not a language tag. Write one of BCP 47, such as "de"',
    )
  })

  test('with a word missing does not compile', () => {
    // @ts-expect-error: almost all are missing.
    expect(createLabels('fr', { stay: 'Rester' }).stay).toBe('Rester')
  })

  test('in German has a word for everything, and an English one for nothing', () => {
    const given = (label: unknown) => (typeof label === 'function' ? label('…') : label)
    const flat = (labels: object) =>
      Object.entries({ ...labels, ...LABELS_DE.reasons }).map(([key, label]) => [key, given(label)])
    expect(Object.keys(LABELS_DE.reasons)).toEqual(Object.keys(LABELS.reasons))
    const same = flat(LABELS_DE).filter(([key, word]) => word === given(LABELS[key as keyof typeof LABELS]))
    expect(same).toEqual([])
    for (const [key, label] of Object.entries(LABELS_DE)) {
      if (typeof label === 'function' && !['time', 'timeShort'].includes(key))
        expect(label('GIVEN'), key).toContain('GIVEN')
    }
  })

  test('in parts stays English for the rest, reasons too', async () => {
    const { settle, signIn, session, advance } = shown({ signIn: 'Enter', reasons: { user: 'Bye.' } })
    await settle()
    expect(screen.getByRole('button', { name: 'Enter' })).toBeTruthy()
    expect(screen.getByLabelText('User name')).toBeTruthy()
    await signIn()
    act(() => session.signOut())
    await settle()
    expect(screen.getByText('Bye.')).toBeTruthy()
    await signIn()
    await advance(30 * MIN)
    expect(screen.getByText(LABELS.reasons.idle)).toBeTruthy()
  })

  test('with a word not there yet stays English for it, and its times too', async () => {
    const given = { signIn: undefined, time: undefined, warningTitle: 'Still here?', reasons: { user: undefined } }
    const { settle, signIn, session, advance } = shown(given as unknown as SessionProviderProps['labels'])
    await settle()
    expect(screen.getByRole('button', { name: LABELS.signIn })).toBeTruthy()
    await signIn()
    await advance(28 * MIN)
    expect(screen.getByRole('alertdialog', { name: 'Still here?' }).textContent).toContain('60 seconds')
    act(() => session.signOut())
    await settle()
    expect(screen.getByText(LABELS.reasons.user)).toBeTruthy()
  })

  test.each([
    ['the page’s own', 'en', undefined, [null, null]],
    ['the page’s own, of another country', 'en-GB', undefined, [null, null]],
    ['another one', 'de-AT', undefined, ['en', 'ltr']],
    ['another one, of a page that says nothing', '', undefined, ['en', 'ltr']],
    ['another one, of a page that says nonsense', 'en_US', undefined, ['en', 'ltr']],
    ['one from right to left', 'en', { locale: 'he' }, ['he', 'rtl']],
    ['the same in another script', 'sr', { locale: 'sr-Latn' }, ['sr-Latn', 'ltr']],
    ['nobody knows which', 'de', { stay: 'Weiter' }, [null, null]],
  ])('is marked where it is not the page’s own (WCAG 3.1.2): %s', async (_, lang, labels, expected) => {
    document.documentElement.lang = lang
    const { settle } = shown(labels)
    await settle()
    expect(marks()).toEqual(expected)
  })

  test('is not said of what the host puts around it', async () => {
    document.documentElement.lang = 'de'
    const { settle } = createScene(<LoginPage footer={<footer>Impressum</footer>} />)
    await settle()
    expect(screen.getByText('Impressum').closest('[lang]')).toBe(document.documentElement)
    expect(screen.getByRole('heading').closest('[lang]')!.getAttribute('lang')).toBe('en')
  })

  test('changes at once, the problem on the screen included', async () => {
    const { settle, rerenderWith } = shown(LABELS)
    await settle()
    await press('Sign in')
    rerenderWith({ labels: LABELS_DE })
    expect(screen.getByRole('alert').textContent).toBe('Geben Sie Ihren Benutzernamen und Ihr Passwort ein.')
  })
})
