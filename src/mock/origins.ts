const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/** Whether an origin is one of those listed or, without a list, on loopback. */
export const isAllowedOrigin = (origin: string, listed?: readonly string[]): boolean =>
  listed ? listed.includes(origin) : LOOPBACK_ORIGIN.test(origin)
