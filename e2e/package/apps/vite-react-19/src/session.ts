import { createSession, eclecticiq } from 'stillhere'

export const session = createSession({ backend: eclecticiq({ baseUrl: '/api' }) })
