import type { Account } from './users.ts'

/** One token as the server remembers it: what it is for, and its end in epoch milliseconds. */
export type Token = Readonly<{ use: string; expiresAt: number }>

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
  /** Every token it was given, by `jti`. */
  tokens: ReadonlyMap<string, Token>
}>

type Stored = { -readonly [K in keyof Session]: Session[K] } & { tokens: Map<string, Token> }

// Also how long a dead token is remembered, so that the audit log can tell it from a forged one.
const SWEEP_EVERY_MS = 60_000

export type SessionStore = ReturnType<typeof createSessionStore>

/** Sessions in memory; each function is one atomic step. */
export function createSessionStore(now: () => number) {
  const sessions = new Map<string, Stored>()
  const byToken = new Map<string, Stored>()
  let sweptAt = now()

  // Memory stays bounded: a token past its end is dead by that alone, a session without tokens can not come back.
  function sweep() {
    if (Math.abs(now() - sweptAt) < SWEEP_EVERY_MS) return
    sweptAt = now()
    for (const session of sessions.values()) {
      for (const [jti, { expiresAt }] of session.tokens) {
        if (expiresAt > sweptAt - SWEEP_EVERY_MS) continue
        session.tokens.delete(jti)
        byToken.delete(jti)
      }
      if (session.tokens.size === 0 && session.startedAt <= sweptAt - SWEEP_EVERY_MS) sessions.delete(session.id)
    }
  }

  return {
    /** Adds a session that has no tokens yet. */
    async add(session: Omit<Session, 'tokens'>): Promise<void> {
      sweep()
      sessions.set(session.id, { ...session, tokens: new Map() })
    },
    /** Gives a session one more token; false if the session is over or unknown. */
    async addToken(id: string, jti: string, token: Token): Promise<boolean> {
      sweep()
      const session = sessions.get(id)
      if (!session || session.endedAt !== undefined) return false
      session.tokens.set(jti, token)
      byToken.set(jti, session)
      return true
    },
    /** The session that was given this token. */
    async findByToken(jti: string): Promise<Session | undefined> {
      return byToken.get(jti)
    },
    /** Ends a session and so every token it was given; false if it is over or unknown. */
    async end(id: string): Promise<boolean> {
      const session = sessions.get(id)
      if (!session || session.endedAt !== undefined) return false
      session.endedAt = now()
      return true
    },
    /** All sessions not yet swept away, in the order of sign-in. */
    async all(): Promise<Session[]> {
      return [...sessions.values()]
    },
    /** Forgets all sessions. */
    async clear(): Promise<void> {
      sessions.clear()
      byToken.clear()
      sweptAt = now()
    },
  }
}
