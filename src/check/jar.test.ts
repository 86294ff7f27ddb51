import { describe, expect, test } from 'vitest'
import { createJar } from './jar.ts'

const SITE = 'https://auth.example'

function makeJar() {
  const jar = createJar(() => Date.UTC(2026, 0, 5, 9))
  return { ...jar, set: (path: string, ...cookies: string[]) => jar.keep(SITE + path, cookies) }
}

describe('a cookie', () => {
  test('goes back to the host that set it, below its path, and nowhere else', () => {
    const { set, headerFor } = makeJar()
    set('/rest/login', 'refresh=abc; Path=/rest; HttpOnly', 'theme=dark; Path=/')
    expect(headerFor(`${SITE}/rest/refresh`)).toBe('refresh=abc; theme=dark')
    expect(headerFor(`${SITE}/rest`)).toBe('refresh=abc; theme=dark')
    expect(headerFor(`${SITE}/restful`)).toBe('theme=dark')
    expect(headerFor('https://other.example/rest/refresh')).toBe('')
  })

  test('without a path belongs to the folder that it was set in', () => {
    const { set, headerFor } = makeJar()
    set('/rest/login', 'refresh=abc')
    expect([headerFor(`${SITE}/rest/refresh`), headerFor(`${SITE}/`)]).toEqual(['refresh=abc', ''])
  })

  test('that is Secure stays off plain http, loopback aside', () => {
    const jar = createJar(Date.now)
    for (const origin of ['http://auth.example', 'http://127.0.0.1:4000']) {
      jar.keep(origin, ['refresh=abc; Secure; Path=/'])
    }
    expect([jar.headerFor('http://auth.example/'), jar.headerFor('https://auth.example/')]).toEqual(['', 'refresh=abc'])
    expect(jar.headerFor('http://127.0.0.1:4000/')).toBe('refresh=abc')
  })

  test('is replaced by the next of its name, and gone when its end has come', () => {
    const { set, headerFor } = makeJar()
    set('/', 'refresh=abc; Path=/')
    set('/', 'refresh=d=e; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT')
    expect(headerFor(`${SITE}/`)).toBe('refresh=d=e')
    set('/', 'refresh=; Path=/; Max-Age=0')
    expect(headerFor(`${SITE}/`)).toBe('')
    set('/', 'refresh=abc; Path=/', 'refresh=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT')
    expect(headerFor(`${SITE}/`)).toBe('')
  })

  test('can be put back as it was', () => {
    const { set, headerFor, held, putBack } = makeJar()
    set('/', 'refresh=abc; Path=/')
    const before = held()
    set('/', 'refresh=def; Path=/')
    putBack(before)
    expect(headerFor(`${SITE}/`)).toBe('refresh=abc')
  })
})
