import { hashPassword, matchesPassword } from './password.ts'

/** Someone who may sign in; `userId` is what EclecticIQ's tokens carry as `user_id`. */
export type MockUser = { userId: number; username: string; password: string }

export type Account = Readonly<Omit<MockUser, 'password'>>

/** The users of the demo; the password of the first is the one in EclecticIQ's document. */
export const demoUsers: readonly MockUser[] = [
  { userId: 7, username: 'analyst@example.com', password: 'bug#1' },
  { userId: 8, username: 'lead@example.com', password: 'bug#2' },
]

export type Directory = ReturnType<typeof createDirectory>

/** The directory of users; throws if two share a name or an id. */
export function createDirectory(users: readonly MockUser[], iterations: number) {
  for (const key of ['username', 'userId'] as const) {
    if (new Set(users.map((user) => user[key])).size < users.length) throw new Error(`users: two share one ${key}`)
  }
  const accounts = new Map(users.map(({ userId, username }) => [username, { userId, username }]))

  // All at once and once: were a user hashed at their own first sign-in, it would take longer than an unknown user's.
  let hashing: ReturnType<typeof hashAll> | undefined
  async function hashAll() {
    const unknown = hashPassword('', iterations)
    const known = users.map(
      async ({ username, password }) => [username, await hashPassword(password, iterations)] as const,
    )
    return { known: new Map(await Promise.all(known)), unknown: await unknown }
  }

  return {
    /** Whether someone has this user name. */
    has: (username: string) => accounts.has(username),
    /** The account if the password is right; an unknown user costs as much as a wrong password. */
    async check(username: string, password: string): Promise<Account | undefined> {
      const { known, unknown } = await (hashing ??= hashAll())
      const matches = await matchesPassword(password, known.get(username) ?? unknown)
      return matches ? accounts.get(username) : undefined
    },
  }
}
