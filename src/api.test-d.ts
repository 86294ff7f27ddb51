// What users may rely on, as types; `npm run test:types` checks it.
import type { ReactNode } from 'react'
import {
  type Answer,
  type AuthError,
  type Backend,
  type Cause,
  type Credentials,
  createSession,
  datarhei,
  type EndReason,
  eclecticiq,
  eclipse,
  econnect,
  type Revocation,
  rest,
  Secret,
  type Session,
  type SessionOverError,
  type SessionState,
  type Status,
} from 'stillhere'
import { checkBackend, type Report } from 'stillhere/check'
import { createMockBackend, type MockBackend } from 'stillhere/mock'
import { stillhereMock } from 'stillhere/mock/vite'
import {
  LABELS,
  type Labels,
  nextPath,
  RequireSession,
  SessionProvider,
  type SomeLabels,
  useSecondsLeft,
  useSession,
  useSessionManager,
} from 'stillhere/react'
import type { Plugin } from 'vite'
import { expectTypeOf } from 'vitest'

const session = createSession({ backend: eclecticiq({ baseUrl: '/api' }) })

// A session, and what one does with it.
expectTypeOf(session).toEqualTypeOf<Session>()
expectTypeOf(session.fetch).toEqualTypeOf<typeof fetch>()
expectTypeOf(session.getToken()).resolves.toEqualTypeOf<string>()
expectTypeOf(session.signIn).parameter(0).toEqualTypeOf<Credentials | undefined>()
expectTypeOf<Credentials>().toEqualTypeOf<Readonly<Record<string, string>>>()
expectTypeOf(session.signIn({})).resolves.toEqualTypeOf<void>()
expectTypeOf(session.signOut()).toEqualTypeOf<void>()
expectTypeOf(session.start()).toEqualTypeOf<() => void>()
expectTypeOf(session.keepAwake('import', { max: 1_000 })).toEqualTypeOf<() => void>()
expectTypeOf(session.now()).toEqualTypeOf<number>()

// It is a store, as zustand has them.
expectTypeOf(session.getState()).toEqualTypeOf<SessionState>()
expectTypeOf(session.getInitialState()).toEqualTypeOf<SessionState>()
expectTypeOf(session.subscribe).parameter(0).parameters.toEqualTypeOf<[SessionState, SessionState]>()

// What the state says.
expectTypeOf<Status>().toEqualTypeOf<'restoring' | 'signed-out' | 'signing-in' | 'active' | 'warning'>()
expectTypeOf<Cause>().toEqualTypeOf<'idle' | 'limit' | 'token'>()
expectTypeOf<EndReason>().toEqualTypeOf<'user' | 'idle' | 'expired' | 'limit' | 'refused' | 'replaced'>()
expectTypeOf<Revocation>().toEqualTypeOf<'revoked' | 'pending' | 'failed' | 'unneeded' | 'unsupported'>()
expectTypeOf<SessionState['deadline']>().toEqualTypeOf<number | null>()
expectTypeOf<SessionState['reason']>().toEqualTypeOf<EndReason | null>()
expectTypeOf<SessionState['token']>().toEqualTypeOf<Secret | null>()
expectTypeOf<SessionState['roles']>().toEqualTypeOf<readonly string[]>()
// @ts-expect-error: the state is told, not set.
session.getState().status = 'active'

// A secret is no text until it is asked to be.
expectTypeOf<Secret>().not.toExtend<string>()
expectTypeOf(new Secret('').reveal()).toEqualTypeOf<string>()

// Adapters, one's own among them.
expectTypeOf(eclecticiq).returns.toExtend<Backend>()
expectTypeOf(econnect).returns.toExtend<Backend>()
expectTypeOf(eclipse).returns.toExtend<Backend>()
expectTypeOf(datarhei).returns.toExtend<Backend>()
expectTypeOf(rest).returns.toExtend<Backend>()
expectTypeOf<Backend['signIn']>().returns.resolves.toEqualTypeOf<Answer>()
// @ts-expect-error: no adapter guesses where its server is.
eclecticiq({})
// @ts-expect-error: nor is a session made without one.
createSession({})
// @ts-expect-error: a cookie is no place for a token.
createSession({ backend: econnect({ baseUrl: '' }), storage: 'cookie' })

// What goes wrong.
expectTypeOf<AuthError['kind']>().toEqualTypeOf<'refused' | 'unreachable' | 'malformed'>()
expectTypeOf<AuthError>().toExtend<Error>()
expectTypeOf<SessionOverError>().toExtend<Error>()

// React.
export function Inside() {
  expectTypeOf(useSession((state) => state.user?.name)).toEqualTypeOf<string | undefined>()
  expectTypeOf(useSession()).toEqualTypeOf<SessionState>()
  expectTypeOf(useSecondsLeft()).toEqualTypeOf<number | null>()
  expectTypeOf(useSessionManager<Session>().fetch).toEqualTypeOf<typeof fetch>()
}
expectTypeOf(SessionProvider).parameter(0).toHaveProperty('children').toEqualTypeOf<ReactNode>()
expectTypeOf(SessionProvider).parameter(0).toHaveProperty('labels').toEqualTypeOf<SomeLabels | undefined>()
expectTypeOf(RequireSession).parameter(0).toHaveProperty('login').toEqualTypeOf<ReactNode>()
expectTypeOf(LABELS).toEqualTypeOf<Labels>()
expectTypeOf(nextPath).returns.toEqualTypeOf<string | null>()

// The pretended server and the conformance kit.
expectTypeOf(createMockBackend()).toEqualTypeOf<MockBackend>()
expectTypeOf<MockBackend['fetch']>().toExtend<typeof fetch>()
expectTypeOf(stillhereMock()).toEqualTypeOf<Plugin>()
expectTypeOf(checkBackend).returns.resolves.toEqualTypeOf<Report>()
