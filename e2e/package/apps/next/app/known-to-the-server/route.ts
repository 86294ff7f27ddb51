import { session } from '../../session'

export const dynamic = 'force-dynamic'

/** What the server knows of the session: nothing, whoever asks and whoever is signed in. */
export function GET(): Response {
  const { status, user, token } = session.getState()
  return Response.json({ status, user, token })
}
