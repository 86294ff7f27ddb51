/** An address fit to be shown: without credentials, and no query or fragment but a sign that there was one. */
export function showUrl(address: string): string {
  if (!URL.canParse(address)) return address.replace(/[?#].*$/s, '?…')
  const { origin, pathname, search, hash, protocol } = new URL(address)
  return (/^https?:$/.test(protocol) ? origin : protocol) + pathname + (search && '?…') + (hash && '#…')
}

/** Whether a host name is this machine's own. */
export const isLoopback = (host: string): boolean => /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(host)

/** A time in ms, in words. */
export const inWholeSeconds = (ms: number): string => `${Math.round(ms / 1_000)} s`
