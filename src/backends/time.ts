import type { Reply } from './http.ts'

/** No token of sense lives longer: 100 years, in ms. */
const TOO_LONG = 3_155_760_000_000

/**
 * When a token ends by this device's clock, counted from the moment its request left: the shortest of the lives that issue time
 * and the server's clock give. With neither, this device's clock must be right. All epoch ms.
 */
export function endOf(reply: Reply, field: string, exp: number, iat: number | null): number {
  const lives = [iat, reply.date].filter((from) => from !== null).map((from) => exp - from)
  return endOfLife(reply, field, lives.length ? Math.min(...lives) : exp - reply.departedAt)
}

/** When a token of that life ends by this device's clock; all in ms. */
export function endOfLife(reply: Reply, field: string, life: number): number {
  if (!(life >= 1 && life < TOO_LONG)) throw reply.malformed(field, 'a moment to come, at most 100 years ahead')
  return reply.departedAt + life
}

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,3})?\d*(Z|[+-]\d\d:\d\d)?$/

/**
 * Epoch ms of a moment of ISO 8601, `NaN` for any other text. Without an offset it is UTC, not the device's own zone; what is finer
 * than ms is cut off, as not every engine reads it.
 */
export function parseIso(text: string): number {
  const [, at, ms = '', zone = 'Z'] = ISO.exec(text) ?? []
  return Date.parse(at + ms + zone)
}
