import { Problem } from './problem.ts'

/** Request header by which a client asks for shorter tokens at sign-in, in whole seconds. */
export const TTL_HEADER = 'x-stillhere-mock-ttl'

// As documented for datarhei Core.
const LONGEST_REFRESH = 86_400

/** A configured life of refresh tokens in seconds, a day without; throws a RangeError beyond that. */
export function readRefreshTtl(refreshTtl = LONGEST_REFRESH): number {
  if (Number.isInteger(refreshTtl) && refreshTtl >= 1 && refreshTtl <= LONGEST_REFRESH) return refreshTtl
  throw new RangeError(`refreshTtl: whole seconds, 1 to ${LONGEST_REFRESH}`)
}

/** The token life asked for in seconds, undefined if none was; throws a 400 that names the header. */
export function askedTtl(request: Request): number | undefined {
  const value = request.headers.get(TTL_HEADER)
  if (value === null) return undefined
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new Problem(400, `${TTL_HEADER}: a whole number of seconds, 1 or more.`, { field: TTL_HEADER })
  }
  return Number(value)
}
