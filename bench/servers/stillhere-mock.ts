import { createMockBackend } from '../../src/mock/backend.ts'
import { memoryStore } from '../../src/mock/memory.ts'
import { serve } from '../../src/mock/serve.ts'
import { createSessions } from '../../src/mock/sessions.ts'
import { toAccount } from '../../src/mock/users.ts'
import { attend } from './_child.ts'
import { users } from './_users.ts'

const LIFE_MS = 86_400_000

const store = memoryStore()
const sessions = createSessions(store, Date.now)
// As `stillhere-mock --system eclecticiq --quiet` serves it; a costly hash would be all that a sign-in measures.
const backend = createMockBackend({ systems: ['eclecticiq'], store, users, pbkdf2Iterations: 1 })
const { url } = await serve(backend, '127.0.0.1', 0)

async function revoke(count: number): Promise<void> {
  const user = toAccount(users[0]!)
  const startedAt = Date.now()
  const expiresAt = startedAt + LIFE_MS
  for (let i = 0; i < count; i++) {
    const id = `revoked-${i}`
    await sessions.add({ id, system: 'eclecticiq', user, ttl: LIFE_MS / 1000, startedAt, lastsUntil: startedAt })
    await sessions.addToken(id, `token-${i}`, { use: 'access', expiresAt })
    await sessions.end(id)
  }
}

attend({ url, revoke })
