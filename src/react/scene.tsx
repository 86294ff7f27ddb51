import { act, render } from '@testing-library/react'
import { type ReactNode, StrictMode } from 'react'
import { AuthError } from '../core/errors.ts'
import type { PolicyOptions } from '../core/policy.ts'
import { Secret } from '../core/secret.ts'
import { createSessionCore } from '../core/session.ts'
import type { Answer, Backend } from '../core/types.ts'
import { createWorld } from '../testing/world.ts'
import { SessionProvider, type SessionProviderProps } from './index.ts'

export const S = 1_000
export const MIN = 60 * S

/** What a component test needs: a session on a clock moved by hand, a server that can be told what to do, and a rendered page. */
export function createScene(
  ui: ReactNode,
  props: Partial<SessionProviderProps> = {},
  policy: PolicyOptions = {},
  over: Partial<Backend> = {},
) {
  const world = createWorld()
  const tab = world.openTab()
  const server = { error: null as AuthError | null, signIns: 0, revoked: 0, gate: Promise.resolve() }
  const answer = async (): Promise<Answer> => {
    await server.gate
    if (server.error) throw server.error
    return { token: new Secret(`token-${Math.random()}`), expiresAt: world.now() + 30 * MIN }
  }
  const backend: Backend = {
    system: 'Test',
    baseUrl: 'https://api.example.com',
    renewsWith: 'token',
    async signIn({ username = '' }) {
      server.signIns++
      return { ...(await answer()), user: { key: username, name: username } }
    },
    refresh: answer,
    async revoke() {
      server.revoked++
    },
    headers: () => ({}),
    refusesToken: () => false,
    ...over,
  }
  const sessionIn = (platform: typeof tab) =>
    createSessionCore({ backend, platform, name: 'app', handOver: true, ...policy })
  const session = sessionIn(tab)
  const pageWith = (given: Partial<SessionProviderProps>) => (
    <StrictMode>
      <SessionProvider session={session} {...given}>
        {ui}
      </SessionProvider>
    </StrictMode>
  )
  const view = render(pageWith(props))
  return {
    ...view,
    /** Gives the provider other props. */
    rerenderWith: (given: Partial<SessionProviderProps>) => view.rerender(pageWith(given)),
    world,
    tab,
    server,
    session,
    /** Another tab of the same session. */
    async openSibling() {
      const sibling = sessionIn(world.openTab())
      sibling.start()
      await act(world.settle)
      return sibling
    },
    /** Time passes, and React shows what came of it. */
    advance: (ms: number) => act(() => world.advance(ms)),
    sleep: (ms: number) => act(() => world.sleep(ms)),
    settle: () => act(world.settle),
    async signIn(username = 'ada') {
      await act(async () => {
        await world.settle()
        await session.signIn({ username, password: 'secret' })
        await world.settle()
      })
    },
  }
}

export const refused = () => new AuthError('refused', 'no', { status: 401 })
export const unreachable = () => new AuthError('unreachable', 'nobody there')
export const throttled = (retryAfter: number) => new AuthError('unreachable', 'slow down', { status: 429, retryAfter })
