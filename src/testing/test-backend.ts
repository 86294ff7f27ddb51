import { AuthError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import type { Answer, Backend, Credentials, Grant, User } from '../core/types.ts'
import type { World } from './world.ts'

/** Who is signed in, in a test. */
export interface TestPerson {
  /** The name to show, and the server's key for this person, which is the name where it is left out. */
  readonly user?: { readonly name: string; readonly key?: string | null }
  readonly roles?: readonly string[]
  /** The token's own claims. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** Somebody who may sign in, in a test. */
export interface TestAccount extends TestPerson {
  readonly username: string
  readonly password: string
}

export interface TestBackendOptions {
  /** Life of a token in ms: 30 minutes by default. */
  readonly tokenLife: number
  /** Who may sign in; anybody, with any password, where it is left out. */
  readonly accounts?: readonly TestAccount[] | undefined
  /** Who signs in by this name without being listed. */
  readonly person: TestPerson
}

export type TestBackend = ReturnType<typeof createTestBackend>

/** What the server of a world knows, whichever tab asks. */
export const createTestServer = () => ({ tokens: 0, ended: new Set<string>() })

/** The answer's part that is about a person. */
export const answerOf = ({
  user,
  roles = [],
  claims = {},
}: TestPerson): Pick<Answer, 'roles' | 'claims'> & { user: User } => {
  const { name, key = name } = user ?? { name: 'Test user' }
  return { user: { name, key }, roles, claims }
}

/** Who an account belongs to: somebody of its user name, unless it says more. */
export const personOf = ({
  username,
  user = { name: username },
  roles = [],
  claims = {},
}: TestAccount): TestPerson => ({
  user,
  roles,
  claims,
})

/** A server without a wire, which knows who is signed in: its tokens renew themselves, and can be refused. */
export function createTestBackend(
  world: World,
  server: ReturnType<typeof createTestServer>,
  { tokenLife, accounts, person }: TestBackendOptions,
) {
  const { ended } = server
  let next: TestPerson | null = null
  let held: Promise<TestPerson> | null = null

  const reach = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await world.reach(async () => work())
    } catch (error) {
      throw error instanceof AuthError
        ? error
        : new AuthError('unreachable', 'Test: the network is down', { cause: error })
    }
  }
  const no = (message: string) => new AuthError('refused', `Test: ${message}`, { status: 401 })
  const check = ({ token }: Grant) => {
    if (ended.has(token.reveal())) throw no('the server has ended this session')
  }

  const answer = (departedAt: number): Pick<Answer, 'token' | 'expiresAt'> => ({
    token: new Secret(`test-token-${++server.tokens}`),
    expiresAt: departedAt + tokenLife,
  })

  function whoIs({ username = '', password = '' }: Credentials): TestPerson {
    const { user } = answerOf(person)
    if (!accounts) return username === user.name || username === user.key ? person : { user: { name: username } }
    const found = accounts.find((account) => account.username === username && account.password === password)
    if (!found) throw no('no account has this user name and this password')
    return personOf(found)
  }

  const backend: Backend = {
    system: 'Test',
    baseUrl: '/',
    renewsWith: 'token',
    revokesWith: 'token',
    signIn: (credentials, { departedAt }) =>
      reach(async () => {
        const gate = held
        held = null
        const who = (await gate) ?? next ?? whoIs(credentials)
        return { ...answer(departedAt), ...answerOf(who) }
      }),
    refresh: (grant, { departedAt }) =>
      reach(() => {
        check(grant)
        return answer(departedAt)
      }),
    revoke: (grant) => reach(() => void ended.add(grant.token.reveal())),
    headers: ({ token }) => ({ authorization: `Bearer ${token.reveal()}` }),
    refusesToken: ({ status }) => status === 401,
  }

  return {
    backend,
    answer,
    /** From here on the server refuses this token. */
    end: ({ token }: Grant): void => void ended.add(token.reveal()),
    /** The next one who signs in has to wait for the returned function, which says who it is. */
    hold(): (who: TestPerson) => void {
      let release = (_: TestPerson) => {}
      held = new Promise<TestPerson>((resolve) => {
        release = resolve
      })
      return (who) => release(who)
    },
    /** Whoever signs in meanwhile is this person, whatever was typed. */
    async as<T>(who: TestPerson, work: () => Promise<T>): Promise<T> {
      next = who
      try {
        return await work()
      } finally {
        next = null
      }
    },
  }
}
