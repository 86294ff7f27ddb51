import type { Audit } from './audit.ts'
import type { Throttle } from './throttle.ts'
import type { Account, Directory } from './users.ts'

/** What a password check comes to; `retryAfter` in whole seconds. */
export type PasswordCheck =
  | { outcome: 'right'; user: Account }
  | { outcome: 'wrong' }
  | { outcome: 'throttled'; retryAfter: number }

/** Checks passwords, throttled per account name; users that do not exist get the same answers in the same time. */
export function createPasswordCheck(directory: Directory, throttle: Throttle, audit: Audit) {
  async function attempt(username: string, password: string): Promise<PasswordCheck> {
    const wait = throttle.wait(username)
    const name = directory.has(username) ? username : undefined
    if (wait > 0 && Number.isFinite(wait)) {
      await audit('sign-in-throttled', undefined, name)
      return { outcome: 'throttled', retryAfter: Math.ceil(wait / 1000) }
    }
    const user = await directory.check(username, password)
    // After the hard stop the right password gets the answer of a wrong one.
    if (!user || wait > 0) {
      throttle.fail(username)
      await audit('sign-in-refused', undefined, name)
      return { outcome: 'wrong' }
    }
    throttle.clear(username)
    return { outcome: 'right', user }
  }

  return (username: string, password: string) => throttle.inTurn(username, () => attempt(username, password))
}
