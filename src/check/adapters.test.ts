import { describe, test } from 'vitest'
import { eclecticiq } from '../backends/eclecticiq.ts'
import { rest } from '../backends/rest.ts'
import { AuthError } from '../core/errors.ts'
import { HOST, inBody, type SystemName } from './fixture.ts'
import { type Expected, expectLines } from './fixture-expected.ts'
import type { Subject } from './index.ts'

const toWrap =
  (change: (url: string, init: RequestInit) => [string, RequestInit]) => (fetch: typeof globalThis.fetch) =>
    eclecticiq({ baseUrl: `${HOST}/api`, fetch: (input, init) => fetch(...change(String(input), init!)) })

describe('with a defect of the adapter, exactly the lines fail that it is about', () => {
  const cases: [string, SystemName, Subject, ...Expected][] = [
    [
      'one that takes every status for a no',
      'rest in the body',
      (fetch) => rest({ ...inBody, fetch, signIn: { path: '/login', refusals: (status) => status >= 400 } }),
      ['error-kinds'],
      [],
      /404 → refused, not malformed; 429 → refused, not unreachable; 500 → refused/,
    ],
    [
      'one that promises more than the token',
      'rest in the body',
      (fetch) =>
        rest({
          ...inBody,
          fetch,
          answer: { ...inBody.answer, expires: { field: 'data.expiresIn', unit: 's-from-now' } },
        }),
      ['token-life'],
      [],
      /By the adapter it lives 900000 s, by exp − iat of the token itself 900 s/,
    ],
    [
      'one that would follow redirects',
      'EclecticIQ',
      toWrap((url, init) => [url, { ...init, redirect: 'follow' }]),
      ['redirects'],
      [],
      /^POST .*\/api\/auth would follow a redirect/,
    ],
    [
      'one that puts secrets into addresses',
      'EclecticIQ',
      toWrap((url, init) => [`${url}?password=${encodeURIComponent('bug#1')}`, init]),
      ['urls'],
      [],
      /^POST .*\/api\/auth\?… has a secret in it|^POST .*\/api\/auth has a secret in it/,
    ],
    [
      'one that repeats a secret in a message',
      'EclecticIQ',
      (fetch) => {
        const backend = eclecticiq({ baseUrl: `${HOST}/api`, fetch })
        return {
          ...backend,
          signIn: (credentials, call) =>
            backend.signIn(credentials, call).catch((error: AuthError) => {
              throw new AuthError(error.kind, `no ${credentials.password}`, { status: error.status ?? 0 })
            }),
        }
      },
      ['messages'],
      [],
      /^"no \[secret\]/,
    ],
    [
      'one that throws what is no AuthError',
      'EclecticIQ',
      (fetch) => {
        const backend = eclecticiq({ baseUrl: `${HOST}/api`, fetch })
        return {
          ...backend,
          signIn: (credentials, call) =>
            backend.signIn(credentials, call).catch(() => {
              throw new RangeError('out of range')
            }),
        }
      },
      ['wrong-password', 'error-kinds'],
      [],
      /answered 401 .*: the adapter threw RangeError, not an AuthError \("out of range"\)/,
    ],
    [
      'one that does not know a bad token',
      'EclecticIQ',
      (fetch) => ({ ...eclecticiq({ baseUrl: `${HOST}/api`, fetch }), refusesToken: () => false }),
      ['garbage-token', 'forged-token'],
      ['revoked-token', 'revoked-earlier', 'revoke-with-old', 'end-kept', 'left-behind'],
      /answered 401 to a token of garbage, which the adapter does not take for a bad token/,
    ],
  ]
  test.each(cases)('%s (%s)', async (_, name, subject, ...expected) => {
    await expectLines(expected, name, { subject })
  })
})
