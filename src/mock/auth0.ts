import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from 'jose'
import { isCompact } from './signer.ts'
import type { Account } from './users.ts'

/** The bundled Auth0 tenant and who of it may sign in at datarhei Core. */
export type Auth0Options = {
  /** Host name that the tenant's tokens name in `iss`, `stillhere.auth0.test` by default; its endpoints are below `/auth0` of the mock. */
  domain?: string
  /** The API that its tokens are for, `https://core.example/api` by default. */
  audience?: string
  /** The application that may ask for tokens, `stillhere-mock` by default. */
  clientId?: string
  /** User names let in at datarhei Core with a token of the tenant, all by default. */
  allowed?: readonly string[]
  /** Seconds that its tokens live, 86 400 by default as at Auth0. */
  ttl?: number
}

export type Auth0Tenant = ReturnType<typeof createAuth0Tenant>

const ALGORITHM = 'RS256'

/** A test issuer in the manner of Auth0, with a key pair in the memory of this instance, made at the first use. */
export function createAuth0Tenant(
  accounts: readonly Account[],
  now: () => number,
  options: Auth0Options = {},
  makeKeyPair = () => generateKeyPair(ALGORITHM),
) {
  const { domain = 'stillhere.auth0.test', audience = 'https://core.example/api' } = options
  const { clientId = 'stillhere-mock', allowed = accounts.map(({ username }) => username), ttl = 86_400 } = options
  if (!Number.isInteger(ttl) || ttl < 1) throw new RangeError('auth0.ttl: whole seconds, 1 or more')
  for (const name of allowed) {
    if (!accounts.some(({ username }) => username === name)) {
      throw new Error(`auth0.allowed: there is no user ${JSON.stringify(name)}; name some of the option users`)
    }
  }
  const issuer = `https://${domain}/`
  // As Auth0's: the connection, then 24 hexadecimal digits.
  const subject = ({ userId }: Account) => `auth0|${userId.toString(16).padStart(24, '0')}`
  const bySubject = new Map(
    accounts.filter(({ username }) => allowed.includes(username)).map((one) => [subject(one), one]),
  )

  let making: ReturnType<typeof makeKey> | undefined
  const key = () => (making ??= makeKey())
  async function makeKey() {
    const { privateKey, publicKey } = await makeKeyPair()
    const jwk = await exportJWK(publicKey)
    const kid = await calculateJwkThumbprint(jwk)
    const jwks: JSONWebKeySet = { keys: [{ ...jwk, use: 'sig', alg: ALGORITHM, kid }] }
    return { privateKey, kid, jwks, find: createLocalJWKSet(jwks) }
  }

  return {
    issuer,
    audience,
    clientId,
    ttl,
    subject,
    /** How datarhei Core names it among its ways to sign in. */
    description: `auth0 domain=${domain} audience=${audience} clientid=${clientId}`,
    /** Drops the key pair, and with it all tokens. */
    reset() {
      making = undefined
    },
    /** The public keys (RFC 7517). */
    jwks: async () => (await key()).jwks,
    /** An access token for a user. */
    async sign(account: Account, scope: string): Promise<string> {
      const { privateKey, kid } = await key()
      const iat = Math.floor(now() / 1000)
      const claims = { iss: issuer, sub: subject(account), aud: audience, iat, exp: iat + ttl, scope, gty: 'password' }
      return new SignJWT({ ...claims, azp: clientId })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid })
        .sign(privateKey)
    },
    /** The allowed user of an access token, checked against the published keys (RFC 8725); undefined for any other token. */
    async accept(token: string): Promise<Account | undefined> {
      if (!isCompact(token)) return undefined
      try {
        const { payload, protectedHeader } = await jwtVerify(token, (await key()).find, {
          algorithms: [ALGORITHM],
          issuer,
          audience,
          typ: 'JWT',
          requiredClaims: ['sub', 'iat', 'exp'],
          // Refuses an `iat` in the future too.
          maxTokenAge: ttl,
          currentDate: new Date(now()),
        })
        // A token without a `kid` would be tried with the only key.
        if (protectedHeader.kid === undefined || payload.azp !== clientId) return undefined
        return bySubject.get(payload.sub!)
      } catch {
        return undefined
      }
    },
  }
}
