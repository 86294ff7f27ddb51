import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoAccidents } from './fixture-quiet.ts'
import { createMockBackend } from './index.ts'
import { type Serving, serve } from './serve.ts'

expectNoAccidents()

let serving: Serving
beforeAll(async () => {
  serving = await serve(createMockBackend({ pbkdf2Iterations: 1, refusalDelay: 0 }), '127.0.0.1', 0)
})
afterAll(() => serving.stop(0))

/** Sends bytes as they are, and gives the status line of what comes back, empty if nothing does. */
async function statusOf(...lines: string[]): Promise<string> {
  const socket = connect(Number(new URL(serving.url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => (answer += data.toString('latin1'))).on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(Buffer.from(lines.join('\r\n'), 'latin1'))
  await closed
  return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? ''
}

const CLOSE = 'Connection: close'
const HOST = 'Host: localhost'
const post = (...headers: string[]) => ['POST /auth HTTP/1.1', HOST, CLOSE, ...headers, '']
const get = (path: string, ...headers: string[]) => [`GET ${path} HTTP/1.1`, HOST, CLOSE, ...headers, '', '']
const control = (target: string, ...hosts: string[]) => [
  `GET ${target} HTTP/1.1`,
  ...hosts,
  CLOSE,
  'x-stillhere-mock: 1',
  '',
  '',
]

test.each<[string, string, string[]]>([
  ['the method TRACE', '405', ['TRACE /auth HTTP/1.1', HOST, CLOSE, '', '']],
  ['the method TRACE with a body', '405', ['TRACE /auth HTTP/1.1', HOST, CLOSE, 'Content-Length: 2', '', '{}']],
  ['the method CONNECT', '', ['CONNECT localhost:80 HTTP/1.1', HOST, CLOSE, '', '']],
  ['an unknown method', '400', ['FOO /auth HTTP/1.1', HOST, CLOSE, '', '']],
  ['a method in small letters', '400', ['get /feeds/ HTTP/1.1', HOST, CLOSE, '', '']],
  ['OPTIONS for all', '400', ['OPTIONS * HTTP/1.1', HOST, CLOSE, '', '']],
  ['an upgrade', '401', ['GET /feeds/ HTTP/1.1', HOST, 'Connection: upgrade, close', 'Upgrade: websocket', '', '']],
  ['HTTP/2 without asking', '400', ['PRI * HTTP/2.0', '', 'SM', '', '']],
  ['HTTP/9.9', '400', ['GET /feeds/ HTTP/9.9', HOST, '', '']],
  ['TLS', '400', ['\x16\x03\x01\x02\x00\x01\x00\x01']],
  ['no HTTP at all', '400', ['\0\0\0', '', '']],
  ['an expectation nobody has', '417', post('Expect: miracles', 'Content-Length: 2', '', '{}')],
  ['no host', '400', ['GET /feeds/ HTTP/1.1', CLOSE, '', '']],
  ['a space in the host', '400', ['GET /feeds/ HTTP/1.1', 'Host: a b', CLOSE, '', '']],
  ['a NUL in the path', '400', get('/feeds/\0')],
  ['a letter in the path that is not ASCII', '400', get('/feeds/\u00e9')],
  ['a backslash in the path', '400', get('/feeds\\200')],
  ['a path of 100 kB', '431', get(`/${'a'.repeat(100_000)}`)],
  ['100 kB of token', '431', get('/feeds/', `Authorization: Bearer ${'x'.repeat(100_000)}`)],
  ['3000 headers', '431', get('/feeds/', ...Array.from({ length: 3000 }, (_, i) => `a${i}: 1`))],
  ['a NUL in a header', '400', get('/feeds/', 'Authorization: Bearer a\0b')],
  ['a header on two lines', '400', get('/feeds/', 'Authorization: Bearer', ' x')],
  ['a space before the colon', '400', get('/feeds/', 'Authorization : Bearer x')],
  ['line feeds alone', '400', [get('/feeds/').join('\n')]],
  ['a token of Latin letters', '401', get('/feeds/', 'Authorization: Bearer \u00ff\u00fe')],
  [
    'two Authorization headers',
    '401',
    get('/feeds/', ...Array(2).fill('Authorization: Bearer demo-api-token-not-a-secret')),
  ],
  ['one Authorization header', '200', get('/feeds/', 'Authorization: Bearer demo-api-token-not-a-secret')],
  ['a body with GET', '401', get('/feeds/', 'Content-Length: 2').with(-1, '{}')],
  ['length and chunks at once', '400', post('Content-Length: 5', 'Transfer-Encoding: chunked', '', '0', '', '')],
  ['chunks in another coding', '400', post('Transfer-Encoding: chunked, identity', '', '0', '', '')],
  ['an unknown transfer coding', '400', post('Transfer-Encoding: xchunked', '', '0', '', '')],
  ['two lengths', '400', post('Content-Length: 2', 'Content-Length: 3', '', '{}')],
  ['a length below zero', '400', post('Content-Length: -1', '', '{}')],
  ['a length with a sign', '400', post('Content-Length: +2', '', '{}')],
  ['a length beyond numbers', '400', post('Content-Length: 99999999999999999999999', '', '{}')],
  ['a length of petabytes', '413', post('Content-Length: 9007199254740993', '', '{}')],
  ['a length of one byte too much', '413', post('Content-Length: 65537', '', '{}')],
  ['a chunk of no length', '400', post('Transfer-Encoding: chunked', '', 'zz', '{}', '0', '', '')],
  ['a chunk beyond numbers', '400', post('Transfer-Encoding: chunked', '', 'ffffffffffffffffff', '')],
  ['20 kB about a chunk', '413', post('Transfer-Encoding: chunked', '', `2;${'x'.repeat(20_000)}`, '{}', '0', '', '')],
  [
    'a hundred cookies of one name',
    '401',
    ['POST /rest/cookie/refresh HTTP/1.1', HOST, CLOSE, `Cookie: ${'rest-refresh=x;'.repeat(100)}`, '', ''],
  ],
  [
    'a cookie that does not decode',
    '401',
    ['POST /rest/cookie/refresh HTTP/1.1', HOST, CLOSE, 'Cookie: rest-refresh=%E0%A4%A', '', ''],
  ],
  ['the origin of no page', '403', ['POST /rest/cookie/refresh HTTP/1.1', HOST, CLOSE, 'Origin: null', '', '']],
  ['the control endpoint', '200', control('/__stillhere/outbox', HOST)],
  ['the control endpoint over two hosts', '404', control('/__stillhere/outbox', HOST, 'Host: evil.example')],
  [
    'the control endpoint over two hosts, the other first',
    '404',
    control('/__stillhere/outbox', 'Host: evil.example', HOST),
  ],
  [
    'the control endpoint of another host in the target',
    '404',
    control('http://evil.example/__stillhere/outbox', HOST),
  ],
  [
    'the control endpoint of this host in the target alone',
    '404',
    control('http://localhost/__stillhere/outbox', 'Host: evil.example'),
  ],
  [
    'the control endpoint of a host by a header of proxies',
    '404',
    control('/__stillhere/outbox', 'Host: evil.example', 'X-Forwarded-Host: localhost'),
  ],
  ['the control endpoint of all addresses', '404', control('/__stillhere/outbox', 'Host: 0.0.0.0')],
  ['the control endpoint of an address as one number', '404', control('/__stillhere/outbox', 'Host: 2130706433')],
  ['the control endpoint of a host with a dot', '404', control('/__stillhere/outbox', 'Host: localhost.')],
  ['the control endpoint of a host with a user', '400', control('/__stillhere/outbox', 'Host: localhost@evil.example')],
  ['the control endpoint of a host with a path', '400', control('/__stillhere/outbox', 'Host: localhost/x')],
  ['the control endpoint of an empty host', '400', control('/__stillhere/outbox', 'Host: ')],
  ['the control endpoint behind two slashes', '404', control('//__stillhere/outbox', HOST)],
  ['the control endpoint behind an encoded slash', '404', control('/__stillhere%2foutbox', HOST)],
  [
    'the control endpoint in encoded letters, of another host',
    '404',
    control('/__stillhere/%6futbox', 'Host: evil.example'),
  ],
  [
    'the control endpoint by way of another path, of another host',
    '404',
    control('/x/../__stillhere/outbox', 'Host: evil.example'),
  ],
  ['the control endpoint with its header twice', '404', control('/__stillhere/outbox', HOST, 'x-stillhere-mock: 1')],
])('%s is answered by %s', async (_, status, lines) => {
  expect(await statusOf(...lines)).toBe(status)
})

test('a length too short leaves a rest that is no request, and the server goes on', async () => {
  const shorter = ['POST /auth HTTP/1.1', HOST, 'Content-Length: 1', '', '{}GET /feeds/ HTTP/1.1', HOST, '', '']
  expect(await statusOf(...shorter)).toBe('400')
  expect(await statusOf(...get('/feeds/'))).toBe('401')
})
