import { createLeases } from '../browser/lease.ts'
import { AuthError, SessionOverError } from '../core/errors.ts'
import { createSessionCore, type SessionCore } from '../core/session.ts'
import type { Answer, Backend, Call, Grant, Platform } from '../core/types.ts'
import type { Tab } from '../testing/world.ts'
import type { Departure, Stay, Page as Watched } from './facts.ts'
import type { TRAPS } from './history.ts'
import type { Ledger } from './ledger.ts'
import type { Stage } from './stage.ts'
import { ORIGIN, SYSTEMS } from './systems.ts'

/** A tab with a session in it, watched. */
export interface Page extends Watched {
  trap: (typeof TRAPS)[number] | null
  /** It has an answer that is not yet in the record. */
  hasAnswer: boolean
  readonly releases: (() => void)[]
  session: SessionCore
  stop(): void
  crash(): void
  request(): Promise<void>
}

const never = () => new Promise<never>(() => {})

export function openPage(stage: Stage, ledger: Ledger, tab: Tab, name: string, others: () => Page[]): Page {
  const { setup, chance, elapsed } = stage
  const system = SYSTEMS[setup.system]
  // IndexedDB gives up for a while after it has failed once.
  let brokenAt = -Infinity
  const releases: (() => void)[] = []

  const page: Page = {
    name,
    tab,
    gone: false,
    goneAt: Infinity,
    isMounted: true,
    trap: null,
    hasAnswer: false,
    carries: new Set<Stay>(),
    releases,
    stop: () => {},
    refreshing: null,
    refreshForwards: 0,
    askedAt: 0,
    heldSince: 0,
    awakeSince: elapsed(),
    delayedAt: -1,
    lastTask: 0,
    warnedAt: Infinity,
    shrunkAt: -Infinity,
    keptUntil: -1,
    left: null,
    leftAt: 0,
    others: () => others().filter((other) => other !== page),
    awakeFor: () => (page.gone || tab.isFrozen() ? 0 : elapsed() - page.awakeSince),
    isRecordWell: () => !tab.broken.record && elapsed() - brokenAt > 15_000,
    recordWellAt: (at: number) => !tab.broken.record && brokenAt < at - 15_000,
    crash(): void {
      ledger.unkept(page, page.session.getState())
      page.gone = true
      page.goneAt = elapsed()
      page.refreshing = null
      tab.crash()
    },
    session: null as unknown as SessionCore,
    request,
  }

  const task = () => {
    page.lastTask = elapsed()
  }
  const late = () => (stage.is.late ? chance.upTo(stage.is.late) : 0)
  const wakeAt: Platform['wakeAt'] = (time, wake) => tab.wakeAt(time + late(), wake)
  const leased = createLeases({ now: tab.now, wakeAt, id: tab.id, update: tab.update, isOver: () => page.gone })

  const noting = async (found: Promise<unknown>) => {
    const record = await found
    if (record === undefined) brokenAt = elapsed()
    return record
  }

  const platform: Platform = {
    ...tab,
    random: chance.next,
    wakeAt,
    onWake: (listener) =>
      tab.onWake(() => {
        task()
        listener()
      }),
    onActivity: (listener) =>
      tab.onActivity((strong) => {
        task()
        listener(strong)
      }),
    exclusive: (turn, patience, work) => {
      const begin = () => {
        if (page.trap !== 'turn') return work()
        page.crash()
        return never()
      }
      return setup.locks === 'web' ? tab.exclusive(turn, patience, begin) : leased(turn, patience, begin)
    },
    readRecord: () => noting(tab.readRecord()),
    updateRecord: (change) => {
      if (page.trap === 'write' && page.hasAnswer) {
        page.crash()
        return never()
      }
      page.hasAnswer = false
      return noting(tab.updateRecord(change))
    },
  }

  /** What comes from the network comes to a page that runs, or never. */
  function fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const { origin } = new URL(String(input instanceof Request ? input.url : input))
    if (origin !== ORIGIN) ledger.violate('I1', `${name} sends a request to ${origin}`)
    if (page.gone) return never()
    return new Promise((resolve, reject) => {
      stage.fetch(input, init).then(
        (response) => tab.arrive(() => resolve(response)),
        (error) => tab.arrive(() => reject(error)),
      )
    })
  }

  const departs = (): Departure => ({ at: elapsed(), forwards: ledger.forwards() })

  const plain = system.make(fetch) as Backend

  async function answered(answer: Answer): Promise<Answer> {
    page.hasAnswer = true
    if (page.trap === 'answer') {
      page.crash()
      return never()
    }
    return answer
  }

  const backend: Backend = {
    ...plain,
    async signIn(credentials, call) {
      page.askedAt = elapsed()
      const departure = departs()
      const answer = await plain.signIn(credentials, call)
      ledger.signedIn(page, credentials.username!, answer, departure)
      return answered(answer)
    },
    async refresh(grant: Grant, call: Call) {
      const departure = departs()
      ledger.departs(page, 'refresh', grant, null)
      const aborted = new Promise<void>((resolve) =>
        (call.signal as AbortSignal).addEventListener('abort', () => resolve()),
      )
      void aborted.then(() => ledger.refreshed(page, grant, null, departure))
      try {
        const answer = await plain.refresh!(grant, call)
        ledger.refreshed(page, grant, answer, departure)
        return answered(answer)
      } catch (error) {
        ledger.refreshed(page, grant, null, departure)
        // From here on the session lasts as long as the token it holds.
        if ((error as AuthError).kind === 'refused') page.shrunkAt = elapsed()
        throw error
      }
    },
    ...(plain.revoke && {
      async revoke(grant: Grant, call: Call) {
        try {
          await plain.revoke!(grant, call)
          ledger.revokes(grant, true)
        } catch (error) {
          ledger.revokes(grant, (error as AuthError).kind !== 'unreachable')
          throw error
        }
      },
    }),
  }

  /** A call to the protected API, sent once more after a refused token, as the session's own `fetch` does. */
  async function request(): Promise<void> {
    task()
    const { user } = page.session.getState()
    const expected = user && JSON.stringify(user)
    const send = (grant: Grant) => {
      if (page.gone) return never()
      ledger.departs(page, 'request', grant, expected)
      return fetch(ORIGIN + system.probe, { headers: backend.headers(grant) })
    }
    try {
      const first = await page.session.grant()
      const response = await send(first)
      if (!backend.refusesToken(response)) return
      ledger.hurried(ledger.stayOf(first)?.sessionId ?? undefined)
      await send(await page.session.grant(first))
    } catch (error) {
      const isExpected = error instanceof AuthError || error instanceof SessionOverError || error instanceof TypeError
      if (!isExpected) ledger.violate('sane', `${name}: a request fails: ${error}`)
    }
  }

  page.session = createSessionCore({
    backend,
    platform,
    name: 'app',
    handOver: setup.handOver,
    refreshEvery: setup.refreshEvery,
    warnBefore: setup.warnBefore,
    activityDuringWarning: setup.activityDuringWarning,
    idleTimeout: setup.idleTimeout,
    sessionLimit: setup.sessionLimit,
    log: (event) => ledger.told(page, event),
  })
  page.session.subscribe((state, before) => ledger.changed(page, state, before))
  return page
}
