import { createSession, eclecticiq } from 'stillhere'

/** On the server it is inert: nobody is ever signed in there. */
export const session = createSession({ backend: eclecticiq({ baseUrl: '/api' }) })
