import { describe, expect, test } from 'vitest'
import { ANALYST, doors } from './fixture-doors.ts'
import { expectNoAccidents } from './fixture-quiet.ts'
import { type Body, ECLIPSE, FORM, makeReceiver, readers, text } from './fixture-readers.ts'

expectNoAccidents()

const encode = (value: string) => new TextEncoder().encode(value)
const bytes = (...values: number[]) => new Uint8Array(values)
const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels)
const streamOf = (chunk: unknown, then: 'ends' | 'breaks off') => {
  let sent = false
  return new ReadableStream({
    pull(controller) {
      if (!sent) controller.enqueue(chunk)
      else if (then === 'ends') controller.close()
      else controller.error(new Error('the line is dead'))
      sent = true
    },
  })
}

const multipart = '--x\r\nContent-Disposition: form-data; name="username"\r\n\r\nanalyst@example.com\r\n--x--\r\n'

const unreadable: Record<string, (good: string) => [Body, string?]> = {
  'what is not UTF-8': (good) => [new Uint8Array([...encode('{"x":"'), 0xff, ...encode(`",${good.slice(1)}`)])],
  'what breaks off within a letter': (good) => [new Uint8Array([...encode(good), 0xc3])],
  'surrogates in UTF-8': () => [bytes(0x22, 0xed, 0xa0, 0x80, 0x22)],
  'an overlong quote': () => [bytes(0xc0, 0xa2)],
  'UTF-16': (good) => [bytes(0xff, 0xfe, ...[...good].flatMap((char) => [char.charCodeAt(0), 0]))],
  'a NUL behind it': () => ['{}\0'],
  'more behind it': () => ['{} {}'],
  'JSON cut short': () => ['{"username":"analyst@example.com","pass'],
  'JSON that is none': () => ["{'username':'ana'}"],
  'lists in lists, 30 000 deep': () => [deep('[', ']', 30_000)],
  'lists in lists without an end': () => ['['.repeat(60_000)],
  'a number': () => ['7'],
  'a number beyond numbers': () => ['1e99999'],
  'a text': () => ['"analyst@example.com"'],
  'a truth': () => ['true'],
  multipart: () => [multipart, 'multipart/form-data; boundary=x'],
  'multipart without its boundary': () => [multipart, 'multipart/form-data'],
  'a form without what is asked for': () => ['user=ana&pass=x', FORM],
  'a body that breaks off': () => [streamOf(bytes(0x7b), 'breaks off')],
  'a body that breaks off in a form': () => [streamOf(bytes(0x61), 'breaks off'), FORM],
  'a body of no bytes': () => [streamOf('{}', 'ends')],
}

const tooLarge: Record<string, (good: string) => Body> = {
  '10 MB': () => 'x'.repeat(10_000_000),
  '10 MB of white space before it': (good) => ' '.repeat(10_000_000) + good,
  'lists in lists, 100 000 deep': () => deep('[', ']', 100_000),
  'a user name of 1 MB': () => text({ ...ANALYST, username: 'x'.repeat(1_000_000) }),
  'a password of 1 MB': () => text({ ...ANALYST, password: 'x'.repeat(1_000_000) }),
  'one byte more than 64 KiB': (good) => good.padEnd(65_537),
}

const types = [
  undefined,
  'text/plain',
  'APPLICATION/JSON',
  'application/json; charset=utf-16',
  'image/png',
  '"; odd',
  '',
]

describe.each(readers.map((reader) => [`POST ${reader.path}`, reader] as const))('%s', (_, reader) => {
  const { good, ok, empty = 400, bare = 400, list = 400 } = reader

  test('answers 400 to what is no body, and takes the next that is one', async () => {
    const { send } = makeReceiver(reader)
    for (const [name, make] of Object.entries(unreadable)) {
      const [body, type] = make(text(good))
      expect([name, await send(body, type)]).toEqual([name, 400])
    }
    expect(await send(text(good))).toBe(ok)
  })

  test('answers 413 to more than 64 KiB, of which it reads no more than that', async () => {
    const { send } = makeReceiver(reader)
    for (const [name, make] of Object.entries(tooLarge)) {
      expect([name, await send(make(text(good)))]).toEqual([name, 413])
    }
    let pulled = 0
    const endless = () => {
      pulled = 0
      return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array((pulled += 1000) && 1000)) })
    }
    for (const type of ['application/json', FORM]) {
      expect(await send(endless(), type)).toBe(413)
      expect(pulled).toBeLessThan(70_000)
    }
    expect(await send(text(good))).toBe(ok)
  })

  test('tells apart nothing, a list, and an object without what is asked for, whatever is on its prototype', async () => {
    const { send } = makeReceiver(reader)
    for (const body of [undefined, '', 'null']) expect([body, await send(body)]).toEqual([body, empty])
    expect(await send('[]')).toBe(list)
    expect(await send(text([good]))).toBe(list === 200 ? 200 : 400)
    const inner = text(ANALYST)
    for (const body of [
      `{"__proto__":${inner}}`,
      `{"constructor":{"prototype":${inner}}}`,
      '{"a":'.repeat(9000) + 1 + '}'.repeat(9000),
    ]) {
      expect([body.slice(0, 20), await send(body)]).toEqual([body.slice(0, 20), bare])
    }
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('takes its body under any name of a content type, with a byte order mark, in pieces', async () => {
    const { send, pass } = makeReceiver(reader)
    for (const type of types) {
      expect([type, await send(encode(text(good)), type)]).toEqual([type, ok])
      // Only so many PINs are made, and only so many tried, in ten minutes.
      pass(600_000)
    }
    // RFC 8259 §8.1 leaves it to who reads.
    expect(await send(`\uFEFF${text(good)}`)).toBe(ok)
    pass(600_000)
    const pieces = [...encode(text(good))]
    const byteByByte = new ReadableStream({
      pull: (controller) => (pieces.length ? controller.enqueue(bytes(pieces.shift()!)) : controller.close()),
    })
    expect(await send(byteByByte)).toBe(ok)
  })

  test('waits for the rest of a body until the caller gives up', async () => {
    const { backend } = makeReceiver(reader)
    const leaving = new AbortController()
    let asked = () => {}
    const reached = new Promise<void>((resolve) => (asked = resolve))
    const body = new ReadableStream({ pull: () => asked() }, { highWaterMark: 0 })
    const init = { method: 'POST', body, duplex: 'half', signal: leaving.signal, headers: { 'x-stillhere-mock': '1' } }
    const answer = backend.fetch(`http://localhost:8080${reader.path}`, init as RequestInit)
    await reached
    leaving.abort()
    await expect(answer).rejects.toThrow(/abort/i)
  })
})

describe('a token that goes along with a body', () => {
  test.each(['renew', 'logout'])('at Eclipse, %s answers 400 to a body that does not bring it too', async (path) => {
    const { call, send } = makeReceiver({ system: 'eclipse', path: `${ECLIPSE}/authentication/${path}` })
    const token = await doors.find(({ system }) => system === 'eclipse')!.token(call)
    const Authorization = `Bearer ${token}`
    const bodies = [undefined, '', 'null', '[]', '{}', '{"jwt":null}', '{"jwt":7}', '{"jwt":""}', `["${token}"]`]
    for (const body of [
      ...bodies,
      text({ jwt: `${token} ` }),
      text({ jwt: [token] }),
      text({ __proto__: { jwt: token } }),
    ]) {
      expect([body, await send(body, undefined, { Authorization })]).toEqual([body, 400])
    }
    const huge = text({ jwt: 'x'.repeat(1_000_000) })
    expect(await send(huge, undefined, { Authorization })).toBe(413)
    expect(await send(text({ jwt: token }), undefined, { Authorization })).toBe(path === 'renew' ? 200 : 204)
  })
})
