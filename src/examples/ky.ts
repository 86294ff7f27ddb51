import ky from 'ky'
import { type Session, SessionOverError } from 'stillhere'

/** A ky instance on the session; without the rule it would try three times what was never sent. */
export const kyBySession = (session: Session, prefixUrl: string) =>
  ky.create({
    prefixUrl,
    fetch: session.fetch,
    retry: { shouldRetry: ({ error }) => (error instanceof SessionOverError ? false : undefined) },
  })
