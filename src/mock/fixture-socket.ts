import { once } from 'node:events'
import { connect } from 'node:net'

export const SIGN_IN = JSON.stringify({ username: 'analyst@example.com', password: 'bug#1' })

/** A request as it goes over the wire. */
export const wire = (method: string, path: string, headers: readonly string[] = [], body = '') =>
  [`${method} ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', body].join('\r\n')

/** A connection that sends bytes as they are, and keeps what comes back. */
export async function dial(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  let answer = ''
  socket.on('data', (data) => (answer += data.toString('latin1')))
  // A server that hangs up on us is what is looked for.
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(answer)))
  const answered = new Promise<void>((resolve) => socket.once('data', () => resolve()))
  await once(socket, 'connect')

  return {
    socket,
    /** All that came back, once the connection is closed. */
    closed,
    /** Waits for the first of it, or for the end. */
    answered: () => Promise.race([answered, closed]),
    /** The status lines that came back so far. */
    statuses: () => Array.from(answer.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, status]) => Number(status)),
    /** Writes a text letter by letter for as long as the connection lives. */
    drip(text: string) {
      let i = 0
      const timer = setInterval(() => socket.write(text[i++ % text.length]!), 20)
      socket.once('close', () => clearInterval(timer))
    },
    /** Writes pieces, each when the one before it has gone, for as long as the connection takes them. */
    async pour(piece: string, times: number) {
      for (let i = 0; i < times && socket.writable; i++) await new Promise((resolve) => socket.write(piece, resolve))
    },
  }
}

/** Many connections at once. */
export const dialMany = (url: string, count: number) => Promise.all(Array.from({ length: count }, () => dial(url)))

/** Whether someone who means well is served: signs in, and reads with the token. */
export async function isServed(url: string): Promise<boolean> {
  const signedIn = await fetch(`${url}/rest/login`, { method: 'POST', body: SIGN_IN })
  const { data } = await signedIn.json()
  const answer = await fetch(`${url}/rest/me`, { headers: { Authorization: `Bearer ${data.accessToken}` } })
  return signedIn.status === 200 && answer.status === 200
}
