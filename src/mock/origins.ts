import { isLoopbackOrigin } from './loopback.ts'

/** Whether an origin is one of those listed or, without a list, on loopback. */
export const isAllowedOrigin = (origin: string, listed?: readonly string[]): boolean =>
  listed ? listed.includes(origin) : isLoopbackOrigin(origin)
