import { createLeases } from '../browser/lease.ts'
import { AuthError, SessionOverError } from '../core/errors.ts'
import { createSessionCore } from '../core/session.ts'
import type { Answer, Backend, Call, Grant, Held, Platform } from '../core/types.ts'
import type { Tab } from '../testing/world.ts'
import type { TRAPS } from './history.ts'
import type { Ledger, Stay } from './ledger.ts'
import type { Stage } from './stage.ts'
import { ORIGIN, SYSTEMS } from './systems.ts'

export type Page = ReturnType<typeof openPage>

const never = () => new Promise<never>(() => {})

/** A tab with a session in it, watched. */
export function openPage(stage: Stage, ledger: Ledger, tab: Tab, name: string, others: () => Page[]) {
  const { setup, chance, elapsed } = stage
  const system = SYSTEMS[setup.system]
  const arrivals = new WeakMap<object, { readonly at: number; readonly forwards: number }>()
  const releases: (() => void)[] = []

  const page = {
    name,
    tab,
    gone: false,
    isMounted: true,
    trap: null as (typeof TRAPS)[number] | null,
    /** The page has an answer that is not yet in the record. */
    hasAnswer: false,
    /** The sign-ins whose tokens it has held. */
    carries: new Set<Stay>(),
    keeps: new Set<string>(),
    releases,
    stop: () => {},
    /** The session for which a refresh is under way. */
    refreshing: null as string | null,
    departedAt: 0,
    askedAt: 0,
    heldSince: 0,
    awakeSince: elapsed(),
    lastTask: 0,
    warnedAt: Infinity,
    shrunkAt: -Infinity,
    left: null as Held | null,
    leftAt: 0,
    brokenAt: -Infinity,
    others: () => others().filter((other) => other !== page),
    awakeFor: () => (page.gone || tab.isFrozen() ? 0 : elapsed() - page.awakeSince),
    isRecordWell: () => !tab.broken.record && elapsed() - page.brokenAt > 15_000,
    recordWellAt: (at: number) => !tab.broken.record && page.brokenAt < at - 15_000,
    arrives: (grant: Grant) => {
      if (!arrivals.has(grant)) arrivals.set(grant, { at: elapsed(), forwards: ledger.forwards() })
    },
    /** When the page got hold of it, at the latest. */
    arrivedAt: (grant: Grant) =>
      Math.min(arrivals.get(grant)?.at ?? Infinity, departures.get(grant.token) ?? Infinity, elapsed()),
    forwardsAt: (grant: Grant) => arrivals.get(grant)?.forwards ?? 0,
    crash(): void {
      page.gone = true
      page.refreshing = null
      tab.crash()
    },
    session: null as unknown as ReturnType<typeof createSessionCore>,
    request,
    fetch,
  }
  const departures = new WeakMap<object, number>()

  const task = () => {
    page.lastTask = elapsed()
  }
  const late = () => (stage.is.late ? chance.upTo(stage.is.late) : 0)
  const wakeAt: Platform['wakeAt'] = (time, wake) => tab.wakeAt(time + late(), wake)
  const leased = createLeases({ now: tab.now, wakeAt, id: tab.id, update: tab.update, isOver: () => page.gone })

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
    updateRecord: (change) => {
      if (page.trap === 'write' && page.hasAnswer) {
        page.crash()
        return never()
      }
      page.hasAnswer = false
      return tab.updateRecord(change)
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

  const plain = system.make(fetch) as Backend

  async function answered(answer: Answer): Promise<Answer> {
    departures.set(answer.token, page.departedAt)
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
      page.departedAt = elapsed()
      const answer = await plain.signIn(credentials, call)
      ledger.signedIn(page, credentials.username!, answer)
      return answered(answer)
    },
    async refresh(grant: Grant, call: Call) {
      page.departedAt = elapsed()
      ledger.departs(page, 'refresh', grant, null)
      const aborted = new Promise<void>((resolve) =>
        (call.signal as AbortSignal).addEventListener('abort', () => resolve()),
      )
      void aborted.then(() => ledger.refreshed(page, grant, null))
      try {
        const answer = await plain.refresh!(grant, call)
        ledger.refreshed(page, grant, answer)
        return answered(answer)
      } catch (error) {
        ledger.refreshed(page, grant, null)
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
      return page.fetch(ORIGIN + system.probe, { headers: backend.headers(grant) })
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
    log: (event) => {
      if (event === 'without-lock') ledger.wentLockless()
    },
  })
  page.session.subscribe((state, before) => ledger.changed(page, state, before))
  return page
}
