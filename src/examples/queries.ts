import { QueryClient } from '@tanstack/react-query'
import { type Session, SessionOverError } from 'stillhere'

/** A TanStack Query client that does not try again what the end of the session has stopped. */
export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: { queries: { retry: (failures, error) => !(error instanceof SessionOverError) && failures < 3 } },
  })

/**
 * Clears a cache as soon as its person has left, or somebody else comes. `lock`: it is kept where `<RequireSession mode="lock">`
 * keeps the screen, and what shows is fetched anew when the same person is back. Returns the way out.
 */
export function clearOnLeave(queryClient: QueryClient, session: Session, { lock = false } = {}): () => void {
  // Whose data is in the cache, and whether they are away from it.
  let owner: string | null = null
  let isAway = false

  const look = ({ session: held, user, status, reason }: ReturnType<Session['getState']>) => {
    // Where the system gives no key, nobody knows whether this is the same person.
    const person = held && ((lock && user?.key) || held.id)
    const isOut = status === 'signed-out'
    if (isOut ? !lock || reason === 'user' || reason === 'replaced' : person && owner && person !== owner) {
      queryClient.clear()
      owner = null
    } else if (person && isAway) void queryClient.invalidateQueries()
    owner = person ?? owner
    isAway = isOut || (isAway && !person)
  }
  look(session.getState())
  return session.subscribe(look)
}
