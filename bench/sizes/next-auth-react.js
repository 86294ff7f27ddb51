// does: login page (of its server), token refresh (of the cookie), tabs
export { SessionProvider, signIn, signOut, useSession } from 'next-auth/react'
