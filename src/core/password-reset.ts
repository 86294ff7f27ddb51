import { type Ask, SIGN_IN } from './call.ts'
import type { PasswordReset } from './types.ts'

type Request<K extends keyof PasswordReset> = Parameters<PasswordReset[K]>[0]

/** The two calls that replace a forgotten password, each with a time limit. */
export const createPasswordReset = (reset: PasswordReset, ask: Ask) => ({
  /** Has a one-time PIN sent; whether anybody has that user name is not told. */
  requestPin: (request: Request<'requestPin'>): Promise<void> =>
    ask(SIGN_IN, (call) => reset.requestPin(request, call)),
  /** Sets the new password by that PIN; `refused`: the PIN or the password was not accepted. */
  change: (request: Request<'change'>): Promise<void> => ask(SIGN_IN, (call) => reset.change(request, call)),
})
