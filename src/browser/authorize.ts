import type { Backend, Grant } from '../core/types.ts'
import { checkOrigins } from './origins.ts'

export interface AuthorizeRoom {
  readonly backend: Backend
  /** Origins besides the backend's own that may be sent the token, each as `https://host`. */
  readonly origins: readonly string[]
  /** A grant that may be sent; after one that was refused, a newer one. */
  grant(refused?: Grant): Promise<Grant>
  /** Where relative addresses begin; by default at the page. */
  base?(): string
}

/** What one request carries, and what to make of its answer. */
export interface Authorization {
  /** The headers that carry the token: a secret, for this one request. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether a redirect may be followed: across origins browsers strip `Authorization`, and nothing else. */
  readonly mayRedirect: boolean
  /** Whether this answer says that the token is bad. */
  isRefusedBy: Backend['refusesToken']
  /** After such an answer, what to send the request with once more: never more than once. Throws as `getToken` does. */
  renew(): Promise<Authorization>
}

/** What a request to this address carries; `null` where the token does not belong. Throws as `getToken` does. */
export type Authorize = (url: string | URL) => Promise<Authorization | null>

/** Sees to it that the token goes to its own system alone. Throws a `TypeError` for an origin that no request could ever match. */
export function createAuthorize({ backend, origins, grant, base }: AuthorizeRoom): Authorize {
  checkOrigins('origins', origins)

  const carry = (held: Grant): Authorization => {
    const headers = backend.headers(held)
    return {
      headers,
      mayRedirect: Object.keys(headers).every((name) => name.toLowerCase() === 'authorization'),
      isRefusedBy: (response) => backend.refusesToken(response),
      renew: async () => carry(await grant(held)),
    }
  }
  return async (url) => {
    const home = new URL(backend.baseUrl, base?.() ?? location.href).origin
    return [home, ...origins].includes(new URL(url, base?.() ?? document.baseURI).origin) ? carry(await grant()) : null
  }
}
