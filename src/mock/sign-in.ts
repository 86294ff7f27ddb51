import * as v from 'valibot'
import type { Authority } from './authority.ts'
import { presentedToken } from './bearer.ts'
import { isNotTooLong, MAX_PASSWORD } from './password-length.ts'
import { Problem } from './problem.ts'
import type { Account } from './users.ts'

/** A user name as a request brings it. */
export const nameField = v.pipe(v.string(), v.minLength(1), v.maxLength(256))

/** A password as a request brings it, exactly as typed. */
export const passwordField = v.pipe(
  v.string(),
  v.minLength(1),
  isNotTooLong(`has more than ${MAX_PASSWORD} characters`),
)

/** The body of a sign-in. */
export const credentials = v.object({ username: nameField, password: passwordField })

/** The account of a right password; throws a 429 with Retry-After while the name is throttled, else what `wrong` makes. */
export async function checkedAccount(
  authority: Authority,
  { username, password }: { username: string; password: string },
  wrong: () => Problem,
): Promise<Account> {
  const check = await authority.checkPassword(username, password)
  if (check.outcome === 'throttled') {
    throw new Problem(429, 'Too many failed sign-ins.', { headers: { 'Retry-After': String(check.retryAfter) } })
  }
  if (check.outcome === 'wrong') throw wrong()
  return check.user
}

/** Ends the session that a sign-in comes from: the new one takes its place (ASVS 7.2.4). */
export async function endPresented(authority: Authority, request: Request, system: string): Promise<void> {
  const replaced = await authority.verify(presentedToken(request) ?? '', system)
  if (replaced) await authority.end(replaced)
}
