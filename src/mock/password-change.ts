import { Hono } from 'hono'
import * as v from 'valibot'
import type { Authority } from './authority.ts'
import { readJson } from './body.ts'
import type { Outbox } from './outbox.ts'
import { characters, isNotTooLong, MAX_PASSWORD } from './password-length.ts'
import { createPins } from './pins.ts'
import { Problem } from './problem.ts'
import type { Account } from './users.ts'

type Parts = { authority: Authority; accounts: readonly Account[]; outbox: Outbox; now: () => number }

const MIN_PASSWORD = 8
const LENGTH = `must have ${MIN_PASSWORD} to ${MAX_PASSWORD} characters`

const isLongEnough = (password: string) => characters(password) >= MIN_PASSWORD

const init = v.object({ type: v.literal('OTP', 'must be OTP') })

const change = v.object({
  hash: v.pipe(v.string('is required'), v.minLength(1, 'is required'), v.maxLength(64, 'is too long')),
  password: v.pipe(v.string('is required'), v.check(isLongEnough, LENGTH), isNotTooLong(LENGTH)),
})

function identityOf(text: string): string {
  if (text.length <= 256) return text
  throw new Problem(400, 'must have 256 characters at most', { field: 'identity' })
}

const tooMany = (retryAfter: number) =>
  new Problem(429, 'Too many tries', { headers: { 'Retry-After': String(retryAfter) } })

/** A new password by one-time PIN, without a token: the answers are the same whether an identity exists or not. */
export function passwordChange({ authority, accounts, outbox, now }: Parts): { routes: Hono; reset: () => void } {
  const routes = new Hono()
  const byName = new Map(accounts.map((account) => [account.username, account]))
  const pins = createPins(now, (name) => byName.has(name))

  routes.post('/:identity/password-change-init', async (c) => {
    await readJson(c.req.raw, init)
    const identity = identityOf(c.req.param('identity'))
    const asked = pins.ask(identity)
    if (asked.outcome === 'throttled') throw tooMany(asked.retryAfter)
    const account = byName.get(identity)
    if (account) outbox.send(account, asked.pin)
    await authority.note('password-change-asked', account?.username)
    return c.body(null, 204)
  })

  routes.post('/:identity/password-change', async (c) => {
    // Before the PIN is looked at: a password that is too short does not spend it, and tells nothing of it.
    const { hash, password } = await readJson(c.req.raw, change)
    const identity = identityOf(c.req.param('identity'))
    const tried = pins.spend(identity, hash)
    if (tried.outcome === 'throttled') throw tooMany(tried.retryAfter)
    if (tried.outcome === 'wrong') {
      await authority.note('password-change-refused', byName.get(identity)?.username)
      throw new Problem(400, 'Incorrect or expired OTP', { code: 'OTP001' })
    }
    try {
      await authority.changePassword(identity, password)
    } catch (error) {
      // Not changed, so that the PIN is of use once more.
      tried.giveBack()
      throw error
    }
    return c.body(null, 204)
  })

  return { routes, reset: pins.reset }
}
