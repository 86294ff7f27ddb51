'use client'
import type { ReactNode } from 'react'
import { RequireSession, SessionProvider } from 'stillhere/react'
import { session } from '../session'
import { Greeting } from './greeting'

/** What the server renders is the same for everyone: nothing, until the browser knows who is here. */
export function SignedIn({ children }: { children: ReactNode }) {
  return (
    <SessionProvider session={session}>
      <Greeting />
      <RequireSession checking={<p>One moment …</p>}>{children}</RequireSession>
    </SessionProvider>
  )
}
