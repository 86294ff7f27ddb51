import type { SessionState } from '../core/types.ts'

/**
 * The state as the children of one person see it: while that person is away it goes on telling who it was, so that no part of the
 * page that asks for a user or a role goes meanwhile, and what was typed in it.
 */
export function createView(owner: string): (state: SessionState) => SessionState {
  let known: Pick<SessionState, 'user' | 'roles' | 'claims'> | null = null
  let last: readonly [of: SessionState, view: SessionState] | null = null

  return (state) => {
    const { user, roles, claims } = state
    if (user?.key === owner) known = { user, roles, claims }
    if (user || !known) return state
    // The same for the same state: React asks twice.
    if (last?.[0] !== state) last = [state, { ...state, ...known }]
    return last[1]
  }
}
