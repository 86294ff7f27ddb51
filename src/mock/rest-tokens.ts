import type { Authority, InspectedToken, IssuedToken, TokenFacts } from './authority.ts'
import type { Account } from './users.ts'

/** The access and the refresh token of one answer, and whose they are. */
export type Grant = { access: IssuedToken; renewal: IssuedToken; user: Account }

export const SYSTEM = 'rest'
/** Life of an access token in seconds, unless the backend or the client says otherwise. */
export const ACCESS_LIFE = 900

const ISSUER = 'stillhere-mock'
const TYPES: Record<string, string> = { access: 'at+jwt', refresh: 'rt+jwt' }

const subject = ({ userId }: Account) => String(userId)

// RFC 9068 §2; a type of its own for each use keeps them apart (RFC 8725 §3.11).
const layout = ({ jti, iat, exp, use, kid, session }: TokenFacts) => ({
  header: { typ: TYPES[use], kid },
  payload: { iss: ISSUER, aud: SYSTEM, sub: subject(session.user), iat, exp, jti },
})

export type RestTokens = ReturnType<typeof createRestTokens>

/**
 * Access tokens, and refresh tokens that work once, of the `rest` routes; the grace for a second time in milliseconds, the
 * life of all refresh tokens that come of one sign-in in seconds from there (ASVS 10.4.8).
 */
export function createRestTokens(authority: Authority, graceMs: number, refreshLife: number) {
  /** A token that says what ours say (RFC 8725 §3.8 to 3.11), spent or not; undefined for any other, and for one of another use than named. */
  async function inspect(text: string, use?: string): Promise<InspectedToken | undefined> {
    const found = await authority.inspect(text)
    if (!found || found.session.system !== SYSTEM) return undefined
    if (use !== undefined && found.token.use !== use) return undefined
    const { typ, iss, aud, sub } = found.claims
    const isOurs =
      typ === TYPES[found.token.use] && iss === ISSUER && aud === SYSTEM && sub === subject(found.session.user)
    return isOurs ? found : undefined
  }

  async function grant(session: InspectedToken['session']): Promise<Grant | undefined> {
    const access = await authority.issue(session, layout)
    const notAfter = session.startedAt + refreshLife * 1000
    const renewal = await authority.issue(session, layout, { use: 'refresh', life: refreshLife, notAfter })
    return access && renewal && { access, renewal, user: session.user }
  }

  /** A new pair for a refresh token, which is spent by that; a spent one ends its session. */
  async function rotate(text: string): Promise<Grant | undefined> {
    const presented = await inspect(text, 'refresh')
    // The new pair comes first: of several requests with one token exactly the one that spends it has an answer.
    const fresh = presented && (await grant(presented.session))
    return fresh && (await authority.spend(presented, fresh.renewal, graceMs)) ? fresh : undefined
  }

  return { inspect, grant, rotate }
}
