import { expect, test } from 'vitest'
import { showUrl } from './address.ts'
import { createSecrets, TELLING } from './secrets.ts'

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
  expect([secrets.redact('up to it'), secrets.redact('up to it', TELLING)]).toEqual(['up [secret] it', 'up to it'])
  expect(secrets.in('up to it')).toEqual([])
})

test('an address is shown without what may be secret in it', () => {
  expect(showUrl('https://ana:pw@auth.example/in?token=abc#def')).toBe('https://auth.example/in?…#…')
  expect(showUrl('myapp://in?token=abc')).toBe('myapp:?…')
  expect(showUrl('/in?token=abc')).toBe('/in?…')
})
