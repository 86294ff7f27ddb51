// does: token refresh (of the cookie), tabs
export { createAuthClient } from 'better-auth/react'
