import { catalogue } from './catalogue.ts'

/** What this check, the adapters and HTTP say of their own accord: a secret that is one of these words can not be told from them. */
const OWN_WORDS = [
  ...Object.values(catalogue).flat(),
  'answered a redirect to elsewhere with Retry-After after got no answer, then the adapter threw not an AuthError',
  'refused unreachable malformed broken must be a text fit for a header list name number time failed fetch failed within',
  'GET POST PUT PATCH DELETE OPTIONS HEAD https http localhost example api rest auth auth0 oauth authenticate authentication',
  'authorization bearer basic cookie session login logout signin signout sign-in sign-out refresh renew revoke token tokens',
  'access accessToken access_token refreshToken refresh_token renewToken apiToken api_key secret password username user users',
  'account admin email identity identities tenant tenants customer customers client_id grant_type scope feeds badges process',
  'invalid_token invalid_grant unauthorized forbidden not found wrong bad invalid missing expired denied incorrect required',
  'error errors error_description message messages code status detail details description title type data result success',
  'true false null undefined none application json problem text html plain charset utf-8 XMLHttpRequest keep-alive no-store',
]
  .join(' ')
  .toLowerCase()

/** A part of a path that is a word or a version: nobody's secret. */
const PLAIN = /^([a-z-]{1,20}|v\d{1,2})$/i

/** The host of an address, and the words in its path. */
function wordsOf(address: string): string[] {
  if (!URL.canParse(address)) return []
  const { hostname, pathname } = new URL(address)
  return [hostname, ...pathname.split('/').filter((part) => PLAIN.test(part))]
}

/** Tells texts that are said without being secret: our own words, and those of these addresses. */
export function createOrdinary(addresses: readonly string[]): (text: string) => boolean {
  const words = addresses.flatMap(wordsOf).join(' ').toLowerCase()
  return (text) => {
    const lower = text.toLowerCase()
    return OWN_WORDS.includes(lower) || words.includes(lower)
  }
}
