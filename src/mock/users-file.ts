import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { isNotTooLong } from './password-length.ts'
import type { MockUser } from './users.ts'

const text = v.pipe(v.string('must be a text'), v.nonEmpty('must not be empty'), v.maxLength(256, 'is too long'))

const user = v.strictObject(
  {
    userId: v.pipe(
      v.number('must be a whole number'),
      v.integer('must be a whole number'),
      v.minValue(0, 'must be 0 or more'),
    ),
    username: text,
    password: v.pipe(v.string('must be a text'), v.nonEmpty('must not be empty'), isNotTooLong('is too long')),
    displayName: v.exactOptional(text),
    roles: v.exactOptional(v.array(text, 'must be a list of texts')),
    phone: v.exactOptional(text),
    customerId: v.exactOptional(text),
    tenantId: v.exactOptional(text),
  },
  ({ received, expected }) =>
    expected === 'never' ? 'is unknown' : received === 'undefined' ? 'is missing' : 'must be an object',
)

const userList = v.pipe(v.array(user, 'must be a list of users'), v.nonEmpty('names no user'))

const at = (path: readonly (string | number)[]) =>
  path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')

function firstRepeated(users: readonly MockUser[]): string | undefined {
  for (const field of ['username', 'userId', 'customerId'] as const) {
    for (const [index, { [field]: value }] of users.entries()) {
      const first = users.findIndex((other) => other[field] === value)
      if (value !== undefined && first < index) return `${at([index, field])} is the same as ${at([first, field])}`
    }
  }
  return undefined
}

/** The users in a JSON file, or what is wrong with it: the file, the index, the field and the remedy, never a value. */
export async function readUsers(file: string): Promise<readonly MockUser[] | string> {
  let json: string
  try {
    json = await readFile(file, 'utf8')
  } catch (error) {
    return `${file}: can not be read (${(error as NodeJS.ErrnoException).code}); give the path of a JSON file`
  }
  let value: unknown
  try {
    // Some editors begin a file with a byte order mark, which is no JSON (RFC 8259 §8.1).
    value = JSON.parse(json.replace(/^\uFEFF/, ''))
  } catch {
    return `${file}: is not JSON; give a list such as [{"userId": 1, "username": "ana", "password": "…"}]`
  }
  const result = v.safeParse(userList, value)
  if (result.success) {
    const repeated = firstRepeated(result.output)
    return repeated === undefined ? result.output : `${file}: ${repeated}; give each user another`
  }
  const [issue] = result.issues
  const path = (issue.path ?? []).map(({ key }) => key as string | number)
  return `${file}: ${[at(path), issue.message].filter(Boolean).join(' ')}`
}
