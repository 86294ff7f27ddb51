import type { Authority, InspectedToken, IssuedToken, TokenFacts } from './authority.ts'
import type { Account } from './users.ts'

/** The access and the refresh token of one answer, and whose they are. */
export type Grant = { access: IssuedToken; renewal: IssuedToken; user: Account }

export const SYSTEM = 'rest'
/** Life of an access token in seconds, unless the backend or the client says otherwise. */
export const ACCESS_LIFE = 900

const REFRESH_LIFE = 86_400
const ISSUER = 'stillhere-mock'
const TYPES: Record<string, string> = { access: 'at+jwt', refresh: 'rt+jwt' }

const subject = ({ userId }: Account) => String(userId)

// RFC 9068 §2; a type of its own for each use keeps them apart (RFC 8725 §3.11).
const layout = ({ jti, iat, exp, use, kid, session }: TokenFacts) => ({
  header: { typ: TYPES[use], kid },
  payload: { iss: ISSUER, aud: SYSTEM, sub: subject(session.user), iat, exp, jti },
})

export type RestTokens = ReturnType<typeof createRestTokens>

/** Access tokens, and refresh tokens that work once, of the `rest` routes; the grace for a second time in milliseconds. */
export function createRestTokens(authority: Authority, graceMs: number) {
  /** A token of one use that says what ours say (RFC 8725 §3.8 to 3.11), spent or not; undefined for any other. */
  async function inspect(text: string, use: string): Promise<InspectedToken | undefined> {
    const found = await authority.inspect(text)
    if (!found || found.token.use !== use || found.session.system !== SYSTEM) return undefined
    const { typ, iss, aud, sub } = found.claims
    const isOurs = typ === TYPES[use] && iss === ISSUER && aud === SYSTEM && sub === subject(found.session.user)
    return isOurs ? found : undefined
  }

  async function grant(session: InspectedToken['session']): Promise<Grant | undefined> {
    const access = await authority.issue(session, layout)
    const renewal = await authority.issue(session, layout, { use: 'refresh', life: REFRESH_LIFE })
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
