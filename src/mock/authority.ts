import { type AuditEvent, createAudit } from './audit.ts'
import { randomId, tokenId } from './bytes.ts'
import { type Claims, claimsOf, isTimely } from './claims.ts'
import { createKeys } from './keys.ts'
import { createPasswordCheck } from './password-check.ts'
import { createSessions, type Session, type Token } from './sessions.ts'
import { createSigner, type Decoded } from './signer.ts'
import type { Store } from './store.ts'
import { createThrottle } from './throttle.ts'
import { type Account, createDirectory, type MockUser } from './users.ts'

type AuthorityOptions = {
  now: () => number
  store: Store
  users: readonly MockUser[]
  pbkdf2Iterations: number
  ttl?: number
  sessionLimit?: number
  log?: (line: string) => void
}

/** What a token is to say; `iat` and `exp` in epoch seconds, `life` the whole seconds between them, `kid` the signing key's id. */
export type TokenFacts = {
  jti: string
  iat: number
  exp: number
  life: number
  use: string
  kid: string
  session: Session
}

export type IssueOptions = {
  /** What the token is for, `access` by default: `verify` takes it for nothing else. */
  use?: string
  /** Seconds the token is to live, at most a day or the backend's `ttl`; by default the session's `ttl`, the life of its access tokens. */
  life?: number
  /** Epoch milliseconds that the token does not outlive. */
  notAfter?: number
}

export type OpenOptions = {
  /** Life of access tokens that the client asked for in seconds: shortens, never lengthens. */
  asked?: number | undefined
  /** Life of access tokens in seconds by the system's document, for a backend without a `ttl` of its own; 1800 by default. */
  documented?: number
}

/** Lays the facts out as a system's tokens have them: `jti` and `exp` must be in the header or in the payload. */
export type TokenLayout = (facts: TokenFacts) => Decoded

/** A signed token, its id and its end in epoch milliseconds. */
export type IssuedToken = { token: string; jti: string; expiresAt: number }

/** What a token that is good in itself was found to be: its session, its id, its record and all it says. */
export type InspectedToken = { session: Session; jti: string; token: Token; claims: Claims }

const A_DAY = 86_400

export type Authority = ReturnType<typeof createAuthority>

/** Users, sessions, keys and revocation: what all systems share. */
export function createAuthority(options: AuthorityOptions) {
  const { now, ttl, store } = options
  if (ttl !== undefined && (!Number.isInteger(ttl) || ttl < 1)) throw new RangeError('ttl: whole seconds, 1 or more')
  const directory = createDirectory(options.users, options.pbkdf2Iterations)
  const throttle = createThrottle(now, directory.has)
  const sessions = createSessions(store, now)
  const keys = createKeys(store, now)
  const signer = createSigner(keys, now)
  const audit = createAudit(now, options.log)
  // Counts the resets, so that a change begun before one does not outlast it.
  let era = 0
  const longestLife = Math.max(A_DAY, ttl ?? 0)

  const checkPassword = createPasswordCheck(directory, throttle, audit)

  /** Opens a new session, whose access tokens live as long as the backend's `ttl`, or the system's document, or the client says. */
  async function open(user: Account, system: string, { asked, documented = 1800 }: OpenOptions = {}): Promise<Session> {
    const startedAt = now()
    const limit = options.sessionLimit === undefined ? {} : { limitAt: startedAt + options.sessionLimit * 1000 }
    const longest = ttl ?? documented
    const life = Math.min(asked ?? longest, longest)
    const session = { id: randomId(), system, user, ttl: life, startedAt, lastsUntil: startedAt, ...limit }
    await sessions.add(session)
    // The password may have been changed since it was checked, and no later than now is the session there to be revoked.
    if (directory.isOutdated(user)) await sessions.end(session.id)
    await audit('sign-in', session)
    return session
  }

  /** Gives a session one more token; undefined if it has ended or reached its limit, which no token outlives. */
  async function issue(
    session: Session,
    layout: TokenLayout,
    { use = 'access', life: wanted = session.ttl, notAfter = Number.POSITIVE_INFINITY }: IssueOptions = {},
  ): Promise<IssuedToken | undefined> {
    const time = now()
    const iat = Math.floor(time / 1000)
    const end = Math.min(session.limitAt ?? Number.POSITIVE_INFINITY, notAfter)
    const exp = Math.min(iat + Math.min(wanted, longestLife), Math.floor(end / 1000))
    const expiresAt = exp * 1000
    const jti = tokenId()
    if (expiresAt <= time || !(await sessions.addToken(session.id, jti, { use, expiresAt }))) return undefined
    const facts = { jti, iat, exp, life: exp - iat, use, session }
    return { token: await signer.sign((kid) => layout({ ...facts, kid })), jti, expiresAt }
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

  /** A token of a live session, whatever it is for; undefined at its `exp`, after the session's end, and for anything forged. */
  async function inspect(text: string): Promise<InspectedToken | undefined> {
    const decoded = await signer.verify(text)
    if (!decoded) return undefined
    const claims = claimsOf(decoded)
    const found = typeof claims?.jti === 'string' ? await sessions.findByToken(claims.jti) : undefined
    // Another instance, or an earlier run, may have had other users.
    if (!claims || !found || !directory.knows(found.session.user)) return undefined
    if (!isTimely(claims, now()) || now() >= found.token.expiresAt) {
      await audit('expired-token', found.session)
      return undefined
    }
    if (found.session.endedAt !== undefined) {
      await audit('ended-token', found.session)
      return undefined
    }
    return { ...found, jti: claims.jti as string, claims }
  }

  /** The live session of a token of one use, and of one system if named; undefined for any other token. */
  async function verify(token: string, system?: string, use = 'access'): Promise<Session | undefined> {
    const found = await inspect(token)
    if (!found || found.token.use !== use || found.token.spentAt !== undefined) return undefined
    return system === undefined || found.session.system === system ? found.session : undefined
  }

  /**
   * Spends a token that works once for the one issued in its place; had it been spent before, and longer ago than the
   * grace in milliseconds, its session ends with all that came of it (RFC 9700 §4.14.2), and the answer is false.
   */
  async function spend({ jti, session }: InspectedToken, next: IssuedToken, graceMs: number): Promise<boolean> {
    const outcome = await sessions.spend(jti, next.jti, graceMs)
    if (outcome !== 'reused') await audit('refresh', session)
    else if (await sessions.end(session.id)) await audit('refresh-reused', session)
    return outcome !== 'reused'
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

  /** Gives a user another password and ends all sessions opened with the old one (ASVS 7.4.3); if the store fails, the old one stays. */
  function changePassword(username: string, password: string): Promise<void> {
    const begun = era
    const isWanted = () => era === begun
    // In turn with sign-ins, so that none with the old password gets past.
    return throttle.inTurn(username, async () => {
      directory.retire(username)
      await revokeAll(username)
      if (!(await directory.setPassword(username, password, isWanted))) return
      throttle.clear(username)
      await audit('password-changed', undefined, username)
    })
  }

  /** Signs with a new key from now on: the old one verifies until its tokens end or, without `keepOld`, every token is dead. */
  const rotateKeys = (keepOld: boolean) => keys.rotate(keepOld ? longestLife * 1000 : 0)

  /** Writes to the audit log what happened to a user name outside a session. */
  const note = (event: AuditEvent, username?: string) => audit(event, undefined, username)

  /** Forgets sessions, keys, failed sign-ins and changed passwords; every token is dead. */
  async function reset(): Promise<void> {
    era++
    await store.clear()
    throttle.reset()
    await directory.reset()
  }

  return {
    note,
    checkPassword,
    changePassword,
    open,
    issue,
    refresh,
    inspect,
    verify,
    spend,
    end,
    revokeAll,
    rotateKeys,
    reset,
    list: sessions.all,
    tokens: sessions.tokens,
  }
}
