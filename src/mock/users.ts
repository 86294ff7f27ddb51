import { hashPassword, matchesPassword } from './password.ts'

/** Someone who may sign in; what is left out is derived from the rest. */
export type MockUser = {
  /** What EclecticIQ's tokens carry as `user_id`. */
  userId: number
  /** The name to sign in with; Eclipse calls it the identity. */
  username: string
  password: string
  /** What a page greets them with; made from the user name unless given. */
  displayName?: string
  /** What Eclipse and the `rest` routes tell of their rights; `['USER']` unless given. */
  roles?: readonly string[]
  /** Where Eclipse's one-time PINs go; a number that no one has unless given. */
  phone?: string
  /** Eclipse's customer id, claim `uid` of its tokens; made from `userId` unless given. */
  customerId?: string
  /** Eclipse's tenant, `'1'` unless given. */
  tenantId?: string
}

export type Account = Readonly<Required<Omit<MockUser, 'password'>>>

/** The users of the demo; the password of the first is the one in EclecticIQ's document, the role the one in Eclipse's. */
export const demoUsers: readonly MockUser[] = [
  { userId: 7, username: 'analyst@example.com', password: 'bug#1', roles: ['GLOBAL_ADMIN'] },
  { userId: 8, username: 'lead@example.com', password: 'bug#2' },
]

function nameFrom(username: string): string {
  const words = username
    .split('@', 1)[0]!
    .split(/[._-]+/)
    .filter(Boolean)
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(' ') || username
}

/** A user without the password, with everything that was left out. */
export function toAccount({ password: _, ...user }: MockUser): Account {
  return {
    displayName: nameFrom(user.username),
    roles: ['USER'],
    // 555-0100 to 555-0199 are never given to anyone.
    phone: `+1202555${String(100 + (user.userId % 100)).padStart(4, '0')}`,
    customerId: String(100_000 + user.userId),
    tenantId: '1',
    ...user,
  }
}

/** Whom to sign in as, in words: a demo user with the password that everyone knows, of others no more than how many. */
export function whoSignsIn(users?: readonly MockUser[]): string {
  if (!users) return `sign in as ${demoUsers[0]!.username} with password ${demoUsers[0]!.password}`
  return `sign in as ${users.length === 1 ? 'the configured user' : `one of ${users.length} configured users`}`
}

export type Directory = ReturnType<typeof createDirectory>

/** The directory of users; throws if two share a name, an id or a customer id. */
export function createDirectory(users: readonly MockUser[], iterations: number) {
  const all = users.map(toAccount)
  for (const key of ['username', 'userId', 'customerId'] as const) {
    if (new Set(all.map((user) => user[key])).size < all.length) throw new Error(`users: two share one ${key}`)
  }
  const accounts = new Map(all.map((account) => [account.username, account]))
  const outdated = new WeakSet<Account>()

  // All at once and once: were a user hashed at their own first sign-in, it would take longer than an unknown user's.
  let hashing: ReturnType<typeof hashAll> | undefined
  async function hashAll() {
    const known = users.map(
      async ({ username, password }) => [username, await hashPassword(password, iterations)] as const,
    )
    const [originals, unknown] = await Promise.all([Promise.all(known), hashPassword('', iterations)])
    return { originals, known: new Map(originals), unknown }
  }

  return {
    /** Whether someone has this user name. */
    has: (username: string) => accounts.has(username),
    /** Whether an account, as a session has kept it, is still one of these users. */
    knows: ({ username, userId }: Account) => accounts.get(username)?.userId === userId,
    /** The account if the password is right; an unknown user costs as much as a wrong password. */
    async check(username: string, password: string): Promise<Account | undefined> {
      const { known, unknown } = await (hashing ??= hashAll())
      const matches = await matchesPassword(password, known.get(username) ?? unknown)
      return matches ? accounts.get(username) : undefined
    },
    /** Makes what `check` has given for a user name so far outdated. */
    retire(username: string) {
      const account = accounts.get(username)
      if (!account) return
      outdated.add(account)
      accounts.set(username, { ...account })
    },
    /** Gives a user name another password, in the memory of this instance alone; false if it is no longer wanted once its hash is made. */
    async setPassword(username: string, password: string, isWanted: () => boolean): Promise<boolean> {
      const { known } = await (hashing ??= hashAll())
      const hash = await hashPassword(password, iterations)
      if (!known.has(username) || !isWanted()) return false
      known.set(username, hash)
      return true
    },
    /** Whether an account was given by `check` before it was retired. */
    isOutdated: (account: Account) => outdated.has(account),
    /** Brings back the passwords that the users came with. */
    async reset(): Promise<void> {
      const hashed = await hashing
      for (const [username, original] of hashed?.originals ?? []) hashed?.known.set(username, original)
    },
  }
}
