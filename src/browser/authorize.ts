import type { Authorization, Backend, Grant } from '../core/types.ts'
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

/** What a request to this address carries; `null` where the token does not belong. Throws as `getToken` does. */
export type Authorize = (url: string | URL) => Promise<Authorization | null>

/** Sees to it that the token goes to its own system alone. Throws a `TypeError` for an origin that no request could ever match. */
export function createAuthorize({ backend, origins, grant, base }: AuthorizeRoom) {
  checkOrigins('origins', origins)

  const carry = (held: Grant): Authorization => {
    const headers = backend.headers(held)
    return {
      user: held.user,
      headers,
      mayRedirect: Object.keys(headers).every((name) => name.toLowerCase() === 'authorization'),
      isRefusedBy: (response) => backend.refusesToken(response),
      renew: async () => carry(await grant(held)),
    }
  }
  const belongs = (url: string | URL): boolean => {
    const home = new URL(backend.baseUrl, base?.() ?? location.href).origin
    return [home, ...origins].includes(new URL(url, base?.() ?? document.baseURI).origin)
  }
  const authorize: Authorize = async (url) => (belongs(url) ? carry(await grant()) : null)
  return { belongs, authorize }
}
