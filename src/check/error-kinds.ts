import { AuthError } from '../core/errors.ts'
import type { ErrorKind } from '../core/types.ts'
import { fail, pass, type Run, skipped, type Verdict } from './run.ts'

interface Case {
  readonly name: string
  readonly status?: number
  readonly answer: () => Response
  readonly kinds: readonly ErrorKind[]
}

const OTHER_JSON = '200 with other JSON'
const page = '<!doctype html><title>Welcome</title>'
const CASES: readonly Case[] = [
  { name: '404', status: 404, answer: () => new Response('{}', { status: 404 }), kinds: ['malformed', 'unreachable'] },
  { name: '429', status: 429, answer: () => new Response('{}', { status: 429 }), kinds: ['unreachable'] },
  { name: '500', status: 500, answer: () => new Response('{}', { status: 500 }), kinds: ['unreachable'] },
  { name: '503 with a page', status: 503, answer: () => new Response(page, { status: 503 }), kinds: ['unreachable'] },
  { name: '200 with a page', answer: () => new Response(page), kinds: ['malformed'] },
  { name: '200 with nothing', answer: () => new Response(null), kinds: ['malformed'] },
  { name: OTHER_JSON, answer: () => Response.json({ unexpected: 1 }), kinds: ['malformed'] },
  {
    name: 'no answer',
    answer: () => {
      throw new TypeError('fetch failed')
    },
    kinds: ['unreachable'],
  },
]

/** Shows the adapter made-up answers to a sign-in, without a server; `taken` is the status of this server's own refusals. */
export async function checkErrorKinds(run: Run, taken: number | undefined): Promise<Verdict> {
  const { credentials } = run.options
  const subject = run.subject
  if (typeof subject !== 'function') return skipped('The adapter was not given as a function of fetch.')
  // An adapter that signs nobody in has nothing to read in an answer.
  const { permanent = false } = subject(run.options.fetch ?? fetch)
  const cases = CASES.filter(({ name, status }) =>
    status === undefined ? !permanent || name !== OTHER_JSON : status !== taken,
  )
  const wrong: string[] = []
  for (const { name, answer, kinds } of cases) {
    const { signIn } = subject(async () => answer())
    const got = await signIn(credentials, { departedAt: run.now() }).then(
      () => 'a session',
      (error) => (error instanceof AuthError ? error.kind : `a ${error?.name}`),
    )
    if (!kinds.includes(got as ErrorKind)) wrong.push(`${name} → ${got}, not ${kinds[0]}`)
  }
  if (!wrong.length) return pass(`Of ${cases.length} made-up answers each was taken for what it is.`)
  return fail(
    `Made-up answers to a sign-in were taken for something else: ${wrong.join('; ')}.`,
    'The adapter must throw an AuthError: refused for a definite no alone, unreachable for outages, else malformed.',
  )
}
