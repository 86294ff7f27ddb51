import { createAudit } from './audit.ts'
import { randomId, tokenId } from './bytes.ts'
import { createSessionStore, type Session } from './sessions.ts'
import { createSigner, type Decoded } from './signer.ts'
import { createThrottle } from './throttle.ts'
import { type Account, createDirectory, type MockUser } from './users.ts'

type AuthorityOptions = {
  now: () => number
  users: readonly MockUser[]
  pbkdf2Iterations: number
  ttl?: number
  sessionLimit?: number
  log?: (line: string) => void
}

/** What a password check comes to; `retryAfter` in whole seconds. */
export type PasswordCheck =
  | { outcome: 'right'; user: Account }
  | { outcome: 'wrong' }
  | { outcome: 'throttled'; retryAfter: number }

/** What a token is to say; `iat` and `exp` in epoch seconds, `life` the whole seconds between them. */
export type TokenFacts = { jti: string; iat: number; exp: number; life: number; use: string; session: Session }

export type IssueOptions = {
  /** What the token is for, `access` by default: `verify` takes it for nothing else. */
  use?: string
  /** Seconds the token is to live; by default the session's `ttl`, the life of its access tokens. */
  life?: number
}

export type OpenOptions = {
  /** Life of access tokens that the client asked for in seconds: shortens, never lengthens. */
  asked?: number | undefined
  /** Life of access tokens in seconds by the system's document, for a backend without a `ttl` of its own; 1800 by default. */
  documented?: number
}

/** Lays the facts out as a system's tokens have them: `jti` and `exp` must be in the header or in the payload. */
export type TokenLayout = (facts: TokenFacts) => Decoded

/** A signed token and its end in epoch milliseconds. */
export type IssuedToken = { token: string; expiresAt: number }

export type Authority = ReturnType<typeof createAuthority>

/** Users, sessions, keys and revocation: what all systems share. */
export function createAuthority(options: AuthorityOptions) {
  const { now, ttl } = options
  if (ttl !== undefined && (!Number.isInteger(ttl) || ttl < 1)) throw new RangeError('ttl: whole seconds, 1 or more')
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

  /** Opens a new session, whose access tokens live as long as the backend's `ttl`, or the system's document, or the client says. */
  async function open(user: Account, system: string, { asked, documented = 1800 }: OpenOptions = {}): Promise<Session> {
    const startedAt = now()
    const limit = options.sessionLimit === undefined ? {} : { limitAt: startedAt + options.sessionLimit * 1000 }
    const longest = ttl ?? documented
    const session = { id: randomId(), system, user, ttl: Math.min(asked ?? longest, longest), startedAt, ...limit }
    await sessions.add(session)
    await audit('sign-in', session)
    return { ...session, tokens: new Map() }
  }

  /** Gives a session one more token; undefined if it has ended or reached its limit, which no token outlives. */
  async function issue(
    session: Session,
    layout: TokenLayout,
    { use = 'access', life: wanted = session.ttl }: IssueOptions = {},
  ): Promise<IssuedToken | undefined> {
    const iat = Math.floor(now() / 1000)
    const exp = Math.min(iat + wanted, Math.floor((session.limitAt ?? Number.POSITIVE_INFINITY) / 1000))
    const expiresAt = exp * 1000
    const jti = tokenId()
    if (expiresAt <= now() || !(await sessions.addToken(session.id, jti, { use, expiresAt }))) return undefined
    const facts = { jti, iat, exp, life: exp - iat, use, session }
    return { token: await signer.sign(layout(facts)), expiresAt }
  }

  /** `issue` as a refresh: the previous token lives on to its own end. */
  async function refresh(
    session: Session,
    layout: TokenLayout,
    options?: IssueOptions,
  ): Promise<IssuedToken | undefined> {
    const issued = await issue(session, layout, options)
    if (issued) await audit('refresh', session)
    return issued
  }

  /** The live session of a token and what the token is for; undefined at its `exp`, after the session's end, and for anything forged. */
  async function inspect(token: string): Promise<{ session: Session; use: string } | undefined> {
    const decoded = await signer.verify(token)
    if (!decoded) return undefined
    const { jti, exp } = { ...decoded.payload, ...decoded.header }
    const session = typeof jti === 'string' ? await sessions.findByToken(jti) : undefined
    const use = session?.tokens.get(jti as string)?.use
    if (!session || use === undefined) return undefined
    if (typeof exp !== 'number' || now() >= exp * 1000) {
      await audit('expired-token', session)
      return undefined
    }
    if (session.endedAt !== undefined) {
      await audit('ended-token', session)
      return undefined
    }
    return { session, use }
  }

  /** The live session of a token of one use, and of one system if named; undefined for any other token. */
  async function verify(token: string, system?: string, use = 'access'): Promise<Session | undefined> {
    const found = await inspect(token)
    if (!found || found.use !== use || (system !== undefined && found.session.system !== system)) return undefined
    return found.session
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

  /** Gives a user another password and ends all sessions opened with the old one (ASVS 7.4.3). */
  const changePassword = (username: string, password: string) =>
    // In turn with sign-ins, so that none with the old password gets past.
    throttle.inTurn(username, async () => {
      await directory.setPassword(username, password)
      throttle.clear(username)
      await revokeAll(username)
      await audit('password-changed', undefined, username)
    })

  /** Forgets all sessions, failed sign-ins and changed passwords; keys stay, and every token is dead as no session knows it. */
  async function reset(): Promise<void> {
    await sessions.clear()
    throttle.reset()
    await directory.reset()
  }

  return {
    checkPassword,
    changePassword,
    open,
    issue,
    refresh,
    inspect,
    verify,
    end,
    revokeAll,
    reset,
    list: sessions.all,
  }
}
