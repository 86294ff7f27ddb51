import { createAudit } from './audit.ts'
import { randomId } from './bytes.ts'
import { createSessionStore, type Session } from './sessions.ts'
import { createSigner, type Decoded } from './signer.ts'
import { createThrottle } from './throttle.ts'
import { type Account, createDirectory, type MockUser } from './users.ts'

type AuthorityOptions = {
  now: () => number
  users: readonly MockUser[]
  pbkdf2Iterations: number
  ttl: number
  sessionLimit?: number
  log?: (line: string) => void
}

/** What a password check comes to; `retryAfter` in whole seconds. */
export type PasswordCheck =
  | { outcome: 'right'; user: Account }
  | { outcome: 'wrong' }
  | { outcome: 'throttled'; retryAfter: number }

/** What a token is to say; `iat` and `exp` in epoch seconds. */
export type TokenFacts = { jti: string; iat: number; exp: number; session: Session }

/** Lays the facts out as a system's tokens have them: `jti` and `exp` must be in the header or in the payload. */
export type TokenLayout = (facts: TokenFacts) => Decoded

/** A signed token and its end in epoch milliseconds. */
export type IssuedToken = { token: string; expiresAt: number }

export type Authority = ReturnType<typeof createAuthority>

/** Users, sessions, keys and revocation: what all systems share. */
export function createAuthority(options: AuthorityOptions) {
  const { now, ttl } = options
  if (!Number.isInteger(ttl) || ttl < 1) throw new RangeError('ttl: whole seconds, 1 or more')
  const directory = createDirectory(options.users, options.pbkdf2Iterations)
  const throttle = createThrottle(now, directory.has)
  const sessions = createSessionStore(now)
  const signer = createSigner()
  const audit = createAudit(now, options.log)

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

  /** Checks a password, throttled per account name; users that do not exist get the same answers in the same time. */
  const checkPassword = (username: string, password: string) =>
    throttle.inTurn(username, () => attempt(username, password))

  /** Opens a new session; the life of tokens asked for, in seconds, shortens the backend's and never lengthens it. */
  async function open(user: Account, system: string, asked = ttl): Promise<Session> {
    const startedAt = now()
    const limit = options.sessionLimit === undefined ? {} : { limitAt: startedAt + options.sessionLimit * 1000 }
    const session = { id: randomId(), system, user, ttl: Math.min(asked, ttl), startedAt, ...limit }
    await sessions.add(session)
    await audit('sign-in', session)
    return { ...session, tokens: new Map() }
  }

  /** Gives a session one more token; undefined if it has ended or reached its limit. */
  async function issue(session: Session, layout: TokenLayout): Promise<IssuedToken | undefined> {
    const iat = Math.floor(now() / 1000)
    const exp = Math.min(iat + session.ttl, Math.floor((session.limitAt ?? Number.POSITIVE_INFINITY) / 1000))
    const jti = randomId()
    if (exp * 1000 <= now() || !(await sessions.addToken(session.id, jti, exp * 1000))) return undefined
    return { token: await signer.sign(layout({ jti, iat, exp, session })), expiresAt: exp * 1000 }
  }

  /** `issue` as a refresh: the previous token lives on to its own end. */
  async function refresh(session: Session, layout: TokenLayout): Promise<IssuedToken | undefined> {
    const issued = await issue(session, layout)
    if (issued) await audit('refresh', session)
    return issued
  }

  /** The live session of a token, of one system if named; undefined at the token's `exp`, after the session's end, and for anything forged. */
  async function verify(token: string, system?: string): Promise<Session | undefined> {
    const decoded = await signer.verify(token)
    if (!decoded) return undefined
    const { jti, exp } = { ...decoded.payload, ...decoded.header }
    const session = typeof jti === 'string' ? await sessions.findByToken(jti) : undefined
    if (!session || (system !== undefined && session.system !== system)) return undefined
    if (typeof exp !== 'number' || now() >= exp * 1000) {
      await audit('expired-token', session)
      return undefined
    }
    if (session.endedAt !== undefined) {
      await audit('ended-token', session)
      return undefined
    }
    return session
  }

  /** Ends a session: every token it was ever given is dead from then on. */
  async function end(session: Session): Promise<void> {
    if (await sessions.end(session.id)) await audit('sign-out', session)
  }

  /** Ends every session, or those of one user name, and tells how many it ended. */
  async function revokeAll(username?: string): Promise<number> {
    let ended = 0
    for (const session of await sessions.all()) {
      if (username !== undefined && session.user.username !== username) continue
      if (!(await sessions.end(session.id))) continue
      ended++
      await audit('revoked', session)
    }
    return ended
  }

  /** Forgets all sessions and failed sign-ins; keys stay, and every token is dead as no session knows it. */
  async function reset(): Promise<void> {
    await sessions.clear()
    throttle.reset()
  }

  return { checkPassword, open, issue, refresh, verify, end, revokeAll, reset, list: sessions.all }
}
