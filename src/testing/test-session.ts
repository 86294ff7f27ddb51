import { createAuthorize } from '../browser/authorize.ts'
import { toPolicy } from '../core/policy.ts'
import { pack } from '../core/secret.ts'
import { createSessionCore } from '../core/session.ts'
import { APP, beginningOf, enter } from './beginning.ts'
import { createControls } from './controls.ts'
import { base, createTestFetch } from './request.ts'
import { createTestBackend, type createTestServer, personOf, type TestPerson } from './test-backend.ts'
import type { TestSession, TestSessionManager, TestTabOptions, TestWorld } from './types.ts'
import type { World } from './world.ts'

const MINUTE = 60_000

/** What the tabs of a test's world work with. */
export interface Ground {
  readonly world: World
  readonly server: ReturnType<typeof createTestServer>
  readonly outside: TestWorld
  /** The ways to tell tabs that the network is back. */
  readonly onlines: Set<() => void>
  /** Does something, and lets it come to rest, within `act`. */
  run(work: () => unknown): Promise<void>
  nextId(): string
}

/** What only the built-in server can do. */
function check({ backend, status, reason, ...options }: TestTabOptions): void {
  const own = (['user', 'roles', 'claims', 'endsIn', 'accounts', 'tokenLife'] as const).find((name) => options[name])
  const named = own ?? (status && 'status') ?? (reason && 'reason')
  if (backend && named)
    throw new TypeError(`${named} is for the built-in server. With a backend of your own: await session.signIn({ … })`)
  if (reason && status && status !== 'signed-out')
    throw new TypeError(`reason says why a session ended: it does not go with the status ${JSON.stringify(status)}`)
}

/** Opens a tab; throws a `TypeError` or a `RangeError` that names the option. */
export function openTab(ground: Ground, options: TestTabOptions, reloaded?: { stored: string | null }): TestSession {
  check(options)
  const { world, server, onlines } = ground
  const { user, roles, claims, status, reason, endsIn, accounts, tokenLife = 30 * MINUTE, ...rest } = options
  const { fetch, origins = [], storage = 'session', ...core } = rest
  const first = accounts?.[0]
  const who: TestPerson = first && !user ? personOf(first) : JSON.parse(JSON.stringify({ user, roles, claims }))
  const own = createTestBackend(world, server, { tokenLife, accounts, person: who })
  const { backend = own.backend } = core
  const policy = toPolicy(core, backend)
  const tab = world.openTab({ storage: reloaded?.stored ?? null })
  const waits = status === 'restoring' && !reloaded ? createWait() : null
  const enterAs = (as: TestPerson, departedAt = world.now()) => enter(world, ground.nextId(), own, as, departedAt)
  const enterAt = (departedAt: number) => enterAs(who, departedAt)
  const isNew =
    !reloaded && !waits && [user, roles, claims, status, reason, endsIn].some((option) => option !== undefined)
  const begin = isNew ? beginningOf({ ...options, ...who }, policy, tokenLife, enterAt, world.now()) : undefined

  const manager = createSessionCore({
    handOver: storage !== 'memory',
    ...core,
    backend,
    begin,
    name: APP,
    platform: waits ? { ...tab, load: () => waits.text } : tab,
  })
  const { grant } = manager
  const { authorize } = createAuthorize({ backend, origins, grant, base })
  const session: TestSessionManager = {
    ...manager,
    setPolicy(changes) {
      manager.setPolicy(changes)
      // The controls go by what holds now.
      Object.assign(policy, toPolicy(core, backend, changes))
    },
    authorize,
    fetch: createTestFetch(authorize, fetch),
    parking: { current: null },
  }
  session.start()
  const { session: held } = session.getState()
  if (held)
    tab.post({ v: 1, app: APP, kind: 'session', sessionId: held.id, epoch: held.epoch, generation: held.generation })
  const answerSignIn = status === 'signing-in' && !reloaded ? startSignIn() : null
  onlines.add(tab.online)

  function startSignIn() {
    const release = own.hold()
    session.signIn({ username: '' }).catch(() => {})
    return release
  }

  async function become(next: TestPerson | null): Promise<void> {
    if (core.backend)
      throw new TypeError('become() is of the built-in server: await session.signIn({ … }), or session.signOut()')
    const { status } = session.getState()
    if (status === 'restoring' && waits) {
      const held = next && enterAs(next)
      waits.tell(held && pack({ v: 1, held, lastActive: held.signedInAt, savedAt: held.signedInAt }))
    } else if (!next) {
      if (status === 'signing-in') session.abandonSignIn()
      session.signOut()
    } else if (status === 'signing-in' && answerSignIn) answerSignIn(next)
    else {
      const signedIn = own.as(next, () => session.signIn({ username: next.user?.name ?? '' }))
      // On a slow network it comes as time passes.
      await Promise.race([signedIn, world.settle()])
    }
  }

  const shut = () => {
    onlines.delete(tab.online)
    tab.crash()
  }
  const { outside, run } = ground
  return {
    session,
    world: outside,
    advance: outside.advance,
    settle: outside.settle,
    ...createControls({ world, session, run, policy, ...(!core.backend && { server: own }) }),
    become: (next) => run(() => become(next)),
    press: () => run(() => tab.press()),
    hide: () => run(tab.hide),
    show: () => run(tab.show),
    freeze: () => run(tab.freeze),
    thaw: () => run(tab.thaw),
    async reload() {
      await run(() => {
        // A page that goes away is told so first.
        tab.freeze()
        shut()
      })
      let next: TestSession | undefined
      await run(() => {
        next = openTab(ground, options, { stored: storage === 'memory' ? null : tab.stored() })
      })
      return next!
    },
    close: () =>
      run(() => {
        session.dispose()
        shut()
      }),
  }
}

/** A storage that answers when it is told to. */
function createWait() {
  let tell = (_: string | null) => {}
  const text = new Promise<string | null>((resolve) => {
    tell = resolve
  })
  return { text, tell: (answer: string | null) => tell(answer) }
}
