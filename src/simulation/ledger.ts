import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { SessionCore } from '../core/session.ts'
import type { Answer, Grant, Held, SessionState } from '../core/types.ts'
import type { Tab } from '../testing/world.ts'
import { S, type Stage } from './stage.ts'
import { SYSTEMS } from './systems.ts'

/** The invariants, by what they are called in a report. */
export const INVARIANTS = {
  I1: 'no request carries a token past its end, and none leaves for an origin that is not listed',
  I2: 'at most one refresh is in flight per session, and activity starts at most one in the time between refreshes',
  I3: 'no refresh without activity since the grant',
  I4: 'idle sign-out comes at the last activity plus the idle limit, neither later nor sooner',
  I5: 'after an end no tab holds a token, and nothing revives the session',
  I6: 'a person who is never away for long is neither warned nor signed out',
  I7: 'a stale tab neither ends nor overwrites a fresher session',
  I8: 'nothing of one user is shown to, or sent as, another',
  I9: 'every end with a live token attempts revocation until an answer or expiry',
  I10: 'a transient failure ends no session whose token is valid',
  I11: 'the warning is there in time, and no countdown is negative',
  I12: 'after dispose nothing is left',
  sane: 'nothing fails in a way that nobody expects',
} as const
export type Invariant = keyof typeof INVARIANTS

export interface Violation {
  readonly invariant: Invariant
  readonly what: string
  readonly at: number
}

/** One sign-in as the server knows it, and every token that came of it. */
export interface Stay {
  readonly username: string
  readonly tokens: string[]
  /** The user as first shown. */
  shown: string | null
  sessionId: string | null
  /** The server has answered a revocation. */
  isAnswered: boolean
  /** Killed by hand. */
  isKilled: boolean
}

/** A page, as far as the ledger looks at it. Moments are by the time that has passed. */
export interface Page {
  readonly name: string
  readonly tab: Tab
  readonly session: SessionCore
  gone: boolean
  /** When it went, and with it what it had not written yet. */
  goneAt: number
  isMounted: boolean
  /** The sign-ins whose tokens it has held. */
  readonly carries: Set<Stay>
  /** The session for which a refresh is under way. */
  refreshing: string | null
  departedAt: number
  departedForwards: number
  askedAt: number
  heldSince: number
  awakeSince: number
  /** When its timers were last held back by a sleep. */
  delayedAt: number
  /** When it last ran something that asks first whether all is over. */
  lastTask: number
  warnedAt: number
  /** When its deadline last came nearer. */
  shrunkAt: number
  /** Something keeps its session awake until then at the latest. */
  keptUntil: number
  left: Held | null
  leftAt: number
  others(): readonly Page[]
  awakeFor(): number
  isRecordWell(): boolean
  recordWellAt(at: number): boolean
}

/** One session of the browser, as it truly was. Moments are by the time that has passed. */
export interface Life {
  readonly id: string
  readonly stay: Stay
  readonly since: number
  /** No later than this was someone here. */
  active: number
  /** When someone was surely counted, and where. */
  readonly counted: { readonly at: number; readonly page: Page; readonly forwards: number }[]
  /** Every sign of someone, counted or not. */
  presence: number
  ended: { readonly at: number; readonly reason: string; readonly page: Page } | null
  /** When its end was in the record. */
  recordedAt: number
  lastRefresh: { readonly at: number; readonly page: Page; readonly forwards: number } | null
  /** Why a refresh may come sooner than activity would start it. */
  hurriedAt: number
  isForged: boolean
}

export type Ledger = ReturnType<typeof createLedger>

/** What truly happened, whatever the tabs believe; judges what they do. */
export function createLedger(stage: Stage) {
  let isDiligent = false
  const { setup, elapsed, world, server } = stage
  const violations: Violation[] = []
  const byToken = new Map<string, Stay>()
  const stays: Stay[] = []
  /** When the request for a token left. */
  const departures = new Map<string, { readonly at: number; readonly forwards: number }>()
  const lives = new Map<string, Life>()
  const transitions: Record<string, number> = {}
  const refusals: { page: Page; token: string; stay: Stay }[] = []
  let signInsDone = 0
  let signOuts = 0
  let forwards = 0
  let lockless = -Infinity
  const trail: string[] = []

  const token = Math.min(setup.ttl, SYSTEMS[setup.system].longest) * S
  const every = Math.min(setup.refreshEvery, token / 4)
  const idle = setup.idleTimeout ?? token - every
  const lead = Math.min(setup.warnBefore, idle / 2)
  const toAnswer = Math.min(20 * S, idle / 2)

  function violate(invariant: Invariant, what: string): void {
    violations.push({ invariant, what, at: elapsed() })
  }
  const note = (text: string) => trail.push(`${(elapsed() / S).toFixed(3).padStart(10)}  ${text}`)

  const stayOf = (grant: Answer): Stay | undefined => byToken.get(grant.token.reveal())
  const lifeOf = (id: string | undefined): Life | undefined => (id === undefined ? undefined : lives.get(id))
  const endOf = (text: string): number => {
    try {
      const exp = decodeJwt(text).exp ?? decodeProtectedHeader(text).exp
      return Number(exp ?? Infinity) * S
    } catch {
      return Infinity
    }
  }

  function learn(page: Page, stay: Stay, answer: Answer): void {
    departures.set(answer.token.reveal(), { at: page.departedAt, forwards: page.departedForwards })
    for (const secret of [answer.token, answer.refreshToken]) {
      if (!secret) continue
      byToken.set(secret.reveal(), stay)
      stay.tokens.push(secret.reveal())
    }
  }

  /** A grant is held by a page: whose is it? */
  function checkOwner(page: Page, state: SessionState): void {
    const { session, user } = state
    const stay = session && stayOf(session.grant)
    if (!session || !stay) return
    const shown = JSON.stringify(user)
    stay.shown ??= shown
    stay.sessionId ??= session.id
    if (stay.shown !== shown) violate('I8', `${page.name} shows ${shown} with a token of ${stay.shown}`)
    if (stay.sessionId !== session.id) violate('I8', `${page.name} holds one stay's token in another's session`)
  }

  function enters(page: Page, { id, grant }: Held, { veiled }: SessionState): void {
    const stay = stayOf(grant)
    if (!stay) return
    if (!lives.has(id)) {
      lives.set(id, {
        id,
        stay,
        since: page.askedAt,
        active: page.askedAt,
        presence: page.askedAt,
        counted: [],
        ended: null,
        recordedAt: Infinity,
        lastRefresh: null,
        hurriedAt: -Infinity,
        isForged: false,
      })
    }
    const life = lives.get(id)!
    if (
      life.ended &&
      !veiled &&
      !life.isForged &&
      isRecordWell(5 * S) &&
      page.tab.visible() &&
      elapsed() - life.recordedAt > 3 * S
    )
      violate('I5', `${page.name} takes up a session that has ended`)
    page.heldSince = elapsed()
  }

  const keeps = (life: Life) => (page: Page) =>
    !page.gone && page.session.getState().session?.id === life.id && elapsed() < page.keptUntil
  /** No later than this was someone here, or something in their place. */
  const activeOf = (life: Life, pages: readonly Page[]) =>
    Math.max(
      life.active,
      ...pages
        .filter((page) => page.session.getState().session?.id === life.id)
        .map(({ keptUntil }) => Math.min(keptUntil, elapsed())),
    )

  /** Whether all tabs have a record of theirs to go by. */
  const isShared = () => (world.record as { v?: number } | null | undefined)?.v === 1

  const isRecordWell = (ms: number) => isShared() && stage.isWell('record', ms)
  const feltSince = (moment: number, forwardsThen: number) => elapsed() - moment + (forwards - forwardsThen)

  function ends(page: Page, id: string, grant: Grant, state: SessionState): void {
    const life = lifeOf(id)
    if (!life) return
    const { reason, endedHere } = state
    page.carries.add(life.stay)
    if (!endedHere) return
    note(`${page.name} ends ${id}: ${reason}`)
    life.ended ??= { at: elapsed(), reason: String(reason), page }
    if (life.isForged) return

    const text = grant.token.reveal()
    if (reason === 'idle') {
      for (const { at, page: where, forwards: then } of life.counted) {
        const isKnown =
          where === page ||
          (where.goneAt > at + 3 * S &&
            isRecordWell(elapsed() - at + 3 * S) &&
            at < elapsed() - 3 * S &&
            where.recordWellAt(at))
        if (isKnown && feltSince(at, then) < idle - 2 * S && page.recordWellAt(at))
          violate(
            'I4',
            `${page.name} ends as idle ${feltSince(at, then) / S} s after someone was here in ${where.name}`,
          )
      }
    } else if (reason === 'expired') {
      // A life is counted from the departure of the request, for which the server has but begun it later.
      const { at: departed = 0, forwards: then = 0 } = departures.get(text) ?? {}
      const left = Math.min(endOf(text) - world.trueNow(), departed + token - elapsed()) - (forwards - then)
      const isLater = feltSince(life.since, life.counted[0]?.forwards ?? 0) < 0
      if (left > 3 * S && !isLater) violate('I10', `${page.name} ends as expired with ${left / S} s left`)
    } else if (reason === 'limit') {
      const lasted = elapsed() - life.since + forwards
      const longest = setup.sessionLimit ?? 86_400 * S - 2 * token
      if (lasted < longest - 2 * S) violate('I4', `${page.name} ends by its limit after ${lasted / S} s`)
    } else if (reason === 'refused') {
      refusals.push({ page, token: text, stay: life.stay })
    } else if (reason === 'user') {
      if (!signOuts) violate('sane', `${page.name} was signed out by nobody`)
    } else if (reason === 'replaced') {
      if (signInsDone < 2) violate('sane', `${page.name} was replaced by nobody`)
    }

    const isTimed = reason === 'idle' || reason === 'limit' || reason === 'expired'
    const leftAt = page.leftAt
    const isWatching =
      isTimed &&
      page.tab.visible() &&
      Math.max(page.heldSince, page.awakeSince, page.shrunkAt) <= leftAt - toAnswer - 8 * S &&
      stage.isWell('late', 70 * S)
    if (isWatching && !(page.warnedAt <= leftAt - toAnswer + 2 * S))
      violate('I11', `${page.name} was warned ${(leftAt - page.warnedAt) / S} s before the end (${reason})`)
  }

  return {
    violations,
    trail,
    transitions,
    lives,
    stays,
    every,
    idle,
    lead,
    note,
    violate,
    lifeOf,
    stayOf,
    forwards: () => forwards,
    /** Whether the person is never away for long from here on. */
    expectDiligence: (is: boolean) => {
      isDiligent = is
    },
    jumped(by: number): void {
      forwards += Math.max(0, by)
    },
    signOut: () => {
      signOuts++
    },
    /** A refresh went on without its turn, which is allowed then. */
    wentLockless: () => {
      lockless = elapsed()
    },
    killAll(): void {
      for (const stay of stays) stay.isKilled = true
    },

    signedIn(page: Page, username: string, answer: Answer): void {
      signInsDone++
      // An answer that took longer than its token lives counts as dead.
      const isKilled = elapsed() - page.departedAt >= token
      const stay = { username, tokens: [], shown: null, sessionId: null, isAnswered: isKilled, isKilled }
      stays.push(stay)
      learn(page, stay, answer)
      page.carries.add(stay)
    },

    /** A call leaves with a token on. */
    departs(page: Page, what: 'refresh' | 'request', grant: Grant, expected: string | null): void {
      const text = what === 'refresh' ? (grant.refreshToken ?? grant.token).reveal() : grant.token.reveal()
      const stay = stayOf(grant)
      const life = lifeOf(stay?.sessionId ?? undefined)
      // What was stored by a clock that has been set back since, the server has to confirm.
      const isUnconfirmed = what === 'refresh' && page.session.getState().status === 'restoring'
      if (endOf(text) <= world.trueNow() && !isUnconfirmed)
        violate('I1', `${page.name}: a ${what} leaves with a token that has ended`)
      if (stay && expected !== null && stay.shown !== expected)
        violate('I8', `${page.name}: a request made as ${expected} leaves as ${stay.shown}`)
      if (!life) return
      const { ended } = life
      if (
        ended &&
        what === 'request' &&
        isRecordWell(5 * S) &&
        page.isRecordWell() &&
        elapsed() - life.recordedAt > 3 * S &&
        page.tab.visible()
      )
        violate('I5', `${page.name}: a request leaves ${(elapsed() - ended.at) / S} s after the end`)
      if (what !== 'refresh') return

      note(`${page.name} refreshes generation ${page.session.getState().session?.generation} of ${life.id}`)
      const departed = departures.get(grant.token.reveal())?.at ?? 0
      const isHurried = life.hurriedAt >= departed
      const isAhead = setup.idleTimeout !== null && elapsed() < life.active + idle
      const isKept = [page, ...page.others()].some(keeps(life))
      if (!(isUnconfirmed || life.presence > departed || isHurried || isAhead || isKept || life.isForged))
        violate('I3', `${page.name} refreshes, and nobody was here since the grant`)

      const last = life.lastRefresh
      const isFair = isRecordWell(15 * S) && page.isRecordWell() && elapsed() - lockless > 30 * S && !life.isForged
      if (last && isFair && last.page.isRecordWell()) {
        const holder = last.page
        const canHandOver =
          setup.handOver &&
          !holder.gone &&
          holder.isMounted &&
          holder.awakeFor() > 5 * S &&
          stage.isWell('messages', 5 * S)
        const isMine = holder === page
        const isShort = feltSince(last.at, last.forwards) < every - 2 * S
        if ((isMine || canHandOver) && isShort && !isHurried && life.hurriedAt < last.at - 15 * S)
          violate('I2', `${page.name} refreshes ${(elapsed() - last.at) / S} s after ${holder.name} did`)
      }
      const others = page
        .others()
        .filter((other) => other.refreshing === life.id && !other.gone && !other.tab.isFrozen())
      if (others.length && isFair && stage.isWell('late', 70 * S))
        violate('I2', `${page.name} refreshes while ${others.map(({ name }) => name)} does`)
      page.refreshing = life.id
    },

    refreshed(page: Page, grant: Grant, answer: Answer | null): void {
      page.refreshing = null
      const stay = stayOf(grant)
      if (!stay) return
      const life = lifeOf(stay.sessionId ?? undefined)
      if (answer) {
        learn(page, stay, answer)
        page.carries.add(stay)
        if (life) life.lastRefresh = { at: page.departedAt, page, forwards: page.departedForwards }
      } else if (life) life.hurriedAt = elapsed()
    },

    revokes(grant: Grant, isAnswered: boolean): void {
      const stay = stayOf(grant)
      if (stay && isAnswered) stay.isAnswered = true
    },

    /** Someone is here, in a page that shows this state just now. */
    pressed(page: Page, strong: boolean): void {
      const { session, status } = page.session.getState()
      const life = lifeOf(session?.id)
      if (!life) return
      life.presence = elapsed()
      const counts = status === 'active' || (status === 'warning' && strong && setup.activityDuringWarning === 'extend')
      if (counts && elapsed() < life.active + idle + S) life.active = elapsed()
    },
    /** What the page made of it. */
    hasPressed(page: Page, before: SessionState): void {
      const { session, status } = page.session.getState()
      const life = lifeOf(session?.id)
      if (life && before.session?.id === session?.id && before.status === 'active' && status === 'active')
        life.counted.push({ at: elapsed(), page, forwards })
    },
    /** Someone asks to stay, or says so by a program. */
    vouched(id: string | undefined, isHurry: boolean): void {
      const life = lifeOf(id)
      if (!life) return
      life.presence = elapsed()
      if (elapsed() < life.active + idle + S) life.active = elapsed()
      if (isHurry) life.hurriedAt = elapsed()
    },
    /** For a while a session may be renewed sooner than activity would. */
    hurried(id: string | undefined): void {
      const life = lifeOf(id)
      if (life) life.hurriedAt = elapsed()
    },

    /** Nothing keeps that page's session awake from here on. */
    unkept(page: Page, state: SessionState): void {
      const life = lifeOf(state.session?.id)
      if (!life || page.keptUntil < 0) return
      life.presence = life.active = Math.max(life.active, Math.min(elapsed(), page.keptUntil))
      page.keptUntil = -1
    },

    changed(page: Page, state: SessionState, before: SessionState): void {
      if (!state.keptAwakeBy.length) this.unkept(page, before)
      if (state.status !== before.status) {
        const name = `${before.status} → ${state.status}${state.status === 'signed-out' && state.reason ? ` (${state.reason})` : ''}`
        transitions[name] = (transitions[name] ?? 0) + 1
        note(`${page.name}: ${name}`)
      }
      checkOwner(page, state)
      const [was, is] = [before.session, state.session]
      if (was && was.id !== is?.id) {
        page.left = was
        page.leftAt = elapsed()
      }
      if (is && is.id !== was?.id) enters(page, is, state)
      if (is && was?.id === is.id && state.deadline! < before.deadline! - S) page.shrunkAt = elapsed()
      if (state.status === 'warning' && before.status !== 'warning') page.warnedAt = elapsed()
      if (state.status === 'active') page.warnedAt = Infinity
      if (state.status === 'signed-out' && before.status !== 'signed-out' && page.left) {
        const { id, grant } = page.left
        if (state.reason) ends(page, id, grant, state)
        page.left = null
      }
      if (isDiligent && state.status === 'warning') violate('I6', `${page.name} is warned`)
      if (
        isDiligent &&
        state.endedHere &&
        state.reason !== 'user' &&
        state.reason !== 'replaced' &&
        before.reason === null
      )
        violate('I6', `${page.name} is signed out: ${state.reason}`)
    },

    /** The record was written. */
    recorded(before: unknown, after: unknown): void {
      const [was, is] = [before, after] as ({
        v?: number
        epoch?: number
        generation?: number
        sessionId?: string
        endedReason?: string
      } | null)[]
      if (is?.v === 1 && (is.epoch !== was?.epoch || is.generation !== was?.generation))
        note(`the record: epoch ${is.epoch}, ${is.sessionId}/${is.generation} ${is.endedReason ?? 'lives'}`)
      if (was?.v !== 1 || is?.v !== 1 || typeof was.epoch !== 'number') return
      const isOlder = is.epoch! < was.epoch || (is.epoch === was.epoch && is.generation! < was.generation!)
      const over = is.endedReason ? lifeOf(is.sessionId) : undefined
      if (over) over.recordedAt = Math.min(over.recordedAt, elapsed())
      if (isOlder)
        violate('I7', `the record goes from ${was.epoch}/${was.generation} back to ${is.epoch}/${is.generation}`)
      if (is.epoch === was.epoch && (is.sessionId !== was.sessionId || is.endedReason !== was.endedReason))
        violate('I7', 'the record changes its session without an epoch')
    },

    /** Looks at every page, once all has come to rest. */
    async check(pages: readonly Page[]): Promise<void> {
      for (const page of pages) {
        if (page.gone || page.tab.isFrozen() || !page.isMounted) continue
        const { session, status, deadline } = page.session.getState()
        for (const error of page.tab.errors.splice(0)) violate('sane', `${page.name} reports ${error}`)
        const life = lifeOf(session?.id)
        if (!session || !life || (status !== 'active' && status !== 'warning')) continue
        const due = activeOf(life, pages) + idle
        const hasLooked = page.tab.visible() && page.awakeFor() > 12 * S
        const isDelayed = page.lastTask <= page.delayedAt
        const isAwake = hasLooked || (page.awakeSince <= due && !isDelayed)
        const hasRung = isAwake && elapsed() >= due + S + 500 && stage.isWell('late', 70 * S)
        if (!life.isForged && (hasRung || page.lastTask >= due + S))
          violate('I4', `${page.name} still holds the session ${(elapsed() - due) / S} s after its idle end`)
        if (deadline !== null && hasRung && deadline < world.now() - S)
          violate('I11', `${page.name} counts down to ${(deadline - world.now()) / S} s`)
        const { ended } = life
        if (ended) {
          const by = elapsed() - ended.at
          const isTold =
            !ended.page.gone &&
            stage.isWell('messages', by + 2 * S) &&
            !page.tab.broken.channel &&
            page.awakeFor() > by + S &&
            by > 2 * S
          const hasLooked =
            page.tab.visible() &&
            isRecordWell(14 * S) &&
            page.isRecordWell() &&
            page.awakeFor() > 14 * S &&
            elapsed() - life.recordedAt > 14 * S &&
            stage.isWell('late', 70 * S)
          if (isTold || hasLooked)
            violate('I5', `${page.name} holds the session ${by / S} s after its end (${ended.reason})`)
        }
      }
      for (const { page, token: text, stay } of refusals.splice(0)) {
        if (!stay.isKilled && (await world.perform(() => server.isLive(text))))
          violate('I10', `${page.name} ends as refused, and the server still honours its token`)
      }
    },

    /** All is well again for long: what should be dead is dead. */
    async reconcile(pages: readonly Page[], canRevoke: boolean): Promise<void> {
      const living = pages.filter(({ gone, isMounted }) => !gone && isMounted)
      const held = new Set(living.map(({ session }) => session.getState().session?.id))
      if (isShared() && held.size > 1 + Number(held.has(undefined)))
        violate('I7', `the tabs hold different sessions: ${[...held]}`)
      for (const stay of stays) {
        const life = lifeOf(stay.sessionId ?? undefined)
        // By a clock set forwards the token is dead already.
        const isOver = forwards === 0 && (!stay.sessionId || (life?.ended && !held.has(stay.sessionId)))
        const carrier = living.find(({ carries }) => carries.has(stay))
        if (!canRevoke || !isOver || !carrier || stay.isAnswered) continue
        for (const text of stay.tokens) {
          if (!(await world.perform(() => server.isLive(text)))) continue
          violate('I9', `the server still honours a token of ${stay.sessionId}, and ${carrier.name} lives`)
          break
        }
      }
    },
  }
}
