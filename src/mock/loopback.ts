const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const IPV4 = `127(?:\\.${OCTET}){3}`
const NAME = new RegExp(`^(?:localhost|${IPV4}|\\[?::1\\]?)$`, 'i')
const HOST = new RegExp(`^(?:localhost|${IPV4}|\\[::1\\])(?::\\d{1,5})?$`, 'i')
// An IPv4 address as a socket of both families has it (RFC 4291 §2.5.5.2).
const ADDRESS = new RegExp(`^(?:(?:::ffff:)?${IPV4}|::1)$`, 'i')

/** Whether a name or an address to listen on, brackets or not, is this machine alone; an empty one is all of its addresses. */
export const isLoopbackName = (name: string): boolean => NAME.test(name)

/** Whether a `Host` header, with a port or without, is of this machine. */
export const isLoopbackHost = (host: string): boolean => HOST.test(host)

/** Whether the origin of a page is of this machine. */
export const isLoopbackOrigin = (origin: string): boolean =>
  /^https?:\/\//.test(origin) && isLoopbackHost(origin.replace(/^https?:\/\//, ''))

/** Whether the far end of a socket is on this machine; a socket that is closed has none. */
export const isLoopbackAddress = (address: string | undefined): boolean => ADDRESS.test(address ?? '')
