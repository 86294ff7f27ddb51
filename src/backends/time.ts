const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,3})?\d*(Z|[+-]\d\d:\d\d)?$/

/**
 * Epoch ms of a moment of ISO 8601, `NaN` for any other text. Without an offset it is UTC, not the device's own zone; what is finer
 * than ms is cut off, as not every engine reads it.
 */
export function parseIso(text: string): number {
  const [, at, ms = '', zone = 'Z'] = ISO.exec(text) ?? []
  return Date.parse(at + ms + zone)
}
