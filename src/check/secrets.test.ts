import { expect, test } from 'vitest'
import { showUrl } from './address.ts'
import { createSecrets } from './secrets.ts'

test('a secret is blotted out, also as part of an address or of JSON', () => {
  const secrets = createSecrets()
  const password = 'pass "word"/ä'
  secrets.add(password, 'pass', null, undefined, '')
  for (const form of [password, encodeURIComponent(password), JSON.stringify({ typed: password })]) {
    const shown = secrets.redact(`before ${form} after`)
    expect(shown).toMatch(/^before .*\[secret\].* after$/)
    expect(shown).not.toMatch(/word/)
  }
})

test('what looks like a JWT is blotted out, known or not', () => {
  const secrets = createSecrets()
  expect(secrets.redact('got eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjo3fQ.abc_-, and more')).toBe('got [secret], and more')
})

test('short secrets are blotted out of what servers say, and left where they are our own words', () => {
  const secrets = createSecrets()
  secrets.add('to')
  expect([secrets.redact('up to it'), secrets.redactOurs('up to it')]).toEqual(['up [secret] it', 'up to it'])
  expect(secrets.in('up to it')).toEqual([])
})

test('an address is shown without what may be secret in it', () => {
  expect(showUrl('https://ana:pw@auth.example/in?token=abc#def')).toBe('https://auth.example/in?…#…')
  expect(showUrl('myapp://in?token=abc')).toBe('myapp:?…')
  expect(showUrl('/in?token=abc')).toBe('/in?…')
})

test('of two secrets of which one is a part of the other, nothing is left', () => {
  const secrets = createSecrets()
  secrets.add('orchard', 'orchard-behind-the-house')
  expect(secrets.redact('in the orchard-behind-the-house')).toBe('in the [secret]')
})

test('an ordinary word is blotted out of what servers say, and left where it is our own', () => {
  const secrets = createSecrets((text) => text === 'answered')
  secrets.add('answered')
  expect(secrets.redact('it answered')).toBe('it [secret]')
  expect([secrets.redactOurs('it answered'), secrets.in('it answered')]).toEqual(['it answered', []])
})
