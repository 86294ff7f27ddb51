// does: idle detection, token refresh, tabs
export { createSession, eclecticiq } from 'stillhere'
