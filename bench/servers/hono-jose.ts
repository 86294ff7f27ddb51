import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { jwtVerify, SignJWT } from 'jose'
import { attend } from './_child.ts'
import { users } from './_users.ts'

const LIFE_SECONDS = 1800
const HMAC = { name: 'HMAC', hash: 'SHA-256' }
const secret = crypto.getRandomValues(new Uint8Array(32))
const key = await crypto.subtle.importKey('raw', secret, HMAC, false, ['sign', 'verify'])
const passwords = new Map(users.map(({ username, password }) => [username, password]))
const feed = {
  id: 200,
  name: 'Finance sector indicators',
  content_type: 'STIX 2.1',
  update_strategy: 'REPLACE',
  is_active: true,
  last_run_at: '2026-01-01T00:00:00Z',
  content_blocks: 8,
}

async function grant(subject: string) {
  const expires = new Date(Date.now() + LIFE_SECONDS * 1000)
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(key)
  return { expires_at: expires.toISOString(), token }
}

async function subjectOf(header = ''): Promise<string | undefined> {
  try {
    return (await jwtVerify(header.slice('Bearer '.length), key, { algorithms: ['HS256'] })).payload.sub
  } catch {
    return undefined
  }
}

// All that a token is good for without a list of those revoked: the signature and the time.
const app = new Hono<{ Variables: { subject: string } }>()
app.post('/auth', async (c) => {
  const { username, password } = await c.req.json()
  return passwords.get(username) === password ? c.json(await grant(username)) : c.body(null, 401)
})
app.use(async (c, next) => {
  const subject = await subjectOf(c.req.header('authorization'))
  if (!subject) return c.body(null, 401)
  c.set('subject', subject)
  return next()
})
app.post('/auth/refresh', async (c) => c.json(await grant(c.get('subject'))))
app.post('/auth/logout', (c) => c.body(null, 204))
app.get('/feeds/:id{\\d+}', (c) => c.json({ data: feed }))

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (address: AddressInfo) =>
  attend({ url: `http://127.0.0.1:${address.port}` }),
)
server.on('error', (error) => {
  throw error
})
