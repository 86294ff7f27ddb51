import type { Store } from './store.ts'
import type { Account } from './users.ts'

/** One stay, from sign-in to sign-out; times in epoch milliseconds. */
export type Session = Readonly<{
  id: string
  /** The system whose routes it was opened by; another's do not accept its tokens. */
  system: string
  user: Account
  /** Life of its access tokens in seconds. */
  ttl: number
  startedAt: number
  /** When its absolute limit passes, if it has one. */
  limitAt?: number
  endedAt?: number
  /** The end of the last of its tokens. */
  lastsUntil: number
}>

/** One token as the server remembers it; times in epoch milliseconds. */
export type Token = Readonly<{
  /** Its session's id. */
  session: string
  use: string
  expiresAt: number
  /** When a token that works once was used. */
  spentAt?: number
  /** The ids of the tokens it was spent for. */
  next?: readonly string[]
}>

/** How a spent token fared: `repeated` is once more within the grace, before a token it was spent for was itself spent. */
export type Spending = 'spent' | 'repeated' | 'reused'

// A dead token is remembered a while longer, so that the audit log can tell it from a forged one.
const KEEP_AFTER_END_MS = 60_000

const SESSION = 'session:'
const TOKEN = 'token:'

// In V8 each copy by spread would bring a hidden class of its own, larger than what it describes.
const copy = <T extends object, U extends object>(value: T, changes: U) => Object.assign({}, value, changes)

export type Sessions = ReturnType<typeof createSessions>

/** Sessions and their tokens in a store, which forgets them a minute after their last end; each function is one atomic step. */
export function createSessions(store: Store, now: () => number) {
  const keep = <T>(value: T, until: number) => ({ value, keepForMs: Math.max(0, until - now()) + KEEP_AFTER_END_MS })
  const readToken = (jti: string) => store.read<Token>(TOKEN + jti)

  const alive = (session: Session | undefined): session is Session =>
    session !== undefined && session.endedAt === undefined

  return {
    /** Adds a session that has no tokens yet. */
    async add(session: Session): Promise<void> {
      await store.update<Session>(SESSION + session.id, () => keep(session, session.lastsUntil))
    },
    /** Gives a session one more token; false if the session is over or unknown. */
    async addToken(id: string, jti: string, token: Omit<Token, 'session'>): Promise<boolean> {
      const session = await store.update<Session>(SESSION + id, (session) => {
        if (!alive(session)) return undefined
        const lastsUntil = Math.max(session.lastsUntil, token.expiresAt)
        return keep(copy(session, { lastsUntil }), lastsUntil)
      })
      if (!session) return false
      await store.update<Token>(TOKEN + jti, () => keep(copy(token, { session: id }), token.expiresAt))
      return true
    },
    /** A token and the session that was given it. */
    async findByToken(jti: string): Promise<{ session: Session; token: Token } | undefined> {
      const token = await readToken(jti)
      const session = token && (await store.read<Session>(SESSION + token.session))
      return session && { session, token }
    },
    /** Spends a token that works once for another; once more is allowed within a grace in milliseconds. */
    async spend(jti: string, next: string, graceMs: number): Promise<Spending> {
      const before = await readToken(jti)
      const followers = await Promise.all((before?.next ?? []).map(readToken))
      const settled = followers.some((follower) => follower?.spentAt !== undefined)
      let outcome: Spending = 'reused'
      await store.update<Token>(TOKEN + jti, (token) => {
        outcome = 'reused'
        if (!token) return undefined
        const { spentAt = now() } = token
        if (token.spentAt !== undefined && (settled || now() - spentAt >= graceMs)) return undefined
        outcome = token.spentAt === undefined ? 'spent' : 'repeated'
        return keep(copy(token, { spentAt, next: [...(token.next ?? []), next] }), token.expiresAt)
      })
      return outcome
    },
    /** Ends a session and so every token it was given; false if it is over or unknown. */
    async end(id: string): Promise<boolean> {
      const ended = await store.update<Session>(SESSION + id, (session) =>
        alive(session) ? keep(copy(session, { endedAt: now() }), session.lastsUntil) : undefined,
      )
      return ended !== undefined
    },
    /** All sessions not yet forgotten, in the order of sign-in. */
    async all(): Promise<Session[]> {
      const sessions = (await store.list<Session>(SESSION)).map(([, session]) => session)
      return sessions.sort((a, b) => a.startedAt - b.startedAt)
    },
    /** All tokens not yet forgotten, by their ids. */
    async tokens(): Promise<[jti: string, token: Token][]> {
      return (await store.list<Token>(TOKEN)).map(([key, token]) => [key.slice(TOKEN.length), token])
    },
  }
}
