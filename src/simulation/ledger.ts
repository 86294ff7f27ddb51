import type { SessionEvent } from '../core/events.ts'
import type { Answer, Grant, Held, SessionState } from '../core/types.ts'
import { judgeDeparture } from './departures.ts'
import { judgeEnd } from './ends.ts'
import type { Departure, Page, Refusal } from './facts.ts'
import { judgePage, judgeRecord, judgeRefusals, reconcile } from './looks.ts'
import { S, type Stage } from './stage.ts'
import { createTruth } from './truth.ts'

export type Ledger = ReturnType<typeof createLedger>

/** Writes down what happens as it happens, and has each judged by what is true. */
export function createLedger(stage: Stage) {
  const truth = createTruth(stage)
  const {
    counts,
    every,
    idle,
    isRecordWell,
    lead,
    learn,
    lifeOf,
    lives,
    note,
    secrets,
    stayOf,
    stays,
    token,
    trail,
    violate,
    violations,
  } = truth
  const { setup, elapsed } = stage
  const transitions: Record<string, number> = {}
  const refusals: Refusal[] = []
  let isDiligent = false

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
    if (life.ended?.page === page && !life.isForged) violate('I5', `${page.name} takes up again what it has ended`)
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
    forwards: () => counts.forwards,
    /** Whether the person is never away for long from here on. */
    expectDiligence: (is: boolean) => {
      isDiligent = is
    },
    jumped(by: number): void {
      counts.forwards += Math.max(0, by)
    },
    signOut: () => {
      counts.signOuts++
    },
    /** A page tells what happened: never a secret; and that a refresh went on without its turn, which is allowed then. */
    told(page: Page, event: SessionEvent): void {
      const text = JSON.stringify(event)
      if ([...secrets].some((secret) => text.includes(secret)))
        violate('I1', `${page.name} tells a secret: ${event.type}`)
      if (event.type === 'without-lock') counts.locklessAt = elapsed()
    },
    killAll(): void {
      for (const stay of stays) stay.isKilled = true
    },

    signedIn(page: Page, username: string, answer: Answer, departure: Departure): void {
      counts.signIns++
      // An answer that took longer than its token lives counts as dead.
      const isKilled = elapsed() - departure.at >= token
      const stay = { username, tokens: [], shown: null, sessionId: null, isAnswered: isKilled, isKilled }
      stays.push(stay)
      learn(departure, stay, answer)
      page.carries.add(stay)
    },

    /** A call leaves with a token on, as the user that was shown when it was made. */
    departs: (page: Page, what: 'refresh' | 'request', grant: Grant, expected: string | null): void =>
      judgeDeparture(truth, page, what, grant, expected),

    refreshed(page: Page, grant: Grant, answer: Answer | null, departure: Departure): void {
      page.refreshing = null
      const stay = stayOf(grant)
      if (!stay) return
      const life = lifeOf(stay.sessionId)
      if (answer) {
        learn(departure, stay, answer)
        page.carries.add(stay)
        if (life) life.lastRefresh = { ...departure, page }
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
        life.counted.push({ at: elapsed(), page, forwards: counts.forwards })
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
        if (state.reason) judgeEnd(truth, page, id, grant, state, (refusal) => refusals.push(refusal))
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
      const [old, young] = [lifeOf(is.sessionId), lifeOf(was.sessionId)]
      if (old && young && is.sessionId !== was.sessionId && old.since < young.since && !old.isForged)
        violate('I7', `an older session, ${is.sessionId}, takes the place of ${was.sessionId} in the record`)
      if (is.epoch === was.epoch && (is.sessionId !== was.sessionId || is.endedReason !== was.endedReason))
        violate('I7', 'the record changes its session without an epoch')
    },

    /** Looks at every page, once all has come to rest. */
    async check(pages: readonly Page[]): Promise<void> {
      for (const page of pages) judgePage(truth, page, pages)
      judgeRecord(truth)
      await judgeRefusals(truth, refusals.splice(0))
    },
    /** All has been well for long. */
    reconcile: (pages: readonly Page[], canRevoke: boolean): Promise<void> => reconcile(truth, pages, canRevoke),
  }
}
